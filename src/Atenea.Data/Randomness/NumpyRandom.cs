using System.Numerics;

namespace Atenea.Data;

/// <summary>
/// What NumPy's two generators share: the descending swap loop of <c>permutation</c> and <c>shuffle</c> over numbers drawn by masked
/// rejection.
/// </summary>
internal abstract class NumpyRandom
{
    /// <summary>Draws 32 bits.</summary>
    public abstract uint NextUInt32();

    /// <summary>Draws a number in [0, 1) of 53 bits, as <c>random</c>.</summary>
    public abstract double NextDouble();

    /// <summary>
    /// Draws <paramref name="count"/> different numbers below <paramref name="population"/>, as <c>choice(population, count,
    /// replace=False)</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many.</exception>
    public abstract int[] Choose(int population, int count);

    /// <summary>Draws a permutation of 0 .. count-1, as <c>permutation(count)</c>.</summary>
    public int[] Permutation(int count)
    {
        int[] items = [.. Enumerable.Range(0, count)];
        Shuffle<int>(items);
        return items;
    }

    /// <summary>Reorders items in place, as <c>shuffle</c>.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = (int)NextUpTo((uint)i);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>
    /// Draws a whole number from 0 up to and including a largest one, rejecting masked words above it; draws nothing where there is no
    /// choice.
    /// </summary>
    protected uint NextUpTo(uint largest)
    {
        if (largest == 0) return 0;
        uint mask = uint.MaxValue >> BitOperations.LeadingZeroCount(largest);
        uint drawn;
        do
        {
            drawn = NextUInt32() & mask;
        }
        while (drawn > largest);
        return drawn;
    }
}
