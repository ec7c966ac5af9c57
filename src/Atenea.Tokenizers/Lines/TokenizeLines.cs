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
    /// <summary>Longest line that is encoded, in bytes: its output has some fifteen times the size.</summary>
    public const int LongestLine = 1 << 24;

    /// <summary>Longest line whose text is only counted, in bytes.</summary>
    public const int LongestCountedLine = 1 << 29;

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
        EncodeOptions options = EncodeOptionsJson.Read(input, where);
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

    private static bool IsInput(string name) => name is "src" or "text" or "text_pair" or "words" or "words_pair" or "is_split_into_words"
        or "batch" or "add_special_tokens" or "options";

    private static void Write(Utf8JsonWriter writer, Tokenizer tokenizer, JsonElement input, EncodeOptions options, string where)
    {
        bool showOverflow = options.Truncation != TruncationStrategy.None;
        if (input.Optional("batch") is not null)
        {
            string[] texts = Texts(tokenizer, input, "batch", where);
            Encoding[] encodings = tokenizer.EncodeBatch(texts, null, options, threads: 1);
            writer.WriteStartArray("results");
            for (int i = 0; i < encodings.Length; i++)
            {
                writer.WriteStartObject();
                new EncodingJson(writer, tokenizer, [texts[i]], null, ByWord: false).Write(encodings[i], showOverflow);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            return;
        }

        bool byWord = input.Optional("words") is not null;
        string[] first = byWord
            ? Texts(tokenizer, input, "words", where)
            : [Bounded(tokenizer, input.Required("text", where).AsText("text", where), where)];
        string[]? second = byWord
            ? input.Optional("words_pair") is null ? null : Texts(tokenizer, input, "words_pair", where)
            : input.Text("text_pair", where) is { } pair ? [Bounded(tokenizer, pair, where)] : null;
        Encoding encoding = byWord
            ? tokenizer.EncodeWords(first, second, options)
            : tokenizer.Encode(first[0], second?[0], options);

        if (!byWord && tokenizer.NormalizedTweet(first[0]) is { } normalized) writer.WriteString("normalized", normalized);
        new EncodingJson(writer, tokenizer, first, second, byWord).Write(encoding, showOverflow);
        writer.WriteString("decoded", tokenizer.Decode(encoding.Ids));
        writer.WriteString("decoded_raw", tokenizer.Decode(encoding.Ids, skipSpecialTokens: false));
    }

    private static string[] Texts(Tokenizer tokenizer, JsonElement input, string key, string where) =>
        [.. Strings(input, key, where).Select(text => Bounded(tokenizer, text, where))];

    private static string Bounded(Tokenizer tokenizer, string text, string where)
    {
        tokenizer.RequireBounded(text, where);
        return text;
    }

    private static IEnumerable<string> Strings(JsonElement input, string key, string where) =>
        input.Items(key, where).Select(text => text.AsText(key, where));

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
