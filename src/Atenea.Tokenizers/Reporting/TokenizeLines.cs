using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>
/// The line format of <c>atenea tokenize --input F.jsonl</c>: one JSON object in (text or words, a second text, options), one out with ids,
/// tokens, offsets in code points and in UTF-16 units, word and sequence ids, masks, overflowing pieces and both decodings. Fields at their
/// default are left out: <c>offsets_utf16</c> equal to <c>offsets</c>, <c>type_ids</c> all 0, <c>attention_mask</c> all 1, and
/// <c>sequence_ids</c> that say no more than the special-token mask.
/// </summary>
public static class TokenizeLines
{
    /// <summary>Further overflowing pieces show their ids only, which keeps the lines of long texts short.</summary>
    private const int CompleteOverflows = 2;

    /// <summary>Longest line that is encoded, in bytes: its output has some fifteen times the size.</summary>
    public const int LongestLine = 1 << 24;

    /// <summary>Longest line whose text is only counted, in bytes.</summary>
    public const int LongestCountedLine = 1 << 29;

    /// <summary>Bytes of output that are kept before they are written.</summary>
    private const int FlushedAt = 1 << 16;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Encodes one line.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="line">A line as for the other overload.</param>
    /// <param name="where">File and line, for errors.</param>
    /// <returns>The output line, without a line end.</returns>
    public static string Encode(Tokenizer tokenizer, string line, string where)
    {
        var output = new MemoryStream();
        Encode(tokenizer, System.Text.Encoding.UTF8.GetBytes(line), where, output);
        return System.Text.Encoding.UTF8.GetString(output.GetBuffer().AsSpan(0, (int)output.Length));
    }

    /// <summary>Encodes one line.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="line">
    /// A JSON object with <c>text</c> (and <c>text_pair</c>), <c>words</c> (and <c>words_pair</c>) or <c>batch</c>, in UTF-8.
    /// </param>
    /// <param name="where">File and line, for errors.</param>
    /// <param name="output">
    /// Takes the output line, without a line end. A truncation that cannot be done becomes a line with <c>error</c>.
    /// </param>
    /// <exception cref="AteneaException">
    /// ATN0301: the line is not such an object. ATN0311: an option is not known. ATN0314: a text cannot be encoded in bounded memory.
    /// </exception>
    public static void Encode(Tokenizer tokenizer, ReadOnlyMemory<byte> line, string where, Stream output)
    {
        JsonElement input = JsonReading.ParseObject(line, where);
        EncodeOptions options = ReadOptions(input, where);
        using var writer = new Utf8JsonWriter(new StreamBuffer(output), Compact);
        writer.WriteStartObject();
        foreach (JsonProperty property in input.EnumerateObject())
        {
            if (IsInput(property.Name))
            {
                property.WriteTo(writer);
            }
        }

        try
        {
            Write(writer, tokenizer, input, options, where);
        }
        catch (AteneaException e) when (e.Code == Catalogue.TruncationImpossible)
        {
            writer.WriteString("error", e.What);
        }

        writer.WriteEndObject();
    }

    /// <summary>The text of an input line; words are joined by spaces.</summary>
    /// <param name="line">A line as for <see cref="Encode(Tokenizer, ReadOnlyMemory{byte}, string, Stream)"/>.</param>
    /// <param name="where">File and line, for errors.</param>
    public static string TextOf(ReadOnlyMemory<byte> line, string where)
    {
        JsonElement input = JsonReading.ParseObject(line, where);
        return input.Optional("words") is null
            ? input.Required("text", where).AsText("text", where)
            : string.Join(' ', Strings(input, "words", where));
    }

    private static bool IsInput(string name) =>
        name is "src" or "text" or "text_pair" or "words" or "words_pair" or "is_split_into_words" or "batch" or "add_special_tokens" or "options";

