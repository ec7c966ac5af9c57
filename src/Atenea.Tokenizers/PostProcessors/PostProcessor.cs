using System.Text;

namespace Atenea.Tokenizers;

/// <summary>One place of a template: a special token, or a sequence where <paramref name="Sequence"/> is 0 or 1.</summary>
internal readonly record struct TemplatePart(int Sequence, int TypeId, int[] Ids, string[] Tokens)
{
    /// <summary>A sequence's place.</summary>
    public static TemplatePart Of(int sequence, int typeId) => new(sequence, typeId, [], []);

    /// <summary>A special token's place.</summary>
    public static TemplatePart Special(int id, string token, int typeId) => new(Encoding.None, typeId, [id], [token]);
}

/// <summary>
/// Special tokens around one or two sequences, type ids, and offsets trimmed of spaces (byte level). Every post-processor of
/// tokenizer.json comes down to these three.
/// </summary>
internal sealed class PostProcessor
{
    /// <summary>The parts for one sequence.</summary>
    public TemplatePart[] Single { get; set; } = [TemplatePart.Of(0, 0)];

    /// <summary>The parts for a pair.</summary>
    public TemplatePart[] Pair { get; set; } = [TemplatePart.Of(0, 0), TemplatePart.Of(1, 1)];

    /// <summary>Whether leading and trailing spaces are cut off the offsets.</summary>
    public bool TrimOffsets { get; set; }

    /// <summary>Whether the pre-tokenizer adds a space before the first word, which is then not cut off.</summary>
    public bool AddPrefixSpace { get; set; }

    /// <summary>
    /// Whether overflowing pieces also get the template's type ids (RobertaProcessing); else they keep the sequence's number.
    /// </summary>
    public bool TypesOverflow { get; set; }

    /// <summary>Whether the file names no post-processor; sequence ids then follow rules of their own.</summary>
    public bool IsDefault { get; set; }

    /// <summary>Number of special tokens that the template adds.</summary>
    public int AddedTokens(bool pair)
    {
        int count = 0;
        foreach (TemplatePart part in pair ? Pair : Single)
        {
            count += part.Ids.Length;
        }

        return count;
    }

    /// <summary>Joins the sequences and the special tokens, overflowing pieces included.</summary>
    public Encoding Process(Encoding first, Encoding? second, bool addSpecialTokens)
    {
        if (TrimOffsets)
        {
            Trim(first);
            if (second is not null)
            {
                Trim(second);
            }
        }

        List<Encoding> main = [];
        List<List<Encoding>> overflowing = [];
        int truncated = 0;
        foreach (TemplatePart part in second is null ? Single : Pair)
        {
            if (part.Sequence == Encoding.None)
            {
                if (addSpecialTokens)
                {
                    for (int i = 0; i < part.Ids.Length; i++)
                    {
                        Add(main, overflowing, Encoding.Special(part.Ids[i], part.Tokens[i], part.TypeId));
                    }
                }

                continue;
            }

            Encoding sequence = part.Sequence == 0 ? first : second!;
            SetTypes(sequence, part, addSpecialTokens);
            truncated += sequence.TruncatedTokens;
            Add(main, overflowing, sequence);
        }

        Encoding joined = Encoding.Join(main);
        joined.Overflowing = [.. overflowing.Select(Encoding.Join)];
        joined.TruncatedTokens = truncated;
        if (IsDefault)
        {
            SetDefaultSequences(joined, overflowing, first, second);
        }

        return joined;
    }

    private void SetTypes(Encoding sequence, TemplatePart part, bool addSpecialTokens)
    {
        Array.Fill(sequence.TypeIds, part.TypeId);
        foreach (Encoding piece in sequence.Overflowing)
        {
            Array.Fill(piece.TypeIds, TypesOverflow && addSpecialTokens ? part.TypeId : part.Sequence);
        }
    }

    /// <summary>
    /// Without a post-processor the reference marks only the two main sequences of a pair. Where it has no mark for the first sequence it
    /// takes everything for it, padding included; so also for a single text.
    /// </summary>
    private static void SetDefaultSequences(Encoding joined, List<List<Encoding>> overflowing, Encoding first, Encoding? second)
    {
        joined.PaddingSequence = second is null ? 0 : Encoding.None;
        for (int i = 0; i < overflowing.Count; i++)
        {
            Encoding piece = joined.Overflowing[i];
            bool marked = second is not null && ReferenceEquals(overflowing[i][0], first);
            piece.PaddingSequence = marked ? Encoding.None : 0;
            piece.SequenceIds.AsSpan(marked ? first.Count : 0).Fill(piece.PaddingSequence);
        }
    }

    private static void Add(List<Encoding> main, List<List<Encoding>> overflowing, Encoding part)
    {
        // Each piece cut off so far goes on with the part, then with everything that was cut off the part.
        List<List<Encoding>> next = [];
        foreach (List<Encoding> piece in overflowing)
        {
            next.Add([.. piece, part]);
            foreach (Encoding other in part.Overflowing)
            {
                next.Add([.. piece, other]);
            }
        }

        foreach (Encoding other in part.Overflowing)
        {
            next.Add([.. main, other]);
        }

        overflowing.Clear();
        overflowing.AddRange(next);
        main.Add(part);
    }

    private void Trim(Encoding encoding)
    {
        for (int i = 0; i < encoding.Count; i++)
        {
            string token = encoding.Tokens[i];
            int leading = 0;
            int trailing = 0;
            while (leading < token.Length && IsSpace(token[leading]))
            {
                leading++;
            }

            while (trailing < token.Length && IsSpace(token[token.Length - 1 - trailing]))
            {
                trailing++;
            }

            if (leading == 0 && trailing == 0) continue;

            // The reference counts code points: a bound that would fall within a surrogate pair moves on to its end.
            string text = encoding.ByWord ? encoding.Texts[encoding.WordIds[i]] : encoding.Texts[0];
            (int start, int end) = encoding.Offsets[i];
            if (leading > 0)
            {
                // A single space before the first word is the one that was added; more than one are the text's own.
                bool added = leading == 1 && AddPrefixSpace && (i == 0 || start == 0);
                start = Math.Min(start + (added ? 0 : leading), end);
                start += IsWithinPair(text, start) ? 1 : 0;
            }

            if (trailing > 0 && end >= trailing)
            {
                end = Math.Max(end - trailing, start);
                end -= IsWithinPair(text, end) ? 1 : 0;
            }

            encoding.Offsets[i] = new TextSpan(start, end);
        }

        foreach (Encoding piece in encoding.Overflowing)
        {
            Trim(piece);
        }
    }

    private static bool IsWithinPair(string text, int at) =>
        at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) && char.IsHighSurrogate(text[at - 1]);

    /// <summary>White space, or the byte alphabet's letter for the space byte.</summary>
    private static bool IsSpace(char unit) =>
        unit == 'Ġ' || (Rune.TryCreate(unit, out Rune rune) && UnicodeTables.WhiteSpace.Contains(rune.Value));
}
