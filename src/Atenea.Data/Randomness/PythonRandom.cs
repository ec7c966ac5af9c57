using System.Numerics;

namespace Atenea.Data;

/// <summary>
/// Python's <c>random.Random(seed)</c>: <see cref="MersenneTwister"/> seeded by the words of the absolute seed. The same seed gives the
/// same numbers.
/// </summary>
public sealed class PythonRandom
{
    private readonly MersenneTwister _twister;
    private double? _spareNormal;

    /// <summary>Seeds the generator.</summary>
    public PythonRandom(long seed)
    {
        ulong size = seed < 0 ? unchecked((ulong)-seed) : (ulong)seed;
        _twister = new MersenneTwister(size >> 32 == 0 ? [(uint)size] : [(uint)size, (uint)(size >> 32)]);
    }

    /// <summary>Draws a number in [0, 1), as <c>random()</c>.</summary>
    public double NextDouble() => _twister.NextDouble();

    /// <summary>Draws so many bits, as <c>getrandbits(count)</c>.</summary>
    /// <param name="count">1 to 32.</param>
    public uint NextBits(int count) => _twister.NextUInt32() >> (32 - count);

    /// <summary>Draws a whole number below a bound, as <c>randrange(bound)</c> and <c>choice</c> do.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        int bits = 32 - BitOperations.LeadingZeroCount((uint)bound);
        uint drawn;
        do
        {
            drawn = NextBits(bits);
        }
        while (drawn >= (uint)bound);
        return (int)drawn;
    }

    /// <summary>Draws a normal number, as <c>gauss(0, 1)</c>.</summary>
    public double NextNormal()
    {
        if (_spareNormal is { } spare)
        {
            _spareNormal = null;
            return spare;
        }

        double angle = NextDouble() * 2 * Math.PI;
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        _spareNormal = Math.Sin(angle) * radius;
        return Math.Cos(angle) * radius;
    }

    /// <summary>Reorders items in place, as <c>shuffle</c>.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>
    /// Draws <paramref name="count"/> different numbers below <paramref name="population"/>, as <c>sample(range(population), count)</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many.</exception>
    public int[] Sample(int population, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, population);
        var drawn = new int[count];
        if (population <= SmallestSetPopulation(count))
        {
            int[] pool = [.. Enumerable.Range(0, population)];
            for (int i = 0; i < count; i++)
            {
                int j = Next(population - i);
                drawn[i] = pool[j];
                pool[j] = pool[population - i - 1];
            }

            return drawn;
        }

        var seen = new HashSet<int>(count);
        for (int i = 0; i < count; i++)
        {
            do
            {
                drawn[i] = Next(population);
            }
            while (!seen.Add(drawn[i]));
        }

        return drawn;
    }

    /// <summary>
    /// Python estimates whether a list of the population or a set of what was drawn is smaller, and the two draw differently.
    /// </summary>
    private static double SmallestSetPopulation(int count) =>
        21 + (count > 5 ? Math.Pow(4, Math.Ceiling(Math.Log(count * 3, 4))) : 0);
}
