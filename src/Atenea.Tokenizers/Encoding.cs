namespace Atenea.Tokenizers;

/// <summary>A half-open stretch [Start, End) of a text, in UTF-16 units unless said otherwise.</summary>
/// <param name="Start">The first unit.</param>
/// <param name="End">One past the last unit.</param>
public readonly record struct TextSpan(int Start, int End);

/// <summary>
/// The tokens of one text or pair, one entry per token in every array. Offsets are UTF-16 units of the token's own sequence
/// (of its own word where words were given); <see cref="TextOffsets.ToCodePoints"/> converts them.
/// </summary>
public sealed class Encoding
{
    /// <summary>The value of <see cref="WordIds"/> and <see cref="SequenceIds"/> where there is none (special tokens, padding).</summary>
    public const int None = -1;

    internal Encoding(int count)
    {
        Ids = new int[count];
        TypeIds = new int[count];
        Tokens = new string[count];
        Offsets = new TextSpan[count];
        WordIds = new int[count];
        SequenceIds = new int[count];
        SpecialTokensMask = new int[count];
        AttentionMask = new int[count];
        Sources = new int[count];
    }

    /// <summary>Number of tokens, special ones and padding included.</summary>
    public int Count => Ids.Length;

    /// <summary>Vocabulary ids.</summary>
    public int[] Ids { get; }

    /// <summary>Type (segment) ids: which part of a pair, as the post-processor numbers them.</summary>
    public int[] TypeIds { get; }

    /// <summary>The tokens as text; an added token shows the text that it matched.</summary>
    public string[] Tokens { get; }

    /// <summary>Where each token comes from; (0, 0) for special tokens and padding.</summary>
    public TextSpan[] Offsets { get; }

    /// <summary>The word of each token, or <see cref="None"/>: the number of the pre-tokenizer's word, or of the word as given.</summary>
    public int[] WordIds { get; }

    /// <summary>0 for the first text, 1 for the second, or <see cref="None"/>.</summary>
    public int[] SequenceIds { get; }

    /// <summary>1 for special tokens and padding, else 0.</summary>
    public int[] SpecialTokensMask { get; }

    /// <summary>0 for padding, else 1.</summary>
    public int[] AttentionMask { get; }

    /// <summary>What truncation cut off, as further encodings; empty if nothing was cut.</summary>
    public IReadOnlyList<Encoding> Overflowing { get; internal set; } = [];

    /// <summary>Whether truncation took place.</summary>
    public bool WasTruncated => Overflowing.Count > 0;

    /// <summary>Number of text tokens that truncation dropped from this encoding.</summary>
    public int TruncatedTokens { get; internal set; }

    /// <summary>The token that holds a character, or null for one that no token holds (white space).</summary>
    /// <param name="index">UTF-16 unit of the text.</param>
    /// <param name="sequence">0 for the first text, 1 for the second.</param>
    public int? CharToToken(int index, int sequence = 0)
    {
        for (int i = 0; i < Count; i++)
        {
            if (SequenceIds[i] == sequence && Offsets[i].Start <= index && index < Offsets[i].End) return i;
        }

        return null;
    }

    /// <summary>The stretch of text that a token stands for, with its sequence, or null for special tokens and padding.</summary>
    public (int Sequence, TextSpan Span)? TokenToChars(int token) =>
        SequenceIds[token] == None ? null : (SequenceIds[token], Offsets[token]);

    /// <summary>The word of a token, with its sequence, or null.</summary>
    public (int Sequence, int Word)? TokenToWord(int token) =>
        SequenceIds[token] == None || WordIds[token] == None ? null : (SequenceIds[token], WordIds[token]);

    /// <summary>The tokens [Start, End) of a word, or null if the encoding does not hold it.</summary>
    public TextSpan? WordToTokens(int word, int sequence = 0)
    {
        int first = -1;
        int last = -1;
        for (int i = 0; i < Count; i++)
        {
            if (SequenceIds[i] == sequence && WordIds[i] == word)
            {
                first = first < 0 ? i : first;
                last = i;
            }
        }

        return first < 0 ? null : new TextSpan(first, last + 1);
    }

    /// <summary>The stretch of text of a word, or null if the encoding does not hold it.</summary>
    public TextSpan? WordToChars(int word, int sequence = 0) => WordToTokens(word, sequence) is { } tokens
        ? new TextSpan(Offsets[tokens.Start].Start, Offsets[tokens.End - 1].End)
        : null;

    /// <summary>The word that holds a character, or null.</summary>
    public int? CharToWord(int index, int sequence = 0) =>
        CharToToken(index, sequence) is { } token && WordIds[token] != None ? WordIds[token] : null;

    /// <summary>
    /// The text that each token really comes from; without a post-processor the reference's sequence ids do not always say so.
    /// </summary>
    internal int[] Sources { get; }

    /// <summary>The sequence id that padding gets.</summary>
    internal int PaddingSequence { get; set; } = None;

    /// <summary>The text, or the words, that a single sequence was made of.</summary>
    internal IReadOnlyList<string> Texts { get; set; } = [];

    /// <summary>Whether <see cref="Texts"/> are words, one per word id.</summary>
    internal bool ByWord { get; set; }

    internal static Encoding Special(int id, string token, int typeId)
    {
        var encoding = new Encoding(1);
        encoding.Set(0, id, token, default, None, None, typeId);
        encoding.SpecialTokensMask[0] = 1;
        return encoding;
    }

    internal void Set(int at, int id, string token, TextSpan offsets, int word, int sequence, int typeId)
    {
        Ids[at] = id;
        Tokens[at] = token;
        Offsets[at] = offsets;
        WordIds[at] = word;
        SequenceIds[at] = sequence;
        Sources[at] = sequence;
        TypeIds[at] = typeId;
        AttentionMask[at] = 1;
    }

    internal void CopyFrom(Encoding other, int start, int count, int at)
    {
        Array.Copy(other.Ids, start, Ids, at, count);
        Array.Copy(other.TypeIds, start, TypeIds, at, count);
        Array.Copy(other.Tokens, start, Tokens, at, count);
        Array.Copy(other.Offsets, start, Offsets, at, count);
        Array.Copy(other.WordIds, start, WordIds, at, count);
        Array.Copy(other.SequenceIds, start, SequenceIds, at, count);
        Array.Copy(other.SpecialTokensMask, start, SpecialTokensMask, at, count);
        Array.Copy(other.AttentionMask, start, AttentionMask, at, count);
        Array.Copy(other.Sources, start, Sources, at, count);
    }

    internal Encoding Slice(int start, int end)
    {
        var part = new Encoding(end - start) { Texts = Texts, ByWord = ByWord };
        part.CopyFrom(this, start, end - start, 0);
        return part;
    }

    internal static Encoding Join(IReadOnlyList<Encoding> parts)
    {
        if (parts.Count == 1) return parts[0];

        int count = 0;
        foreach (Encoding part in parts)
        {
            count += part.Count;
        }

        var joined = new Encoding(count);
        int at = 0;
        foreach (Encoding part in parts)
        {
            joined.CopyFrom(part, 0, part.Count, at);
            at += part.Count;
        }

        return joined;
    }
}
