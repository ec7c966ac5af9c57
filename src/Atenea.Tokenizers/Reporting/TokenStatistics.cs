using System.Buffers;

namespace Atenea.Tokenizers.Reporting;

/// <summary>What a tokenizer makes of a collection of texts.</summary>
public sealed record TokenStatistics
{
    /// <summary>Number of texts.</summary>
    public long Texts { get; init; }

    /// <summary>Number of words, that is, of runs without white space.</summary>
    public long Words { get; init; }

    /// <summary>Number of UTF-16 units.</summary>
    public long Characters { get; init; }

    /// <summary>Number of tokens, without special ones.</summary>
    public long Tokens { get; init; }

    /// <summary>Number of unknown tokens.</summary>
    public long UnknownTokens { get; init; }

    /// <summary>Tokens of the longest text, special ones included.</summary>
    public int LongestText { get; init; }

    /// <summary>Tokens of the middle text by length, special ones included.</summary>
    public int MedianText { get; init; }

    /// <summary>The length that <see cref="TruncatedTexts"/> and <see cref="TruncatedTokens"/> refer to, or null.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Texts longer than <see cref="MaxLength"/>, special tokens included.</summary>
    public long TruncatedTexts { get; init; }

    /// <summary>Tokens that truncation to <see cref="MaxLength"/> would drop.</summary>
    public long TruncatedTokens { get; init; }

    /// <summary>Tokens a word.</summary>
    public double TokensPerWord => Words == 0 ? 0 : (double)Tokens / Words;

    /// <summary>Unknown tokens among all tokens, from 0 to 1.</summary>
    public double UnknownRate => Tokens == 0 ? 0 : (double)UnknownTokens / Tokens;

    /// <summary>Counts.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="maxLength">Length in tokens, special ones included, to count truncation for; null for none.</param>
    public static TokenStatistics Count(Tokenizer tokenizer, IEnumerable<string> texts, int? maxLength = null)
    {
        var ids = new ArrayBufferWriter<int>();
        List<int> lengths = [];
        long words = 0;
        long characters = 0;
        long tokens = 0;
        long unknown = 0;
        long truncatedTexts = 0;
        long truncatedTokens = 0;
        int special = tokenizer.CountSpecialTokens(pair: false);
        foreach (string text in texts)
        {
            ids.ResetWrittenCount();
            int count = tokenizer.EncodeIds(text, ids, addSpecialTokens: false);
            tokens += count;
            unknown += tokenizer.UnknownTokenId is { } id ? ids.WrittenSpan.Count(id) : 0;
            characters += text.Length;
            words += CountWords(text);
            lengths.Add(count + special);
            if (maxLength is { } most && count + special > most)
            {
                truncatedTexts++;
                truncatedTokens += count + special - most;
            }
        }

        lengths.Sort();
        return new TokenStatistics
        {
            Texts = lengths.Count,
            Words = words,
            Characters = characters,
            Tokens = tokens,
            UnknownTokens = unknown,
            LongestText = lengths.Count == 0 ? 0 : lengths[^1],
            MedianText = lengths.Count == 0 ? 0 : lengths[lengths.Count / 2],
            MaxLength = maxLength,
            TruncatedTexts = truncatedTexts,
            TruncatedTokens = truncatedTokens,
        };
    }

    private static long CountWords(string text)
    {
        long words = 0;
        bool within = false;
        foreach (char unit in text)
        {
            bool space = Unicode.UnicodeTables.WhiteSpace.Contains(unit);
            words += !space && !within ? 1 : 0;
            within = !space;
        }

        return words;
    }
}
