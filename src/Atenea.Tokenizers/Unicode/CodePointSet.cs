namespace Atenea.Tokenizers;

/// <summary>A set of Unicode code points: a bitmap for the basic plane, sorted ranges above it.</summary>
internal sealed class CodePointSet
{
    private readonly ulong[] _basic = new ulong[0x10000 / 64];
    private readonly List<(int First, int Last)> _above = [];

    /// <summary>Adds the code points <paramref name="first"/> to <paramref name="last"/>; ranges must come in ascending order.</summary>
    public void Add(int first, int last)
    {
        for (int c = first; c <= last && c < 0x10000; c++)
        {
            _basic[c >> 6] |= 1UL << (c & 63);
        }

        if (last >= 0x10000)
        {
            _above.Add((Math.Max(first, 0x10000), last));
        }
    }

    /// <summary>Whether the set holds a UTF-16 unit; surrogates are in no set.</summary>
    public bool Contains(char unit) => (_basic[unit >> 6] >> (unit & 63) & 1) != 0;

    /// <summary>Whether the set holds a code point.</summary>
    public bool Contains(int codePoint)
    {
        if (codePoint < 0x10000) return (_basic[codePoint >> 6] >> (codePoint & 63) & 1) != 0;

        int low = 0;
        int high = _above.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            (int first, int last) = _above[middle];
            if (codePoint < first)
            {
                high = middle - 1;
            }
            else if (codePoint > last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }
}
