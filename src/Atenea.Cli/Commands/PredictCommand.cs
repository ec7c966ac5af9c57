using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Atenea.Cli.Output;
using Atenea.Cli.Prediction;
using Atenea.Cli.Usage;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Pipelines;
using Spectre.Console;

namespace Atenea.Cli.Commands;

/// <summary><c>atenea predict</c>: classes and probabilities for texts of the command line, a file or standard input.</summary>
internal static class PredictCommand
{
    private const int ProgressEvery = 64;

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "A run's folder, a model folder, or the hub id of a model at hand" };
        var texts = new Option<string[]>("--text")
        {
            Description = "Texts to classify",
            HelpName = "TEXT",
            AllowMultipleArgumentsPerToken = true,
        };
        var input = new Option<string?>("--input") { Description = "File of texts: .jsonl, .json, .csv, .tsv, or .txt with one text a line", HelpName = "FILE" };
        var output = new Option<string?>("--output") { Description = "File for the answers, one JSON line per text, in order; standard output if left out", HelpName = "FILE" };
        var column = new Option<string>("--column") { Description = "Column of the texts", HelpName = "NAME", DefaultValueFactory = _ => "text" };
        var pairColumn = new Option<string?>("--pair-column") { Description = "Column of the second texts, for pairs", HelpName = "NAME" };
        var maxLength = CommonOptions.MaxLength();
        var command = new AteneaCommand("predict", "Classify texts: from the command line, a file, or standard input (one text a line).",
            "atenea predict runs/emotion --text \"What a wonderful day!\" \"Leave me alone.\"",
            "atenea predict runs/emotion --input tweets.jsonl --output answers.jsonl",
            "cat tweets.txt | atenea predict runs/emotion");
        command.Arguments.Add(model);
        foreach (Option option in new Option[] { texts, input, output, column, pairColumn, maxLength }) command.Options.Add(option);
        command.SetAction(parse =>
        {
            string[]? given = parse.GetResult(texts) is null ? null : parse.GetValue(texts);
            if (given is not null && parse.GetValue(input) is not null)
                throw new AteneaException(Catalogue.OptionConflict, "--text and --input", "atenea predict");
            if (given is null && parse.GetValue(input) is null && !Console.IsInputRedirected)
                throw new AteneaException(Catalogue.ArgumentWrong, "there is no text", "atenea predict", "give --text or --input, or pipe texts in, one a line");
            IEnumerable<TextInput> inputs = given is not null ? given.Select(TextInput.FromString)
                : parse.GetValue(input) is { } file ? TextSource.FromFile(file, parse.GetRequiredValue(column), parse.GetValue(pairColumn))
                : TextSource.FromLines(new StreamReader(Console.OpenStandardInput()));

            string name = parse.GetRequiredValue(model);
            using var pipeline = TextClassificationPipeline.Load(name, new TextClassificationOptions
            {
                Threads = parse.GetValue(CommonOptions.Threads),
                MaxLength = parse.GetValue(maxLength) is var length and > 0 ? length : TrainedSettings.Of(name)?.MaxLength,
            });
            if (given is not null && parse.GetValue(output) is null && !parse.GetValue(CommonOptions.Json))
                Print(pipeline, [.. inputs], terminal);
            else if (parse.GetValue(output) is { } target)
                AtomicFile.Write(target, stream => Predict(pipeline, inputs, stream, terminal));
            else
                Predict(pipeline, inputs, terminal.OutputStream, terminal);
        });
        return command;
    }

    /// <summary>Answers every text with one JSON line, in order and in memory that does not grow with their number.</summary>
    private static void Predict(TextClassificationPipeline pipeline, IEnumerable<TextInput> inputs, Stream stream, Terminal terminal)
    {
        var buffered = new BufferedStream(stream, 1 << 16); // Not disposed: the stream stays the caller's.
        using var json = new PredictionJson(buffered, pipeline.Function);
        using var status = new StatusLine(terminal);
        long start = Stopwatch.GetTimestamp();
        long texts = 0, truncated = 0;
        foreach (TextClassification answer in pipeline.ClassifyStream(inputs))
        {
            json.Write(answer);
            if (answer.TruncatedTokens > 0) truncated++;
            if (++texts % ProgressEvery == 0 && status.IsDue) status.Show($"{texts} texts, {PerSecond(texts, start)} texts/s");
        }
        buffered.Flush();
        status.Clear();
        if (truncated > 0) terminal.Error.WriteLine(Truncated(truncated, texts, pipeline));
        terminal.Error.WriteLine($"{texts} texts in {Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s ({PerSecond(texts, start)} texts/s)");
    }

    private static void Print(TextClassificationPipeline pipeline, IReadOnlyList<TextInput> inputs, Terminal terminal)
    {
        IReadOnlyList<TextClassification> answers = pipeline.Classify(inputs);
        var table = new Table().Border(TableBorder.Simple).AddColumn("text").AddColumn("label");
        foreach (string label in pipeline.Labels) table.AddColumn(new TableColumn(Markup.Escape(label)).RightAligned());
        for (int i = 0; i < inputs.Count; i++)
        {
            TextClassification answer = answers[i];
            IEnumerable<string> scores = answer.Scores.Select((score, k) =>
                (answer.Labels[k] == answer.Label ? "[bold]" : "[dim]") + score.ToString("0.0000", CultureInfo.InvariantCulture) + "[/]");
            table.AddRow([Markup.Escape(inputs[i].Text), $"[bold green]{Markup.Escape(answer.Label)}[/]", .. scores]);
        }
        terminal.Rich.Write(table);
        int truncated = answers.Count(a => a.TruncatedTokens > 0);
        if (truncated > 0) terminal.Error.WriteLine(Truncated(truncated, inputs.Count, pipeline));
    }

    private static string Truncated(long truncated, long texts, TextClassificationPipeline pipeline) =>
        $"{truncated} of {texts} texts were longer than {pipeline.MaxLength} tokens and were cut";

    private static string PerSecond(long texts, long start) =>
        (texts / Math.Max(1e-9, Stopwatch.GetElapsedTime(start).TotalSeconds)).ToString("0.0", CultureInfo.InvariantCulture);
}
