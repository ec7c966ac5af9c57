using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tokenizers;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary><c>atenea tokenize</c>: how a model's tokenizer cuts a text, for people and as JSON.</summary>
internal static class TokenizeCommand
{
    // Neighbouring tokens get different colours; special tokens are dim.
    private static readonly string[] Colours = ["black on blue", "black on green", "black on yellow", "black on aqua"];

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "A run's folder, a model or tokenizer folder, or the hub id of a model at hand",
        };
        var texts = OptionOf.Texts("--text", "TEXT", "Texts to show");
        var pair = OptionOf.Text("--pair", "TEXT", "A second text, encoded together with the first");
        var input = OptionOf.Text("--input", "FILE", "File of JSON lines with text (or words) and options; one JSON line out per line in");
        var output = OptionOf.Text("--output", "FILE", "File for the JSON lines; standard output if left out");
        var maxLength = CommonOptions.MaxLength("nothing is cut");
        var count = OptionOf.Flag("--count",
            "Count instead: tokens a word, unknown rate and, with --max-length, what would be cut. "
            + "--input is plain text, one a line, or JSON lines");
        var plain = OptionOf.Flag("--no-special-tokens", "Leave [CLS], [SEP] and the like out");
        var command = new AteneaCommand("tokenize", "Show how a model's tokenizer cuts texts into tokens.",
            "atenea tokenize all-MiniLM-L6-v2 --text \"Tokenization is fun!\"",
            "atenea tokenize all-MiniLM-L6-v2 --input texts.jsonl --output tokens.jsonl",
            "atenea tokenize all-MiniLM-L6-v2 --count --input reviews.txt --max-length 128");
        command.Arguments.Add(model);
        command.AddOptions(texts, pair, input, output, maxLength, plain, count);
        command.SetAction(parse =>
        {
            string[]? given = parse.Given(texts);
            string? file = parse.GetValue(input), target = parse.GetValue(output);
            if (given is not null && file is not null)
                throw new AteneaException(Catalogue.OptionConflict, "--text and --input", "atenea tokenize");
            if (given is null && file is null)
                throw new AteneaException(Catalogue.ArgumentWrong, "there is no text", "atenea tokenize", "give --text or --input");

            Tokenizer tokenizer = Tokenizer.FromDirectory(Folder(parse.GetRequiredValue(model)));
            var options = new EncodeOptions
            {
                AddSpecialTokens = !parse.GetValue(plain),
                MaxLength = parse.GetValue(maxLength),
            };
            if (parse.GetValue(count))
            {
                TokenStatistics counted = given is null
                    ? CountFile(tokenizer, file!, options.MaxLength)
                    : TokenStatistics.Count(tokenizer, given, options.MaxLength);
                Report(counted, parse.GetValue(CommonOptions.Json), terminal);
            }
            else if (given is null)
            {
                Write(stream => Convert(tokenizer, file!, stream), target, terminal);
            }
            else if (parse.GetValue(CommonOptions.Json) || target is not null)
            {
                IEnumerable<ReadOnlyMemory<byte>> lines = given.Select(text => Line(text, parse.GetValue(pair), options));
                Write(stream => Convert(tokenizer, lines, stream), target, terminal);
            }
            else
            {
                foreach (string text in given) Show(tokenizer, text, parse.GetValue(pair), options, terminal.Rich);
            }
        });
        return command;
    }

    // A folder may hold a tokenizer and no model.
    private static string Folder(string name) =>
        Tokenizer.IsAt(name) ? name : ModelLocator.Find(name).Folder;

    private static StreamReader Open(string input) =>
        File.Exists(input) ? new StreamReader(input) : throw new AteneaException(Catalogue.FileMissing, $"'{input}'");

    private static TokenStatistics CountFile(Tokenizer tokenizer, string input, int? maxLength)
    {
        using StreamReader file = Open(input);
        var lines = new LineReader(file, input);
        if (!input.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)) return TokenStatistics.Count(tokenizer, lines, maxLength);
        IEnumerable<ReadOnlyMemory<byte>> json = Lines(lines, TokenizeLines.LongestCountedLine);
        return TokenStatistics.Count(tokenizer, json.Select(line => TokenizeLines.TextOf(line, lines.Where)), maxLength);
    }

    private static void Report(TokenStatistics counted, bool json, Terminal terminal)
    {
        if (json)
        {
            terminal.WriteJson(counted, CliJson.Default.TokenStatistics);
            return;
        }

        void Row(string name, FormattableString figures) =>
            terminal.Output.WriteLine($"{name,-16} {FormattableString.Invariant(figures)}");

        Row("texts", $"{counted.Texts}");
        Row("words", $"{counted.Words}");
        Row("tokens", $"{counted.Tokens} ({counted.TokensPerWord:0.000} a word)");
        Row("unknown tokens", $"{counted.UnknownTokens} ({counted.UnknownRate:0.000%})");
        Row("length", $"median {counted.MedianText}, longest {counted.LongestText}");
        if (counted.MaxLength is { } most) Row($"cut at {most}", $"{counted.TruncatedTexts} texts, {counted.TruncatedTokens} tokens");
    }

    /// <summary>The lines that are not blank, in UTF-8.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Lines(LineReader lines, int longest)
    {
        while (lines.Next())
        {
            ReadOnlyMemory<byte> line = lines.ReadUtf8(longest);
            if (line.Span.ContainsAnyExcept(" \t\v\f"u8)) yield return line;
        }
    }

    private static void Convert(Tokenizer tokenizer, string input, Stream output)
    {
        using StreamReader file = Open(input);
        var lines = new LineReader(file, input);
        foreach (ReadOnlyMemory<byte> line in Lines(lines, TokenizeLines.LongestLine))
        {
            TokenizeLines.Encode(tokenizer, line, lines.Where, output);
            output.WriteByte((byte)'\n');
        }
    }

    private static void Convert(Tokenizer tokenizer, IEnumerable<ReadOnlyMemory<byte>> texts, Stream output)
    {
        foreach (ReadOnlyMemory<byte> text in texts)
        {
            TokenizeLines.Encode(tokenizer, text, "--text", output);
            output.WriteByte((byte)'\n');
        }
    }

    private static void Write(Action<Stream> write, string? output, Terminal terminal)
    {
        if (output is not null)
        {
            AtomicFile.Write(output, write);
            return;
        }
        // Not disposed: that would close standard output.
        var buffered = new BufferedStream(terminal.OutputStream, 1 << 16);
        try
        {
            write(buffered);
        }
        finally
        {
            buffered.Flush();
        }
    }

    /// <summary>A text of the command line in the form of an input line.</summary>
    private static ReadOnlyMemory<byte> Line(string text, string? pair, EncodeOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("text", text);
            if (pair is not null) json.WriteString("text_pair", pair);
            json.WriteBoolean("add_special_tokens", options.AddSpecialTokens);
            if (options.MaxLength is { } length)
            {
                json.WriteStartObject("options");
                json.WriteNumber("max_length", length);
                json.WriteString("truncation", "longest_first");
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Show(Tokenizer tokenizer, string text, string? pair, EncodeOptions options, IAnsiConsole console)
    {
        Tokenizers.Encoding encoding = tokenizer.Encode(text, pair, options);
        var pieces = new StringBuilder();
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn(new TableColumn("").RightAligned()).AddColumn(new TableColumn("id").RightAligned());
        table.AddColumns("token", "offsets", "text");
        for (int i = 0; i < encoding.Count; i++)
        {
            string token = Markup.Escape(encoding.Tokens[i]);
            bool special = encoding.SpecialTokensMask[i] == 1;
            string style = special ? "dim" : Colours[i % Colours.Length];
            pieces.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? " " : "")}[{style}]{token}[/]");
            TextSpan span = encoding.Offsets[i];
            string source = encoding.SequenceIds[i] == 1 ? pair! : text;
            table.AddRow(
                i.ToString(CultureInfo.InvariantCulture),
                encoding.Ids[i].ToString(CultureInfo.InvariantCulture),
                special ? $"[dim]{token}[/]" : token,
                special ? "" : $"{span.Start}-{span.End}",
                special ? "" : Markup.Escape(Printable(source[span.Start..span.End])));
        }

        console.MarkupLine(pieces.ToString());
        console.Write(table);
        string cut = encoding.TruncatedTokens > 0 ? $", {encoding.TruncatedTokens} more were cut off" : "";
        console.MarkupLine($"[bold]{encoding.Count} tokens[/]{cut}; decoded: {Markup.Escape(tokenizer.Decode(encoding.Ids))}");
    }

    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '·' : c));
}
