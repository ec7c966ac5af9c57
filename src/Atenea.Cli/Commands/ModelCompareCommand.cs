using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Atenea.Errors;
using Atenea.Pipelines;
using Spectre.Console;
using Values = Atenea.Reports.Values;

namespace Atenea.Cli;

/// <summary><c>atenea model compare</c>: what a choice between models needs, side by side.</summary>
internal static class ModelCompareCommand
{
    private const int MostModels = 100;
    private const string Absent = "-";

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var models = new Argument<string[]>("MODEL")
        {
            Arity = new ArgumentArity(2, MostModels),
            Description = "Model folders, runs' folders or hub ids, two or more; nothing is downloaded",
        };
        var measure = OptionOf.Flag("--measure",
            $"Also measure the encoders at hand: texts/s, {ModelSpeed.Sequences} at a time of {ModelSpeed.Length} tokens each");
        var command = new AteneaCommand("compare",
            "Show models side by side: what the hub knows of them, sizes, parameters by part, memory, tokenizers.",
            "atenea model compare all-MiniLM-L6-v2 distilbert/distilbert-base-uncased",
            "atenea model compare all-MiniLM-L6-v2 runs/emotion --measure --json");
        command.Arguments.Add(models);
        command.Options.Add(measure);
        command.SetAction(parse =>
        {
            IReadOnlyList<ModelReport> reports = ModelExamination.ExamineWithHub(parse.GetRequiredValue(models));
            if (parse.GetValue(measure)) reports = [.. reports.Select(report => Measured(report, CommonOptions.ThreadsOf(parse)))];
            if (parse.GetValue(CommonOptions.Json)) terminal.WriteJson(json => Write(json, reports));
            else Print(reports, parse.GetValue(measure), terminal);
            foreach (ModelReport report in reports)
            {
                foreach (string problem in report.Problems) terminal.Error.WriteLine($"{report.Name}: {problem}");
            }
        });
        return command;
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<ModelReport> reports)
    {
        json.WriteStartObject();
        json.WriteStartArray("models");
        foreach (ModelReport report in reports) report.WriteTo(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static ModelReport Measured(ModelReport report, int threads)
    {
        if (report.Folder is not { } folder) return report;
        try
        {
            return report with { SamplesPerSecond = ModelSpeed.Measure(folder, threads) };
        }
        catch (AteneaException problem)
        {
            return report with { Problems = [.. report.Problems, problem.Message] };
        }
    }

    private static void Print(IReadOnlyList<ModelReport> reports, bool measured, Terminal terminal)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("");
        foreach (ModelReport report in reports) table.AddColumn(new TableColumn(Markup.Escape(report.Name)).RightAligned());
        string Cell(string? text) => string.IsNullOrEmpty(text) ? $"[dim]{Absent}[/]" : Markup.Escape(text);
        void Row(string name, Func<ModelReport, string?> value) =>
            table.AddRow([$"[bold]{name}[/]", .. reports.Select(report => Cell(value(report)))]);

        Row("found", r => r.Origin);
        Row("task", r => r.Hub?.Task);
        Row("downloads in 30 days", r => r.Hub?.Downloads is { } downloads ? Values.Rounded(downloads) : null);
        Row("likes", r => r.Hub?.Likes?.ToString(CultureInfo.InvariantCulture));
        Row("licence", r => r.License ?? r.Hub?.License);
        Row("created", r => Day(r.Hub?.Created));
        Row("modified", r => Day(r.Hub?.Modified));
        Row("family", r => r.Family is null ? null : r.Family + (r.FamilyIsKnown ? "" : " (not one of Atenea's)"));
        Row("class", r => string.Join(", ", r.Architectures));
        Row("layers", r => Grouped(r.Encoder?.Layers));
        Row("hidden size", r => Grouped(r.Encoder?.HiddenSize));
        Row("attention heads", r => Grouped(r.Heads));
        Row("vocabulary", r => Grouped(r.Encoder?.VocabularySize));
        Row("positions", r => Grouped(r.Encoder?.MaxPositions));
        Row("parameters", r => Grouped(r.Parameters));
        Row("  embeddings", r => Grouped(r.PartOf(ReportedPart.Embeddings)));
        Row("  layers", r => Grouped(r.PartOf(ReportedPart.Layers)));
        Row("  pooler and head", r => Grouped(r.PartOf(ReportedPart.Head)));
        Row("size on disk", r => Bytes(r.FileBytes));
        Row("memory in float32", r => Bytes(r.WeightBytes));
        Row("memory in float16", r => Bytes(r.HalfWeightBytes));
        Row("tokenizer", r => r.Tokenizer);
        Row("tokens per English word", r => Ratio(r.TokenizerFacts?.TokensPerEnglishWord));
        Row("tokens per Spanish word", r => Ratio(r.TokenizerFacts?.TokensPerSpanishWord));
        Row("longest text in tokens", r => Grouped(r.MaxLength));
        Row("sentence-transformers", r => r.SentenceTransformers switch { true => "yes", false => "no", null => null });
        if (measured) Row("measured texts/s", r => r.SamplesPerSecond?.ToString("0.0", CultureInfo.InvariantCulture));
        terminal.Rich.Write(table);
    }

    private static string? Grouped(long? count) => count?.ToString("N0", CultureInfo.InvariantCulture);

    private static string? Bytes(long? bytes) => bytes is { } known ? Values.Bytes(known) : null;

    private static string? Ratio(double? ratio) => ratio?.ToString("0.00", CultureInfo.InvariantCulture);

    private static string? Day(DateTimeOffset? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
