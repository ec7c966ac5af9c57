using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Atenea.Errors;
using Atenea.Pipelines;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary><c>atenea embed</c>: one vector per text, for search, clustering and comparison.</summary>
internal static class EmbedCommand
{
    private const int ProgressEvery = 64;
    private const int NumbersShown = 8;

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "A model of sentence-transformers, or any encoder (the mean of its tokens): a folder or a hub id" };
        var texts = new Option<string[]>("--text") { Description = "Texts to embed", HelpName = "TEXT", AllowMultipleArgumentsPerToken = true };
        var input = new Option<string?>("--input") { Description = "File of texts: .jsonl, .json, .csv, .tsv, .parquet, or .txt with one text a line", HelpName = "FILE" };
        var output = new Option<string?>("--output")
        {
            Description = "File for the vectors, in order: .safetensors or .npy [texts, dimension], or .jsonl; JSON lines on standard output if left out",
            HelpName = "FILE",
        };
        var column = new Option<string>("--column") { Description = "Column of the texts", HelpName = "NAME", DefaultValueFactory = _ => "text" };
        var maxLength = CommonOptions.MaxLength();
        var command = new AteneaCommand("embed", "Turn texts into vectors: from the command line, a file, or standard input (one text a line).",
            "atenea embed all-MiniLM-L6-v2 --text \"A cat sits outside.\" \"A feline is in the garden.\"",
            "atenea embed all-MiniLM-L6-v2 --input texts.jsonl --output vectors.safetensors");
        command.Arguments.Add(model);
        foreach (Option option in new Option[] { texts, input, output, column, maxLength }) command.Options.Add(option);
        command.SetAction(parse =>
        {
            string[]? given = parse.GetResult(texts) is null ? null : parse.GetValue(texts);
            if (given is not null && parse.GetValue(input) is not null) throw new AteneaException(Catalogue.OptionConflict, "--text and --input", "atenea embed");
            if (given is null && parse.GetValue(input) is null && !Console.IsInputRedirected)
                throw new AteneaException(Catalogue.ArgumentWrong, "there is no text", "atenea embed", "give --text or --input, or pipe texts in, one a line");
            if (parse.GetValue(output) is { } wanted) VectorFile.Check(wanted);
            string name = parse.GetRequiredValue(column);
            IEnumerable<PredictionRow> rows = given is not null ? given.Select(text => PredictionRow.Of(name, text))
                : parse.GetValue(input) is { } file ? PredictionRow.FromFile(file)
                : PredictionRow.FromLines(name, new StreamReader(Console.OpenStandardInput()));
            using var pipeline = SentenceEmbeddingPipeline.Load(parse.GetRequiredValue(model), new PipelineOptions
            {
                Threads = parse.GetValue(CommonOptions.Threads),
                MaxLength = parse.GetValue(maxLength) is var length and > 0 ? length : null,
            });
            if (given is not null && parse.GetValue(output) is null && !parse.GetValue(CommonOptions.Json)) Print(pipeline, given, terminal);
            else Write(pipeline, rows.Select(row => row.Get(name)), parse.GetValue(output), terminal);
        });
        return command;
    }

    private static void Write(SentenceEmbeddingPipeline pipeline, IEnumerable<string> texts, string? output, Terminal terminal)
    {
        using var status = new StatusLine(terminal);
        long start = Stopwatch.GetTimestamp();
        long done = 0;
        IEnumerable<float[]> vectors = pipeline.EmbedStream(texts).Select(vector =>
        {
            if (++done % ProgressEvery == 0 && status.IsDue) status.Show($"{done} texts, {PerSecond(done, start)} texts/s");
            return vector;
        });
        if (output is null) VectorFile.WriteLines(terminal.OutputStream, vectors);
        else VectorFile.Write(output, vectors, pipeline.Dimension);
        status.Clear();
        terminal.Error.WriteLine($"{done} texts, {pipeline.Dimension} numbers each, in {Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s ({PerSecond(done, start)} texts/s)");
    }

    // What people want to see of vectors is how near they are to one another.
    private static void Print(SentenceEmbeddingPipeline pipeline, string[] texts, Terminal terminal)
    {
        IReadOnlyList<float[]> vectors = pipeline.Embed(texts);
        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn("text").AddColumn($"vector ({pipeline.Dimension} numbers)");
        for (int i = 0; i < texts.Length && texts.Length > 1; i++) table.AddColumn(new TableColumn($"{i + 1}").RightAligned());
        for (int i = 0; i < texts.Length; i++)
        {
            string numbers = string.Join(' ', vectors[i].Take(NumbersShown).Select(number => FormattableString.Invariant($"{number,7:0.0000}")));
            IEnumerable<string> cosines = texts.Length == 1 ? [] : vectors.Select(other =>
                SentenceEmbeddingPipeline.Cosine(vectors[i], other).ToString("0.000", CultureInfo.InvariantCulture));
            table.AddRow([$"{i + 1}", Markup.Escape(texts[i]), $"[dim]{numbers} …[/]", .. cosines]);
        }

        terminal.Rich.Write(table);
    }

    private static string PerSecond(long texts, long start) =>
        (texts / Math.Max(1e-9, Stopwatch.GetElapsedTime(start).TotalSeconds)).ToString("0.0", CultureInfo.InvariantCulture);
}
