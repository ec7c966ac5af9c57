using System.CommandLine;
using System.Globalization;
using Atenea.Pipelines;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary><c>atenea embed</c>: one vector per text, for search, clustering and comparison.</summary>
internal static class EmbedCommand
{
    private const int NumbersShown = 8;

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "A model of sentence-transformers, or any encoder (the mean of its tokens): a folder or a hub id",
        };
        var texts = new TextArguments("atenea embed", "embed");
        var output = OptionOf.Text("--output", "FILE",
            "File for the vectors, in order: .safetensors or .npy [texts, dimension], or .jsonl; "
            + "JSON lines on standard output if left out");
        var maxLength = CommonOptions.MaxLength();
        var command = new AteneaCommand("embed",
            "Turn texts into vectors: from the command line, a file, or standard input (one text a line).",
            "atenea embed all-MiniLM-L6-v2 --text \"A cat sits outside.\" \"A feline is in the garden.\"",
            "atenea embed all-MiniLM-L6-v2 --input texts.jsonl --output vectors.safetensors");
        command.Arguments.Add(model);
        command.AddOptions(texts.Texts, texts.Input, output, texts.Column, maxLength);
        command.SetAction(parse =>
        {
            IEnumerable<TextRow> rows = texts.Rows(parse);
            string? target = parse.GetValue(output);
            if (target is not null) VectorFile.Check(target);
            using var pipeline = SentenceEmbeddingPipeline.Load(parse.GetRequiredValue(model), new PipelineOptions
            {
                Threads = CommonOptions.ThreadsOf(parse),
                MaxLength = parse.GetValue(maxLength),
            });
            string[]? given = texts.Given(parse);
            string? column = texts.NamedColumn(parse);
            if (given is not null && target is null && !parse.GetValue(CommonOptions.Json)) Print(pipeline, given, terminal);
            else Write(pipeline, rows.Select(row => row.Text(column, pipeline.Settings)), target, terminal);
        });
        return command;
    }

    private static void Write(SentenceEmbeddingPipeline pipeline, IEnumerable<string> texts, string? output, Terminal terminal)
    {
        using var count = new TextCount(terminal);
        IEnumerable<float[]> vectors = pipeline.EmbedStream(texts).Select(vector =>
        {
            count.Add();
            return vector;
        });
        if (output is null) VectorFile.WriteLines(terminal.OutputStream, vectors);
        else VectorFile.Write(output, vectors, pipeline.Dimension);
        count.Clear();
        terminal.Error.WriteLine($"{count.Texts} texts, {pipeline.Dimension} numbers each, in {count.Time}");
    }

    // What people want to see of vectors is how near they are to one another.
    private static void Print(SentenceEmbeddingPipeline pipeline, string[] texts, Terminal terminal)
    {
        IReadOnlyList<float[]> vectors = pipeline.Embed(texts);
        Table table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn("text");
        table.AddColumn($"vector ({pipeline.Dimension} numbers)");
        bool several = texts.Length > 1;
        for (int i = 0; i < texts.Length && several; i++) table.AddColumn(new TableColumn($"{i + 1}").RightAligned());
        for (int i = 0; i < texts.Length; i++)
        {
            float[] vector = vectors[i];
            string numbers = string.Join(' ', vector.Take(NumbersShown).Select(n => FormattableString.Invariant($"{n,7:0.0000}")));
            IEnumerable<double> cosines = several ? vectors.Select(other => SentenceEmbeddingPipeline.Cosine(vector, other)) : [];
            table.AddRow([$"{i + 1}", Markup.Escape(texts[i]), $"[dim]{numbers} …[/]",
                .. cosines.Select(cosine => cosine.ToString("0.000", CultureInfo.InvariantCulture))]);
        }

        terminal.Rich.Write(table);
    }
}
