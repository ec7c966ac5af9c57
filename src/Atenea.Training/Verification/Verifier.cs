using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training;

/// <summary>
/// Compares this engine with reference dumps of PyTorch and transformers: folders with a model, its inputs and what the reference computed
/// from them
/// (hidden states, attention, logits, loss, the gradient of every parameter), or with a short training run.
/// </summary>
/// <example><code>
/// using var backend = Backend.Create();
/// VerificationReport report = Verifier.Run(["goldens/models/bert-seq-cls"], backend);
/// Console.Write(report.ToText());
/// </code></example>
public static class Verifier
{
    /// <summary>
    /// Runs cases. A case that cannot be run (its family or head is not built) is reported as such and does not end the others.
    /// </summary>
    /// <param name="paths">Case folders, or folders that hold them; among several, files are passed over.</param>
    /// <param name="backend">The threads to run on.</param>
    /// <param name="finished">Told after each case, for progress; null for nobody.</param>
    /// <exception cref="AteneaException">A path is no folder (ATN0401), or neither is nor holds a case (ATN0508).</exception>
    public static VerificationReport Run(IReadOnlyList<string> paths, Backend backend, Action<CaseReport>? finished = null)
    {
        var reports = new List<CaseReport>();
        foreach (string folder in CaseFolder.Find(paths))
        {
            CaseReport report;
            try
            {
                report = RunCase(folder, backend);
            }
            catch (AteneaException failure)
            {
                report = new CaseReport(NameOf(folder), folder, null, [], [], failure);
            }

            reports.Add(report);
            finished?.Invoke(report);
        }

        return new VerificationReport(reports);
    }

    /// <summary>Runs one case.</summary>
    /// <param name="folder">The case's folder.</param>
    /// <param name="backend">The threads to run on.</param>
    /// <exception cref="AteneaException">The case cannot be run: ATN0508 (files), ATN0509 (class not built), or what loading its model
    /// says.</exception>
    public static CaseReport RunCase(string folder, Backend backend)
    {
        if (CaseFolder.IsTrace(folder)) return TrainingTraceCase.Run(folder, backend);
        if (CaseFolder.IsForward(folder)) return ForwardCase.Run(folder, backend);
        throw new AteneaException(Catalogue.VerificationCaseInvalid, $"neither {CaseFolder.Tensors} nor {CaseFolder.Trace} is there",
            folder);
    }

    /// <summary>A folder's last name.</summary>
    internal static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    /// <summary>The task of the class that a case tests.</summary>
    /// <param name="config">The case's configuration.</param>
    /// <param name="className">The class that the case names; null for the configuration's first architecture.</param>
    /// <exception cref="AteneaException">No class is named (ATN0508), or its family or head is not built (ATN0509).</exception>
    internal static ModelTask TaskOf(ModelConfig config, string? className)
    {
        string name = className ?? (config.Architectures is [string first, ..]
            ? first
            : throw new AteneaException(Catalogue.VerificationCaseInvalid, "neither case.json nor config.json names the model's class",
                config.Source));
        try
        {
            return ModelTask.Of(config, name);
        }
        catch (AteneaException unknown) when (unknown.Code == Catalogue.UnknownModelType)
        {
            throw new AteneaException(Catalogue.ModelClassUnsupported, name, unknown.Where, unknown.Remedy, unknown);
        }
    }
}
