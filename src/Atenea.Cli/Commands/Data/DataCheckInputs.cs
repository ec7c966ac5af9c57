using Atenea.Data;
using Atenea.Errors;
using Atenea.Training;

namespace Atenea.Cli;

/// <summary>Finds the splits that <c>atenea data check</c> is to look at.</summary>
internal static class DataCheckInputs
{
    /// <summary>The splits of a file, a pattern of files, a folder or a hub data set.</summary>
    /// <param name="data">Its name.</param>
    /// <param name="name">The configuration of a data set.</param>
    /// <exception cref="AteneaException">There is no such data set (ATN0211).</exception>
    public static IReadOnlyList<CheckInput> Of(string data, string? name)
    {
        if (File.Exists(data) || FilePattern.IsPattern(data) || (TableReader.CanRead(data) && !Directory.Exists(data)))
            return [CheckInput.FromFile(data)];
        IReadOnlyList<(string Split, IReadOnlyList<string> Files)> splits = new DatasetSource { Dataset = data, Name = name }.FindFiles();
        CheckInput[] known = [.. splits.Select(s => Input(data, s)).Where(i => i.Split != CheckInput.Unsplit)];
        // A data set may have further splits, such as IMDB's texts without labels; alone, any split will do.
        return known.Length > 0 ? known : [.. splits.Select(s => Input(data, s))];
    }

    /// <summary>The splits of a config.</summary>
    /// <exception cref="AteneaException">The config names no data, or a data set that is not to be had (ATN0211).</exception>
    public static IReadOnlyList<CheckInput> Of(DataOptions options)
    {
        IReadOnlyList<(string Split, IReadOnlyList<string> Files)> layout = options.Dataset is null
            ? []
            : new DatasetSource { Dataset = options.Dataset, Name = options.Name, Revision = options.Revision }.FindFiles();
        var inputs = new List<CheckInput>();
        (string, string?)[] named =
            [(CheckInput.Train, options.Train), (CheckInput.Validation, options.Validation), (CheckInput.Test, options.Test)];
        foreach ((string split, string? file) in named)
        {
            // The name of a split stands where a file could: data.validation: test.
            string wanted = file is null ? split : Path.GetFileName(file);
            if (file is not null && (File.Exists(file) || FilePattern.IsPattern(file) || layout.All(l => l.Split != wanted)))
                inputs.Add(new CheckInput(split, file, FilePattern.Expand(file)));
            else if (layout.FirstOrDefault(l => (file is null ? CheckInput.SplitOf(l.Split) : l.Split) == wanted) is { Files: { } } found)
                inputs.Add(Input(options.Dataset!, found) with { Split = split });
        }

        return inputs.Count > 0
            ? inputs
            : throw new AteneaException(Catalogue.DatasetNotFound, "the config names neither files nor a data set");
    }

    private static CheckInput Input(string data, (string Split, IReadOnlyList<string> Files) split) =>
        new(CheckInput.SplitOf(split.Split), $"{data} {split.Split}", split.Files);
}
