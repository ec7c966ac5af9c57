using System.CommandLine;
using Atenea.Data;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tokenizers;
using Atenea.Training;

namespace Atenea.Cli;

/// <summary><c>atenea data check</c>: what is wrong with data, before a run.</summary>
internal static class DataCheckCommand
{
    private const int TheAnswerIsNo = 1;

    /// <summary>Most tokens where neither the model nor its tokenizer says: the positions of BERT.</summary>
    private const int UsualLength = 512;

    private static readonly Dictionary<string, ProblemType> Problems = new(StringComparer.Ordinal)
    {
        ["single_label_classification"] = ProblemType.SingleLabelClassification,
        ["multi_label_classification"] = ProblemType.MultiLabelClassification,
        ["regression"] = ProblemType.Regression,
    };

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var inputs = new Argument<string[]>("CONFIG|FILE")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "A run's config (.yaml), data files that belong together (their splits are told by their names), a folder, "
                + "or a hub data set",
        };
        Option<string?> train = OptionOf.Text("--train", "FILE", "File of training rows");
        Option<string?> validation = OptionOf.Text("--validation", "FILE", "File of validation rows");
        Option<string?> test = OptionOf.Text("--test", "FILE", "File of test rows");
        var name = OptionOf.Text("--name", "NAME", "Configuration of the data set");
        var text = OptionOf.Text("--text", "NAME", "Column of the texts");
        var pair = OptionOf.Text("--pair", "NAME", "Column of the second texts, for pairs");
        var label = OptionOf.Texts("--label", "NAME", "Column of the labels, or one column per label");
        var problem = OptionOf.Text(
            "--problem-type", "TYPE", $"What the labels mean: {string.Join(", ", Problems.Keys)}. If left out, as they look");
        var header = OptionOf.Texts("--columns", "NAME", "Names of the columns of files without a header");
        var encoding = OptionOf.Text("--encoding", "NAME", "Encoding of the files, if it is not recognised");
        var model = OptionOf.Text("--model", "MODEL", "Model whose tokens count; the config's, or the embedded one if left out");
        Option<int?> maxLength = CommonOptions.MaxLength();
        var command = new AteneaCommand("check", "Say what is wrong with data, before a run.",
            "atenea data check examples/emotion/config.yaml",
            "atenea data check train.csv test.csv --text review --label stars",
            "atenea data check cardiffnlp/tweet_eval --name emotion",
            "atenea data check reviews.csv --model bert-base-multilingual-cased --max-length 128 --json")
        {
            Notes = "Exit code 0: usable, perhaps with warnings; 1: problems that would spoil a run; 2: a file cannot be read.",
        };
        command.Arguments.Add(inputs);
        command.AddOptions(train, validation, test, name, text, pair, label, problem, header, encoding, model, maxLength);
        command.Validators.Add(result =>
        {
            if (result.GetValue(problem) is { } type && !Problems.ContainsKey(type))
                result.AddError($"--problem-type takes {string.Join(", ", Problems.Keys)}, found '{type}'");
        });
        command.SetAction(parse =>
        {
            string[] given = parse.GetValue(inputs) ?? [];
            RunConfig? config = given is [var only] && IsConfig(only) ? ConfigReader.Read(only) : null;
            List<CheckInput> splits = config is null
                ? [.. given.SelectMany(g => DataCheckInputs.Of(g, parse.GetValue(name)))]
                : [.. DataCheckInputs.Of(config.Data)];
            (Option<string?>, string)[] named =
                [(train, CheckInput.Train), (validation, CheckInput.Validation), (test, CheckInput.Test)];
            foreach ((Option<string?> option, string split) in named)
            {
                if (parse.GetValue(option) is not { } file) continue;
                splits.RemoveAll(s => config is not null && s.Split == split);
                splits.Add(new CheckInput(split, file, FilePattern.Expand(file)));
            }

            if (splits.Count == 0)
            {
                throw new AteneaException(
                    Catalogue.ArgumentWrong, "there is no file", "atenea data check", "name a config or a data file");
            }

            string[] labels = parse.GetValue(label) ?? [], names = parse.GetValue(header) ?? [];
            DataColumns? columns = config is null ? null : Columns(config);
            if (parse.GetValue(text) is not null || parse.GetValue(pair) is not null || labels.Length > 0)
            {
                columns ??= DataColumns.Default;
                columns = new DataColumns(
                    parse.GetValue(text) ?? columns.Text,
                    parse.GetValue(pair) ?? columns.TextPair,
                    labels.Length > 0 ? labels : columns.Label);
            }

            DataCheckReport report = DataCheck.Run(splits, new DataCheckOptions
            {
                Columns = columns,
                Problem = (parse.GetValue(problem) ?? config?.ModelOptions.ProblemType) is { } type ? Problems[type] : null,
                Reading = Reading(config?.Data, names, parse.GetValue(encoding)),
                Model = Model(parse.GetValue(model), config, parse.GetValue(maxLength)),
            });
            if (parse.GetValue(CommonOptions.Json)) terminal.WriteJson(report.WriteTo);
            else DataCheckView.Write(report, terminal);
            return report.IsUnreadable ? ErrorCode.BadInput : report.Outcome == CheckOutcome.Reject ? TheAnswerIsNo : 0;
        });
        return command;
    }

    /// <summary>The columns that a config names, or the usual ones of texts; null for other tasks, whose columns are found.</summary>
    private static DataColumns? Columns(RunConfig config)
    {
        DataOptions data = config.Data;
        if (data is { Text: null, Label: null } && config.Task != new RunConfig().Task) return null;
        return new DataColumns(data.Text ?? DataColumns.Default.Text, data.TextPair, data.Label ?? DataColumns.Default.Label);
    }

    private static ReadOptions Reading(DataOptions? options, string[] names, string? encoding)
    {
        ReadOptions reading = options?.Reading ?? ReadOptions.Default;
        return reading with
        {
            Encoding = encoding ?? reading.Encoding,
            ColumnNames = names.Length > 0 ? names : reading.ColumnNames,
        };
    }

    private static bool IsConfig(string path) => Path.GetExtension(path).ToLowerInvariant() is ".yaml" or ".yml";

    /// <summary>
    /// The tokenizer of the model that is named, else of the config's, else of the embedded one; none if that was not installed with the
    /// program.
    /// </summary>
    private static CheckedModel? Model(string? name, RunConfig? config, int? maxLength)
    {
        string? revision = name is null ? config?.Revision : null;
        name ??= config?.Model ?? (ModelLocator.EmbeddedFolder() is null ? null : ModelLocator.EmbeddedId);
        if (name is null) return null;
        string folder = Tokenizer.IsAt(name) ? name : ModelLocator.Find(name, revision).Folder;
        Tokenizer tokenizer = Tokenizer.FromDirectory(folder);
        int longest = tokenizer.ModelMaxLength ?? int.MaxValue;
        if (File.Exists(Path.Combine(folder, ModelConfig.FileName)))
            longest = Math.Min(longest, ModelRegistry.MaxPositionsOf(ModelConfig.Load(folder)));
        if (longest == int.MaxValue) longest = UsualLength;
        int wanted = maxLength ?? config?.Data.MaxLength ?? longest;
        return new CheckedModel(name, tokenizer, Math.Min(wanted, longest));
    }
}
