using System.Text;

namespace Atenea.Tokenizers;

/// <summary>
/// The pieces that Unigram training begins with: every character, and the substrings that occur with at least two different continuations
/// (the inner nodes of a suffix tree), by frequency times length. Suffixes are compared no further than a piece may reach.
/// </summary>
internal sealed class SeedPieces
{
    private readonly int[] _text;
    private readonly int _longest;

    private SeedPieces(int[] text, int longest)
    {
        _text = text;
        _longest = longest;
    }

    /// <summary>The seed pieces with their weights, best first, characters before substrings.</summary>
    public static List<(string Piece, double Weight)> Find(IReadOnlyList<(string Word, long Count)> words, int longest, int most)
    {
        var text = new List<int>();
        var characters = new Dictionary<int, long>();
        foreach ((string word, long count) in words)
        {
            foreach (Rune rune in word.EnumerateRunes())
            {
                text.Add(rune.Value);
                if (rune.Value != 0)
                {
                    characters[rune.Value] = characters.GetValueOrDefault(rune.Value) + count;
                }
            }

            text.Add(0);
        }

        List<(string, double)> pieces = [.. characters.OrderByDescending(c => c.Value).ThenByDescending(c => c.Key)
            .Select(c => (char.ConvertFromUtf32(c.Key), (double)c.Value))];
        var finder = new SeedPieces([.. text], longest);
        pieces.AddRange(finder.Substrings()
            .OrderByDescending(s => s.Weight).ThenByDescending(s => s.Piece, CodePointOrder.Instance)
            .Take(Math.Max(0, most - pieces.Count)).Select(s => (s.Piece, (double)s.Weight)));
        return pieces;
    }

    private IEnumerable<(string Piece, long Weight)> Substrings()
    {
        int[] suffixes = [.. Enumerable.Range(0, _text.Length).Where(i => _text[i] != 0)];
        Array.Sort(suffixes, Compare);

        // Intervals of suffixes with a common prefix, from the common lengths of neighbours (Abouelhoda et al. 2004).
        var open = new Stack<(int Length, int Left)>();
        for (int i = 1; i <= suffixes.Length; i++)
        {
            int common = i == suffixes.Length ? 0 : Common(suffixes[i - 1], suffixes[i]);
            int left = i - 1;
            while (open.Count > 0 && open.Peek().Length > common)
            {
                (int length, int from) = open.Pop();
                left = from;
                if (length >= 2 && length <= _longest && _text.AsSpan(suffixes[from], length).IndexOf(0) < 0)
                {
                    yield return (Spell(suffixes[from], length), (long)(i - from) * length);
                }
            }

            if (common > 0 && (open.Count == 0 || open.Peek().Length < common))
            {
                open.Push((common, left));
            }
        }
    }

    private int Compare(int left, int right)
    {
        for (int i = 0; i <= _longest; i++)
        {
            int order = _text[left + i].CompareTo(_text[right + i]);
            if (order != 0) return order;
            if (_text[left + i] == 0) break;
        }

        return left.CompareTo(right);
    }

    /// <summary>The common length; a shared end of word counts as one character, so that the end does not make a node.</summary>
    private int Common(int left, int right)
    {
        for (int i = 0; i <= _longest; i++)
        {
            if (_text[left + i] != _text[right + i]) return i;
            if (_text[left + i] == 0) return i + 1;
        }

        return _longest + 1;
    }

    private string Spell(int start, int length)
    {
        var text = new StringBuilder();
        for (int i = start; i < start + length; i++)
        {
            text.Append(char.ConvertFromUtf32(_text[i]));
        }

        return text.ToString();
    }
}
