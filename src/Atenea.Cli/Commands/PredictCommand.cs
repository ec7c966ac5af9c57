using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary><c>atenea predict</c>: a model's answers for texts of the command line, a file or standard input.</summary>
internal static class PredictCommand
{
    private const int ProgressEvery = 64;
    private static readonly byte[] LineEnd = [(byte)'\n'];

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "A run's folder, a model folder, or the hub id of a model" };
        var task = new Option<string?>("--task") { Description = $"What to do; as the model's class says if left out: {string.Join(", ", PredictionTask.All.Select(t => t.Name))}", HelpName = "TASK" };
        var texts = new Option<string[]>("--text") { Description = "Texts to answer", HelpName = "TEXT", AllowMultipleArgumentsPerToken = true };
        var pair = new Option<string?>("--pair") { Description = "The second text of --text's first, for tasks on pairs", HelpName = "TEXT" };
        var input = new Option<string?>("--input") { Description = "File of texts: .jsonl, .json, .csv, .tsv, .parquet, or .txt with one text a line", HelpName = "FILE" };
        var output = new Option<string?>("--output") { Description = "File for the answers, one JSON line per text, in order; standard output if left out", HelpName = "FILE" };
        var column = new Option<string>("--column") { Description = "Column of the texts", HelpName = "NAME", DefaultValueFactory = _ => "text" };
        var pairColumn = new Option<string?>("--pair-column") { Description = "Column of the second texts, for pairs", HelpName = "NAME" };
        var maxLength = CommonOptions.MaxLength();
        var options = new PredictOptions();
        var command = new AteneaCommand("predict", "Ask a model: classes, entities, answers, masked words, vectors; from the command line, a file, or standard input (one text a line).",
            "atenea predict runs/emotion --text \"What a wonderful day!\" \"Leave me alone.\"",
            "atenea predict runs/emotion --input tweets.jsonl --output answers.jsonl",
            "cat tweets.txt | atenea predict runs/emotion",
            "atenea predict all-MiniLM-L6-v2 --task sentence-similarity --text \"A cat sits outside.\" --pair \"A feline is in the garden.\"");
        command.Arguments.Add(model);
        foreach (Option option in new Option[] { task, texts, pair, input, output, column, pairColumn, maxLength }) command.Options.Add(option);
        foreach (Option option in options.All) command.Options.Add(option);
        command.SetAction(parse =>
        {
            string[]? given = parse.GetResult(texts) is null ? null : parse.GetValue(texts);
            if (given is not null && parse.GetValue(input) is not null)
                throw new AteneaException(Catalogue.OptionConflict, "--text and --input", "atenea predict");
            if (parse.GetValue(pair) is not null && given is not { Length: 1 })
                throw new AteneaException(Catalogue.OptionConflict, "--pair goes with one --text", "atenea predict", "give one --text, or a file with --input and --pair-column");
            if (given is null && parse.GetValue(input) is null && !Console.IsInputRedirected)
                throw new AteneaException(Catalogue.ArgumentWrong, "there is no text", "atenea predict", "give --text or --input, or pipe texts in, one a line");

            string name = parse.GetRequiredValue(model);
            string textColumn = parse.GetRequiredValue(column);
            string? second = parse.GetValue(pairColumn) ?? (parse.GetValue(pair) is null ? null : PairColumns.Usual);
            IEnumerable<PredictionRow> rows = given is not null ? Rows(given, textColumn, parse.GetValue(pair))
                : parse.GetValue(input) is { } file ? PredictionRow.FromFile(file)
                : PredictionRow.FromLines(textColumn, new StreamReader(Console.OpenStandardInput()));
            PredictionTask chosen = PredictionTask.Find(parse.GetValue(task), name);
            options.Check(parse, chosen);
            int? length = parse.GetValue(maxLength) is var tokens and > 0 ? tokens : null;
            using Predictor predictor = chosen.Load(new PredictRequest(name, parse, options, length, parse.GetValue(CommonOptions.Threads), textColumn, second));
            if (given is not null && parse.GetValue(output) is null && !parse.GetValue(CommonOptions.Json)) Print(predictor, rows, terminal);
            else if (parse.GetValue(output) is { } target) AtomicFile.Write(target, stream => Predict(predictor, rows, stream, terminal));
            else Predict(predictor, rows, terminal.OutputStream, terminal);
        });
        return command;
    }

    private static PredictionRow[] Rows(string[] texts, string column, string? pair) =>
        pair is null ? [.. texts.Select(text => PredictionRow.Of(column, text))] : [PredictionRow.Of((column, texts[0]), (PairColumns.Usual, pair))];

    /// <summary>Answers every row with one JSON line, in order and in memory that does not grow with their number.</summary>
    private static void Predict(Predictor predictor, IEnumerable<PredictionRow> rows, Stream stream, Terminal terminal)
    {
        var buffered = new BufferedStream(stream, 1 << 16); // Not disposed: the stream stays the caller's.
        using var json = new Utf8JsonWriter(buffered, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        using var status = new StatusLine(terminal);
        long start = Stopwatch.GetTimestamp();
        long texts = 0, truncated = 0;
        foreach (Prediction answer in predictor.Predict(rows))
        {
            json.Reset();
            answer.Json(json);
            json.Flush();
            buffered.Write(LineEnd);
            if (answer.Truncated) truncated++;
            if (++texts % ProgressEvery == 0 && status.IsDue) status.Show($"{texts} texts, {PerSecond(texts, start)} texts/s");
        }

        buffered.Flush();
        status.Clear();
        if (truncated > 0) terminal.Error.WriteLine(Truncated(truncated, texts, predictor));
        terminal.Error.WriteLine($"{texts} texts in {Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s ({PerSecond(texts, start)} texts/s)");
    }

    private static void Print(Predictor predictor, IEnumerable<PredictionRow> rows, Terminal terminal)
    {
        Prediction[] answers = [.. predictor.Predict(rows)];
        var table = new Table().Border(TableBorder.Simple).AddColumn("text");
        foreach (string column in predictor.Columns) table.AddColumn(Markup.Escape(column));
        foreach (Prediction answer in answers)
        {
            string text = Markup.Escape(answer.Text);
            foreach (string[] cells in answer.Rows())
            {
                table.AddRow([text, .. cells]);
                text = ""; // Once, beside the first of its answers.
            }

            if (text.Length > 0 && !answer.Rows().Any()) table.AddRow([text, "[dim](none)[/]"]);
        }

        terminal.Rich.Write(table);
        int truncated = answers.Count(answer => answer.Truncated);
        if (truncated > 0) terminal.Error.WriteLine(Truncated(truncated, answers.Length, predictor));
    }

    private static string Truncated(long truncated, long texts, Predictor predictor) =>
        $"{truncated} of {texts} texts were longer than {predictor.MaxLength} tokens and were cut";

    private static string PerSecond(long texts, long start) =>
        (texts / Math.Max(1e-9, Stopwatch.GetElapsedTime(start).TotalSeconds)).ToString("0.0", CultureInfo.InvariantCulture);
}