    private static void Write(Utf8JsonWriter writer, Tokenizer tokenizer, JsonElement input, EncodeOptions options, string where)
    {
        bool truncates = options.Truncation != TruncationStrategy.None;
        if (input.Optional("batch") is not null)
        {
            string[] texts = Bounded(tokenizer, Strings(input, "batch", where), where);
            Encoding[] encodings = tokenizer.EncodeBatch(texts, null, options, threads: 1);
            writer.WriteStartArray("results");
            for (int i = 0; i < encodings.Length; i++)
            {
                writer.WriteStartObject();
                WriteEncoding(writer, tokenizer, encodings[i], [texts[i]], null, truncates, []);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            return;
        }

        string[] first;
        string[]? second;
        Encoding encoding;
        bool words = input.Optional("words") is not null;
        if (words)
        {
            first = Bounded(tokenizer, Strings(input, "words", where), where);
            second = input.Optional("words_pair") is null ? null : Bounded(tokenizer, Strings(input, "words_pair", where), where);
            encoding = tokenizer.EncodeWords(first, second, options);
        }
        else
        {
            first = Bounded(tokenizer, [input.Required("text", where).AsText("text", where)], where);
            second = input.Text("text_pair", where) is { } pair ? Bounded(tokenizer, [pair], where) : null;
            encoding = tokenizer.Encode(first[0], second?[0], options);
        }

        if (!words && tokenizer.NormalizedTweet(first[0]) is { } normalized)
        {
            writer.WriteString("normalized", normalized);
        }

        WriteEncoding(writer, tokenizer, encoding, first, second, truncates, words ? [first, second ?? []] : []);
        writer.WriteString("decoded", tokenizer.Decode(encoding.Ids));
        writer.WriteString("decoded_raw", tokenizer.Decode(encoding.Ids, skipSpecialTokens: false));
    }

    private static void WriteEncoding(
        Utf8JsonWriter writer, Tokenizer tokenizer, Encoding encoding, string[] first, string[]? second, bool showOverflow, string[][] words)
    {
        Numbers(writer, "ids", encoding.Ids);
        writer.WriteStartArray("tokens");
        foreach (string token in encoding.Tokens)
        {
            writer.WriteStringValue(token);
            FlushFull(writer);
        }

        writer.WriteEndArray();
        if (tokenizer.GivesOffsets)
        {
            WriteOffsets(writer, encoding, first, second, words);
            WriteIds(writer, "word_ids", encoding.WordIds);
            bool plain = true;
            for (int i = 0; i < encoding.Count; i++)
            {
                plain &= encoding.SequenceIds[i] == (encoding.SpecialTokensMask[i] == 1 ? Encoding.None : 0);
            }

            if (!plain)
            {
                WriteIds(writer, "sequence_ids", encoding.SequenceIds);
            }
        }

        if (tokenizer.GivesTypeIds && encoding.TypeIds.AsSpan().ContainsAnyExcept(0))
        {
            Numbers(writer, "type_ids", encoding.TypeIds);
        }

        if (encoding.AttentionMask.AsSpan().ContainsAnyExcept(1))
        {
            Numbers(writer, "attention_mask", encoding.AttentionMask);
        }

        Numbers(writer, "special_tokens_mask", encoding.SpecialTokensMask);
        if (showOverflow && tokenizer.GivesOffsets)
        {
            writer.WriteStartArray("overflowing");
            for (int i = 0; i < encoding.Overflowing.Count; i++)
            {
                writer.WriteStartObject();
                if (i < CompleteOverflows)
                {
                    WriteEncoding(writer, tokenizer, encoding.Overflowing[i], first, second, showOverflow: false, words);
                }
                else
                {
                    Numbers(writer, "ids", encoding.Overflowing[i].Ids);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteOffsets(Utf8JsonWriter writer, Encoding encoding, string[] first, string[]? second, string[][] words)
    {
        var points = new TextSpan[encoding.Count];
        var indices = new Dictionary<string, int[]?>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = encoding.Offsets[i];
            int sequence = encoding.Sources[i];
            if (sequence == Encoding.None)
            {
                continue;
            }

            string text = words.Length > 0 ? words[sequence][encoding.WordIds[i]] : (sequence == 0 ? first : second!)[0];
            if (!indices.TryGetValue(text, out int[]? index))
            {
                index = TextOffsets.CodePointIndex(text);
                indices.Add(text, index);
            }

            if (index is not null)
            {
                points[i] = new TextSpan(index[points[i].Start], index[points[i].End]);
            }
        }

        Spans(writer, "offsets", points);
        if (!points.AsSpan().SequenceEqual(encoding.Offsets))
        {
            Spans(writer, "offsets_utf16", encoding.Offsets);
        }
    }

    private static void Spans(Utf8JsonWriter writer, string name, TextSpan[] spans)
    {
        writer.WriteStartArray(name);
        foreach (TextSpan span in spans)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(span.Start);
            writer.WriteNumberValue(span.End);
            writer.WriteEndArray();
            FlushFull(writer);
        }

        writer.WriteEndArray();
    }

    private static void Numbers(Utf8JsonWriter writer, string name, int[] values)
    {
        writer.WriteStartArray(name);
        foreach (int value in values)
        {
            writer.WriteNumberValue(value);
            FlushFull(writer);
        }

        writer.WriteEndArray();
    }

    private static void WriteIds(Utf8JsonWriter writer, string name, int[] values)
    {
        writer.WriteStartArray(name);
        foreach (int value in values)
        {
            if (value == Encoding.None)
            {
                writer.WriteNullValue();
            }
            else
            {
                writer.WriteNumberValue(value);
            }

            FlushFull(writer);
        }

        writer.WriteEndArray();
    }

    private static void FlushFull(Utf8JsonWriter writer)
    {
        if (writer.BytesPending > FlushedAt)
        {
            writer.Flush();
        }
    }

    private static string[] Bounded(Tokenizer tokenizer, string[] texts, string where)
    {
        foreach (string text in texts)
        {
            tokenizer.RequireBounded(text, where);
        }

        return texts;
    }

    private static string[] Strings(JsonElement input, string key, string where) =>
        [.. input.Items(key, where).Select(t => t.AsText(key, where))];

    private static EncodeOptions ReadOptions(JsonElement input, string where)
    {
        var options = new EncodeOptions
        {
            AddSpecialTokens = input.Flag("add_special_tokens", true, where),
            Truncation = TruncationStrategy.None,
        };
        if (input.Optional("options") is not { } given)
        {
            return options;
        }

        foreach (JsonProperty option in given.EnumerateObject())
        {
            JsonElement value = option.Value;
            if (value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            options = option.Name switch
            {
                "max_length" => options with { MaxLength = value.AsInteger("max_length", where) },
                "stride" => options with { Stride = value.AsInteger("stride", where) },
                "pad_to_multiple_of" => options with { PadToMultipleOf = value.AsInteger("pad_to_multiple_of", where) },
                "truncation" => options with { Truncation = Strategy(value, where) },
                "padding" => options with { Padding = PaddingOf(value, where) },
                "truncation_side" => options with { TruncationSide = SideOf(value, "truncation_side", where) },
                "padding_side" => options with { PaddingSide = SideOf(value, "padding_side", where) },
                "add_special_tokens" => options with { AddSpecialTokens = given.Flag("add_special_tokens", true, where) },
                string other => throw new AteneaException(Catalogue.TokenizerOptionInvalid, $"there is no option '{other}'", where),
            };
        }

        return options;
    }

    private static TruncationStrategy Strategy(JsonElement value, string where) => value.ValueKind switch
    {
        JsonValueKind.True => TruncationStrategy.LongestFirst,
        JsonValueKind.False => TruncationStrategy.None,
        _ => value.AsText("truncation", where) switch
        {
            "longest_first" => TruncationStrategy.LongestFirst,
            "only_first" => TruncationStrategy.OnlyFirst,
            "only_second" => TruncationStrategy.OnlySecond,
            "do_not_truncate" => TruncationStrategy.None,
            string other => throw new AteneaException(Catalogue.TokenizerOptionInvalid, $"truncation '{other}'", where),
        },
    };

    private static PaddingStrategy PaddingOf(JsonElement value, string where) => value.ValueKind switch
    {
        JsonValueKind.True => PaddingStrategy.Longest,
        JsonValueKind.False => PaddingStrategy.None,
        _ => value.AsText("padding", where) switch
        {
            "longest" => PaddingStrategy.Longest,
            "max_length" => PaddingStrategy.MaxLength,
            "do_not_pad" => PaddingStrategy.None,
            string other => throw new AteneaException(Catalogue.TokenizerOptionInvalid, $"padding '{other}'", where),
        },
    };

    private static Side SideOf(JsonElement value, string key, string where) => value.AsText(key, where) switch
    {
        "right" => Side.Right,
        "left" => Side.Left,
        string other => throw new AteneaException(Catalogue.TokenizerOptionInvalid, $"{key} '{other}'", where),
    };

    /// <summary>Hands what is written on to a stream, which the writer must not flush after every line.</summary>
    private sealed class StreamBuffer(Stream stream) : IBufferWriter<byte>
    {
        private byte[] _buffer = [];

        public void Advance(int count) => stream.Write(_buffer, 0, count);

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            if (_buffer.Length < Math.Max(1, sizeHint))
            {
                _buffer = new byte[Math.Max(sizeHint, 1 << 12)];
            }

            return _buffer;
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
