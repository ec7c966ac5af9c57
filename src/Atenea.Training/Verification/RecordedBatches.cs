using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;

namespace Atenea.Training;

/// <summary>The micro-batches of a reference run, by their numbers.</summary>
internal sealed class RecordedBatches : BatchSource, IDisposable
{
    private readonly SafeTensorsFile _file;
    private readonly TaskModel _model;

    /// <summary>Opens the file of the batches.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">Says which labels it needs; stays the caller's.</param>
    /// <exception cref="AteneaException">The file is missing or damaged (ATN04xx).</exception>
    public RecordedBatches(string path, TaskModel model) => (_file, _model) = (SafeTensorsFile.Open(path), model);

    /// <inheritdoc/>
    /// <exception cref="AteneaException">The batch or its labels are not there (ATN04xx, ATN0508).</exception>
    public override int Fill(int epoch, int micro, InputBatch batch, ModelLabels labels)
    {
        string prefix = Name(micro);
        PaddedInput input = PaddedInput.Read(_file, prefix, batch);
        if (!CaseLabels.Read(_file, prefix + ".", input, _model, labels))
            throw new AteneaException(Catalogue.VerificationCaseInvalid, $"{prefix} lacks labels", _file.Path);
        return input.Sequences;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Places(int epoch, int micro) => [$"{_file.Path}: {Name(micro)}"];

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string Name(int micro) => $"batch.{micro}";
}
