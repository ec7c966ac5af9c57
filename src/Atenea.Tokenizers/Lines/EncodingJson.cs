using System.Text.Json;

namespace Atenea.Tokenizers;

/// <summary>
/// An encoding as properties of a JSON object: ids, tokens, offsets in code points and in UTF-16 units, word and sequence ids, masks and
/// overflowing pieces. Properties at their default are left out (<see cref="TokenizeLines"/>). Long ones are flushed as they are written.
/// </summary>
/// <param name="Writer">Writes the object.</param>
/// <param name="Tokenizer">The tokenizer that made the encoding.</param>
/// <param name="First">The first text, or its words.</param>
/// <param name="Second">The second text, or its words; null if there is none.</param>
/// <param name="ByWord">Whether the texts were given as words.</param>
internal readonly record struct EncodingJson(
    Utf8JsonWriter Writer, Tokenizer Tokenizer, string[] First, string[]? Second, bool ByWord)
{
    /// <summary>Further overflowing pieces show their ids only, which keeps the lines of long texts short.</summary>
    private const int CompleteOverflows = 2;

    /// <summary>Bytes of output that are kept before they are written.</summary>
    private const int FlushedAt = 1 << 16;

    /// <summary>Writes the properties.</summary>
    /// <param name="encoding">The encoding.</param>
    /// <param name="showOverflow">Whether what truncation cut off is shown, too.</param>
    public void Write(Encoding encoding, bool showOverflow)
    {
        Array("ids", encoding.Ids, static (writer, id) => writer.WriteNumberValue(id));
        Array("tokens", encoding.Tokens, static (writer, token) => writer.WriteStringValue(token));
        if (Tokenizer.GivesOffsets)
        {
            TextSpan[] offsets = CodePointOffsets(encoding);
            Array("offsets", offsets, Span);
            if (!offsets.AsSpan().SequenceEqual(encoding.Offsets)) Array("offsets_utf16", encoding.Offsets, Span);
            Array("word_ids", encoding.WordIds, IdOrNull);
            if (!SequencesFollowSpecials(encoding)) Array("sequence_ids", encoding.SequenceIds, IdOrNull);
        }

        if (Tokenizer.GivesTypeIds && encoding.TypeIds.AsSpan().ContainsAnyExcept(0))
        {
            Array("type_ids", encoding.TypeIds, static (writer, id) => writer.WriteNumberValue(id));
        }

        if (encoding.AttentionMask.AsSpan().ContainsAnyExcept(1))
        {
            Array("attention_mask", encoding.AttentionMask, static (writer, mask) => writer.WriteNumberValue(mask));
        }

        Array("special_tokens_mask", encoding.SpecialTokensMask, static (writer, mask) => writer.WriteNumberValue(mask));
        if (showOverflow && Tokenizer.GivesOffsets) WriteOverflowing(encoding.Overflowing);
    }

    private void WriteOverflowing(IReadOnlyList<Encoding> pieces)
    {
        Writer.WriteStartArray("overflowing");
        for (int i = 0; i < pieces.Count; i++)
        {
            Writer.WriteStartObject();
            if (i < CompleteOverflows)
            {
                Write(pieces[i], showOverflow: false);
            }
            else
            {
                Array("ids", pieces[i].Ids, static (writer, id) => writer.WriteNumberValue(id));
            }

            Writer.WriteEndObject();
        }

        Writer.WriteEndArray();
    }

    private void Array<T>(string name, T[] values, Action<Utf8JsonWriter, T> write)
    {
        Writer.WriteStartArray(name);
        foreach (T value in values)
        {
            write(Writer, value);
            if (Writer.BytesPending > FlushedAt) Writer.Flush();
        }

        Writer.WriteEndArray();
    }

    private static void Span(Utf8JsonWriter writer, TextSpan span)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(span.Start);
        writer.WriteNumberValue(span.End);
        writer.WriteEndArray();
    }

    private static void IdOrNull(Utf8JsonWriter writer, int id)
    {
        if (id == Encoding.None)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteNumberValue(id);
        }
    }

    /// <summary>Whether the sequence ids say no more than the special-token mask does.</summary>
    private static bool SequencesFollowSpecials(Encoding encoding)
    {
        for (int i = 0; i < encoding.Count; i++)
        {
            if (encoding.SequenceIds[i] != (encoding.SpecialTokensMask[i] == 1 ? Encoding.None : 0)) return false;
        }

        return true;
    }

    private TextSpan[] CodePointOffsets(Encoding encoding)
    {
        var points = new TextSpan[encoding.Count];
        var indices = new Dictionary<string, int[]?>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = encoding.Offsets[i];
            int sequence = encoding.Sources[i];
            if (sequence == Encoding.None) continue;

            string text = (sequence == 0 ? First : Second!)[ByWord ? encoding.WordIds[i] : 0];
            if (!indices.TryGetValue(text, out int[]? index))
            {
                index = TextOffsets.CodePointIndex(text);
                indices.Add(text, index);
            }

            if (index is not null) points[i] = new TextSpan(index[points[i].Start], index[points[i].End]);
        }

        return points;
    }
}
