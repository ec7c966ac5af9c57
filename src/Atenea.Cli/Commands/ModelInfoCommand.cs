using System.CommandLine;
using System.Globalization;
using Atenea.Pipelines;
using Spectre.Console;
using Values = Atenea.Reports.Values;

namespace Atenea.Cli;

/// <summary><c>atenea model info</c>: what a model is, without loading or downloading it.</summary>
internal static class ModelInfoCommand
{
    private const int FilesShown = 30;
    private const int LabelsShown = 12;

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "A model folder, a run's folder, or a hub id; the hub is asked only for what is not at hand",
        };
        var revision = OptionOf.Text("--revision", "REVISION", "Branch, tag or commit; main if left out");
        var command = new AteneaCommand("info",
            "Show a model's family, parameters by part, memory, heads, tokenizer, licence and files, without loading it.",
            "atenea model info all-MiniLM-L6-v2", "atenea model info runs/emotion --json");
        command.Arguments.Add(model);
        command.Options.Add(revision);
        command.SetAction(parse =>
        {
            ModelReport report = ModelExamination.Examine(parse.GetRequiredValue(model), parse.GetValue(revision));
            if (parse.GetValue(CommonOptions.Json)) terminal.WriteJson(report.WriteTo);
            else Print(report, terminal);
        });
        return command;
    }

    private static void Print(ModelReport report, Terminal terminal)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("").AddColumn("");
        void Row(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) table.AddRow($"[bold]{name}[/]", Markup.Escape(value));
        }

        Row("model", report.Name);
        Row("found", report.Folder is null ? "on the hub; not downloaded" : $"{report.Origin}: {report.Folder}");
        Row("commit", report.Commit);
        Row("family", report.Family is null ? null : report.Family + (report.FamilyIsKnown ? "" : " (not one of Atenea's)"));
        Row("class", string.Join(", ", report.Architectures));
        Row("labels", Labels(report.Labels));
        Row("sizes", string.Join(", ", report.Sizes.Select(s => $"{s.Key} {s.Value}")));
        Row("tokenizer", report.Tokenizer + Tokens(report.TokenizerFacts));
        Row("length", report.MaxLength is { } length ? $"at most {length} tokens" : null);
        Row("sentences", report.SentenceTransformers == true ? "a model of sentence-transformers" : null);
        Row("licence", report.License ?? "not stated");
        if (report.Hub is { } hub)
        {
            Row("task", hub.Task);
            Row("downloads", hub.Downloads is { } downloads ? $"{Values.Rounded(downloads)} in thirty days, {hub.Likes} likes" : null);
            Row("modified", hub.Modified?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            Row("access", hub.Gated ? "gated: its conditions must be accepted on its page" : null);
        }

        if (report.Parameters is { } parameters)
        {
            string types = string.Join(", ", report.StorageTypes.Select(t => $"{t.Key} {Grouped(t.Value)}"));
            Row("parameters", $"{Grouped(parameters)} ({types})");
            foreach (ModelPart part in report.Parts)
            {
                string share = (100.0 * part.Parameters / parameters).ToString("0.0", CultureInfo.InvariantCulture);
                Row("", $"{part.Name,-12} {Grouped(part.Parameters),15}  {share,5} %  {part.Tensors} tensors");
            }

            string weights = $"{Values.Bytes(report.WeightBytes!.Value)} of weights";
            string half = $"{Values.Bytes(report.HalfWeightBytes!.Value)} in half precision";
            string training = $"{Values.Bytes(report.TrainingBytes!.Value)} to train them all with AdamW, activations apart";
            Row("memory", $"{weights} ({half}); {training}");
        }
        else
        {
            Row("parameters", "no weights that can be read without loading them");
        }

        Row("files", $"{report.Files.Count}, {Values.Bytes(report.FileBytes ?? 0)}");
        foreach (ModelFile file in report.Files.Take(FilesShown))
        {
            string size = file.Bytes is { } bytes ? Values.Bytes(bytes) : "?";
            Row("", $"{size,9}  {file.Name}");
        }

        if (report.Files.Count > FilesShown) Row("", $"... and {report.Files.Count - FilesShown} more");
        foreach (string problem in report.Problems) Row("problem", problem);
        terminal.Rich.Write(table);
    }

    private static string? Labels(IReadOnlyList<string>? labels)
    {
        if (labels is null) return null;
        string more = labels.Count > LabelsShown ? $", ... ({labels.Count} in all)" : "";
        return string.Join(", ", labels.Take(LabelsShown)) + more;
    }

    private static string Tokens(TokenizerFacts? facts)
    {
        if (facts is null) return "";
        string english = FormattableString.Invariant($"{facts.TokensPerEnglishWord:0.00} of them to an English word");
        string spanish = FormattableString.Invariant($"{facts.TokensPerSpanishWord:0.00} to a Spanish one");
        return $", {Grouped(facts.Vocabulary)} tokens; {english}, {spanish}";
    }

    private static string Grouped(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
