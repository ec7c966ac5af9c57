using System.Buffers;
using Atenea.Errors;
using Atenea.Tokenizers;

namespace Atenea.Data;

/// <summary>One bar of a histogram.</summary>
/// <param name="From">Smallest length that it counts.</param>
/// <param name="To">Largest length that it counts.</param>
/// <param name="Rows">Rows of these lengths.</param>
public sealed record LengthBar(int From, int To, long Rows);

/// <summary>The lengths of texts in tokens, special ones included.</summary>
public sealed record LengthReport
{
    /// <summary>The model whose tokenizer was used.</summary>
    public required string Model { get; init; }

    /// <summary>Most tokens that it is given.</summary>
    public required int MaxLength { get; init; }

    /// <summary>Rows that were counted: all, or a random sample of a large file.</summary>
    public required int Rows { get; init; }

    /// <summary>The mean.</summary>
    public required double Mean { get; init; }

    /// <summary>The smallest.</summary>
    public required int Min { get; init; }

    /// <summary>The median.</summary>
    public required int Median { get; init; }

    /// <summary>Nine texts in ten are no longer.</summary>
    public required int P90 { get; init; }

    /// <summary>95 texts in 100 are no longer.</summary>
    public required int P95 { get; init; }

    /// <summary>99 texts in 100 are no longer.</summary>
    public required int P99 { get; init; }

    /// <summary>The largest. A text of more than 100,000 characters is counted up to there.</summary>
    public required int Max { get; init; }

    /// <summary>Rows longer than <see cref="MaxLength"/>, among those counted.</summary>
    public required long Truncated { get; init; }

    /// <summary>Share of these rows.</summary>
    public double TruncatedShare => Rows == 0 ? 0 : (double)Truncated / Rows;

    /// <summary>Tokens a word or sign (a run of letters and digits, or another visible character), without special ones.</summary>
    public required double TokensPerWord { get; init; }

    /// <summary>Share of unknown tokens.</summary>
    public required double UnknownShare { get; init; }

    /// <summary>The lengths in bars of equal width up to the 99th percentile, and one for all above.</summary>
    public required IReadOnlyList<LengthBar> Histogram { get; init; }
}

/// <summary>Counts the tokens of the texts of a split, of large ones those of a random sample.</summary>
/// <param name="model">The model whose tokenizer is used.</param>
internal sealed class TokenLengths(CheckedModel model)
{
    private readonly Tokenizer _tokenizer = model.Tokenizer;
    private readonly List<int> _lengths = [];
    private readonly ArrayBufferWriter<int> _ids = new();
    private long _candidates;
    private long _words;
    private long _lettersOfWords;
    private long _visible;
    private long _tokens;
    private long _unknown;

    /// <summary>Looks at the text or pair of a row.</summary>
    public void Add(string text, string? pair)
    {
        _candidates++;
        long slot = _lengths.Count < CheckLimits.TokenizedRows ? _lengths.Count : Sampling.Draw(_candidates, _candidates);
        if (slot >= CheckLimits.TokenizedRows) return;
        int length = Count(text) + (pair is null ? 0 : Count(pair)) + _tokenizer.CountSpecialTokens(pair is not null);
        if (slot == _lengths.Count) _lengths.Add(length);
        else _lengths[(int)slot] = length;
    }

    /// <summary>The figures; null without rows.</summary>
    public LengthReport? Report()
    {
        if (_lengths.Count == 0) return null;
        int[] sorted = [.. _lengths.Order()];
        return new LengthReport
        {
            Model = model.Name,
            MaxLength = model.MaxLength,
            Rows = sorted.Length,
            Mean = sorted.Average(),
            Min = sorted[0],
            Median = At(0.5),
            P90 = At(0.9),
            P95 = At(0.95),
            P99 = At(0.99),
            Max = sorted[^1],
            Truncated = sorted.Count(l => l > model.MaxLength),
            // Each sign that is no part of a word is mostly a token of its own.
            TokensPerWord = _words == 0 ? 0 : (double)_tokens / (_words + _visible - _lettersOfWords),
            UnknownShare = _tokens == 0 ? 0 : (double)_unknown / _tokens,
            Histogram = Histogram(sorted, At(0.99)),
        };

        // Nearest rank: the smallest length that so large a share does not exceed.
        int At(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }

    /// <summary>What the figures mean.</summary>
    public IEnumerable<CheckFinding> Findings(LengthReport report)
    {
        if (report.Truncated > 0)
        {
            yield return CheckFinding.Whole(Catalogue.TextsTruncated,
                report.TruncatedShare >= CheckLimits.ManyTruncated ? FindingSeverity.Warning : FindingSeverity.Information,
                $"{Numbers.Count(report.Truncated)} of {Numbers.Count(report.Rows)} texts ({Numbers.Share(report.TruncatedShare)}) "
                    + $"have more than {report.MaxLength} tokens "
                + $"(the longest {Numbers.Count(report.Max)}) and would be cut", report.Truncated);
        }

        if (_words < CheckLimits.FewestWords) yield break;
        if (report.UnknownShare >= CheckLimits.ManyUnknown)
        {
            yield return CheckFinding.Whole(Catalogue.UnknownTokens, FindingSeverity.Warning,
                $"{Numbers.Share(report.UnknownShare)} of the tokens are unknown to {model.Name}", _unknown);
        }

        if (report.TokensPerWord >= CheckLimits.ManyTokensPerWord)
        {
            yield return CheckFinding.Whole(Catalogue.VocabularyMismatch, FindingSeverity.Information,
                $"the vocabulary of {model.Name} cuts a word into {Numbers.Short(report.TokensPerWord)} tokens on average; in a "
                    + "language that it is made for it is about 1.1");
        }
    }

    private int Count(ReadOnlySpan<char> text)
    {
        if (text.Length > CheckLimits.TokenizedCharacters) text = text[..CheckLimits.TokenizedCharacters];
        _ids.ResetWrittenCount();
        int count = _tokenizer.EncodeIds(text, _ids, addSpecialTokens: false);
        var words = new Words(text);
        while (words.MoveNext())
        {
            _words++;
            _lettersOfWords += words.Current.Length;
        }

        foreach (char c in text) _visible += char.IsWhiteSpace(c) ? 0 : 1;
        _tokens += count;
        if (_tokenizer.UnknownTokenId is { } unknown) _unknown += _ids.WrittenSpan.Count(unknown);
        return count;
    }

    private static List<LengthBar> Histogram(int[] sorted, int highest)
    {
        int width = Math.Max(1, (highest + CheckLimits.HistogramBars - 1) / CheckLimits.HistogramBars);
        var bars = new List<LengthBar>();
        int next = 0;
        for (int to = (sorted[0] - 1) / width * width + width; next < sorted.Length && to - width < highest; to += width)
        {
            int start = next;
            while (next < sorted.Length && sorted[next] <= to) next++;
            bars.Add(new LengthBar(to - width + 1, to, next - start));
        }

        if (next < sorted.Length) bars.Add(new LengthBar(bars[^1].To + 1, sorted[^1], sorted.Length - next));
        return bars;
    }
}
