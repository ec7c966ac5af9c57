using System.CommandLine;
using System.Globalization;
using Atenea.Data;
using Atenea.Errors;

namespace Atenea.Cli;

/// <summary>
/// <c>atenea data split</c>: one file into train, validation and test files, row by row as the Python libraries split it.
/// </summary>
internal static class DataSplitCommand
{
    private static readonly Dictionary<string, SplitMethod> Methods = new(StringComparer.Ordinal)
    {
        ["scikit-learn"] = SplitMethod.ScikitLearn,
        ["datasets"] = SplitMethod.Datasets,
    };

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A data file with all rows" };
        var folder = OptionOf.RequiredText("--output-dir", "DIR", "Folder for train.csv, test.csv and validation.csv");
        var test = OptionOf.Text("--test-size", "SIZE", "Rows to test on: below 1 a share, else a number");
        var validation = OptionOf.Text("--validation-size", "SIZE", "Rows to validate on, of those that are left, likewise");
        var seed = new Option<uint>("--seed") { Description = "The seed; 42 if left out", HelpName = "N", DefaultValueFactory = _ => 42 };
        var stratify = OptionOf.Text("--stratify", "COLUMN", "Column whose shares all parts keep, such as the label");
        var method = OptionOf.UsualText(
            "--method", "NAME", "Whose train_test_split: scikit-learn (if left out) or datasets", usual: "scikit-learn");
        method.AcceptOnlyFromAmong([.. Methods.Keys]);
        var command = new AteneaCommand("split", "Split a data file at random, with the rows that scikit-learn or datasets would choose.",
            "atenea data split reviews.csv --output-dir parts --test-size 0.2 --stratify label",
            "atenea data split reviews.csv --output-dir parts --test-size 1000 --validation-size 0.1 --seed 7");
        command.Arguments.Add(file);
        command.AddOptions(folder, test, validation, seed, stratify, method);
        command.SetAction(parse =>
        {
            var sampling = new SamplingOptions
            {
                TestSize = Size(parse.GetValue(test), test.Name),
                ValidationSize = Size(parse.GetValue(validation), validation.Name),
                Seed = parse.GetValue(seed),
                Stratify = parse.GetValue(stratify),
                Method = Methods[parse.GetRequiredValue(method)],
            };
            if (sampling is { TestSize: null, ValidationSize: null })
            {
                throw new AteneaException(Catalogue.OptionConflict,
                    "neither --test-size nor --validation-size is given", "atenea data split", "say how many rows to set apart");
            }

            DatasetSplits splits = sampling.Apply(new DatasetSplits(Dataset.Read(parse.GetRequiredValue(file)), null, null));
            (string Name, Dataset? Rows)[] parts = [("train", splits.Train), ("validation", splits.Validation), ("test", splits.Test)];
            var written = new Dictionary<string, WrittenPart>();
            foreach ((string name, Dataset? rows) in parts)
            {
                if (rows is null) continue;
                string path = Path.Combine(parse.GetRequiredValue(folder), $"{name}.csv");
                DatasetWriter.WriteCsv(rows, path);
                written.Add(name, new WrittenPart(path, rows.Count));
                if (!parse.GetValue(CommonOptions.Json)) terminal.Output.WriteLine($"{rows.Count} rows in {path}");
            }

            if (parse.GetValue(CommonOptions.Json)) terminal.WriteJson(written, CliJson.Default.IReadOnlyDictionaryStringWrittenPart);
        });
        return command;
    }

    private static double? Size(string? written, string option)
    {
        if (written is null) return null;
        if (double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out double size)) return size;
        throw new AteneaException(Catalogue.SplitImpossible,
            $"{option} {written}", "atenea data split", "give a share between 0 and 1, or a whole number of rows");
    }
}

/// <summary>A file that <c>atenea data split</c> wrote, for programs.</summary>
internal sealed record WrittenPart(string File, int Rows);
