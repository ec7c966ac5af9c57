using System.Numerics;

namespace Atenea.Data;

/// <summary>
/// NumPy's <c>default_rng(seed)</c> (the generator behind <c>shuffle</c> and <c>train_test_split</c> of Hugging Face datasets): PCG64
/// XSL-RR 128/64 (O'Neill, "PCG", 2014) seeded through NumPy's SeedSequence. The same seed gives the same numbers.
/// </summary>
internal sealed class Pcg64 : NumpyRandom
{
    private static readonly UInt128 Multiplier = new(0x2360ed051fc65da4, 0x4385df649fccf645);

    private readonly UInt128 _increment;
    private UInt128 _state;
    private uint? _spareHalf;

    /// <summary>Seeds the generator.</summary>
    public Pcg64(ulong seed)
    {
        uint[] words = SeedSequence(seed, 8);
        UInt128 state = new(Word(0), Word(2)), increment = new(Word(4), Word(6));
        _increment = (increment << 1) | UInt128.One;
        Step();
        _state += state;
        Step();

        ulong Word(int i) => words[i] | ((ulong)words[i + 1] << 32);
    }

    /// <summary>Draws 64 bits.</summary>
    public ulong NextUInt64()
    {
        Step();
        return BitOperations.RotateRight((ulong)(_state >> 64) ^ (ulong)_state, (int)(_state >> 122));
    }

    /// <summary>Draws 32 bits: the low half of 64, then at the next call the high half.</summary>
    public override uint NextUInt32()
    {
        if (_spareHalf is { } spare)
        {
            _spareHalf = null;
            return spare;
        }

        ulong drawn = NextUInt64();
        _spareHalf = (uint)(drawn >> 32);
        return (uint)drawn;
    }

    /// <inheritdoc/>
    public override double NextDouble() => (NextUInt64() >> 11) / 9007199254740992.0;

    /// <summary>
    /// Draws a whole number below a bound, as <c>integers(bound)</c>: by Lemire's multiplication ("Fast random integer generation", 2019).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        if (bound == 1) return 0;
        uint range = (uint)bound;
        ulong product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            uint threshold = unchecked(0u - range) % range;
            while ((uint)product < threshold) product = (ulong)NextUInt32() * range;
        }

        return (int)(product >> 32);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// NumPy draws by Floyd's method (Bentley and Floyd 1987), or by shuffling the tail of a large population, then shuffles what was
    /// drawn.
    /// </remarks>
    public override int[] Choose(int population, int count)
    {
        const int smallPopulation = 10_000, largeShare = 50;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, population);
        if (population > smallPopulation && count > population / largeShare)
        {
            int[] all = [.. Enumerable.Range(0, population)];
            ShuffleFrom(all, Math.Max(population - count, 1));
            return all[(population - count)..];
        }

        var drawn = new int[count];
        var seen = new HashSet<int>(count);
        for (int i = 0; i < count; i++)
        {
            int largest = population - count + i, item = Next(largest + 1);
            drawn[i] = seen.Add(item) ? item : largest;
            seen.Add(drawn[i]);
        }

        ShuffleFrom(drawn, 1);
        return drawn;
    }

    /// <summary>
    /// NumPy's SeedSequence (after O'Neill's seed_seq): mixes a seed into words that differ in all bits for seeds that differ in one.
    /// </summary>
    internal static uint[] SeedSequence(ulong seed, int count)
    {
        const uint initialA = 0x43b0d7e5, multiplierA = 0x931e8875, initialB = 0x8b51f9dd, multiplierB = 0x58f38ded;
        const uint mixLeft = 0xca01f9dd, mixRight = 0x4973f715;
        uint[] pool = [(uint)seed, (uint)(seed >> 32), 0, 0];
        uint constant = initialA;
        for (int i = 0; i < pool.Length; i++) pool[i] = Hash(pool[i], ref constant, multiplierA);
        for (int source = 0; source < pool.Length; source++)
        {
            for (int target = 0; target < pool.Length; target++)
            {
                if (source == target) continue;
                uint mixed = unchecked((mixLeft * pool[target]) - (mixRight * Hash(pool[source], ref constant, multiplierA)));
                pool[target] = mixed ^ (mixed >> 16);
            }
        }

        var words = new uint[count];
        constant = initialB;
        for (int i = 0; i < count; i++) words[i] = Hash(pool[i % pool.Length], ref constant, multiplierB);
        return words;

        static uint Hash(uint value, ref uint constant, uint multiplier)
        {
            value ^= constant;
            constant = unchecked(constant * multiplier);
            value = unchecked(value * constant);
            return value ^ (value >> 16);
        }
    }

    private void ShuffleFrom(int[] items, int first)
    {
        for (int i = items.Length - 1; i >= first; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private void Step() => _state = unchecked((_state * Multiplier) + _increment);
}
