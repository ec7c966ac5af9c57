using System.Text;

namespace Atenea.Tokenizers;

/// <summary>Takes the most frequent words; equally frequent ones in the order of their UTF-8 forms.</summary>
internal static class WordLevelTrainer
{
    /// <summary>Tokens in order of id.</summary>
    public static IReadOnlyList<string> Train(
        IReadOnlyDictionary<string, long> counts, TokenizerTrainingOptions options, int vocabularySize)
    {
        IEnumerable<string> words = counts.Where(w => w.Value >= options.MinFrequency)
            .OrderByDescending(w => w.Value).ThenBy(w => w.Key, CodePointOrder.Instance).Select(w => w.Key);
        return [.. options.SpecialTokens.Concat(words).Distinct(StringComparer.Ordinal).Take(vocabularySize)];
    }
}

/// <summary>Texts in the order of their code points, which is that of their UTF-8 forms; UTF-16's order differs above U+FFFF.</summary>
internal sealed class CodePointOrder : IComparer<string>
{
    /// <summary>The only instance needed.</summary>
    public static readonly CodePointOrder Instance = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        SpanRuneEnumerator left = x.AsSpan().EnumerateRunes();
        SpanRuneEnumerator right = y.AsSpan().EnumerateRunes();
        while (true)
        {
            bool more = left.MoveNext();
            if (more != right.MoveNext()) return more ? 1 : -1;
            if (!more) return 0;

            int order = left.Current.Value.CompareTo(right.Current.Value);
            if (order != 0) return order;
        }
    }
}
