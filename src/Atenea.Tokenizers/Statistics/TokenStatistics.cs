namespace Atenea.Tokenizers;

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

    /// <summary>Counts texts.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="maxLength">Length in tokens, special ones included, to count truncation for; null for none.</param>
    /// <exception cref="Errors.AteneaException">ATN0314: a text with an endless word.</exception>
    public static TokenStatistics Count(Tokenizer tokenizer, IEnumerable<string> texts, int? maxLength = null)
    {
        var counter = new TextCounter(tokenizer, maxLength);
        int number = 0;
        foreach (string text in texts)
        {
            counter.Add(text, $"text {++number}");
            counter.EndText();
        }

        return counter.Result();
    }

    /// <summary>Counts lines, in memory that does not grow with their length.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="lines">The lines; each is a text.</param>
    /// <param name="maxLength">As for the other overload.</param>
    /// <exception cref="Errors.AteneaException">ATN0314: a line with an endless word.</exception>
    public static TokenStatistics Count(Tokenizer tokenizer, LineReader lines, int? maxLength = null)
    {
        var counter = new TextCounter(tokenizer, maxLength);
        while (lines.Next())
        {
            for (ReadOnlySpan<char> chunk = lines.NextChunk(); !chunk.IsEmpty; chunk = lines.NextChunk())
            {
                counter.Add(chunk, lines.Where);
            }

            counter.EndText();
        }

        return counter.Result();
    }
}
