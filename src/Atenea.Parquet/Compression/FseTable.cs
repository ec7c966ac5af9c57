using System.Numerics;

namespace Atenea.Parquet;

/// <summary>A decoding table of finite state entropy, RFC 8878 section 4.1.</summary>
internal sealed class FseTable
{
    private const int LargestLog = 9;

    private readonly byte[] _symbols = new byte[1 << LargestLog];
    private readonly byte[] _bits = new byte[1 << LargestLog];
    private readonly ushort[] _baselines = new ushort[1 << LargestLog];

    /// <summary>The bits of a state; negative while the table is empty.</summary>
    public int AccuracyLog { get; private set; } = -1;

    /// <summary>The symbol of each state.</summary>
    public ReadOnlySpan<byte> Symbols => _symbols;

    /// <summary>The bits to read for the state after each state.</summary>
    public ReadOnlySpan<byte> Bits => _bits;

    /// <summary>What these bits are added to.</summary>
    public ReadOnlySpan<ushort> Baselines => _baselines;

    /// <summary>A table from a fixed distribution.</summary>
    public static FseTable FromDistribution(int accuracyLog, ReadOnlySpan<short> probabilities)
    {
        var table = new FseTable();
        table.Build(accuracyLog, probabilities);
        return table;
    }

    /// <summary>Makes the table of a single symbol, which takes no bits.</summary>
    public void SetSingle(byte symbol)
    {
        AccuracyLog = 0;
        _symbols[0] = symbol;
        _bits[0] = 0;
        _baselines[0] = 0;
    }

    /// <summary>Reads the distribution in front of a stream and builds the table.</summary>
    /// <param name="data">The bytes from the description on.</param>
    /// <param name="largestLog">The largest accuracy that is allowed.</param>
    /// <param name="symbolCount">Symbols that exist.</param>
    /// <returns>The bytes of the description.</returns>
    /// <exception cref="DamagedException">It makes no sense.</exception>
    public int Read(ReadOnlySpan<byte> data, int largestLog, int symbolCount)
    {
        Span<short> probabilities = stackalloc short[256];
        int position = 0;
        int log = Take(data, ref position, 4) + 5;
        if (log > largestLog) throw Malformed();
        int remaining = 1 << log;
        int symbol = 0;
        while (remaining > 0)
        {
            if (symbol >= symbolCount) throw Malformed();
            int bits = BitOperations.Log2((uint)remaining + 1) + 1;
            int value = Take(data, ref position, bits);
            int lowerMask = (1 << (bits - 1)) - 1;
            int threshold = (1 << bits) - 1 - (remaining + 1);
            if ((value & lowerMask) < threshold)
            {
                position--; // Small values take a bit less.
                value &= lowerMask;
            }
            else if (value > lowerMask)
            {
                value -= threshold;
            }

            int probability = value - 1;
            remaining -= Math.Abs(probability);
            if (remaining < 0) throw Malformed();
            probabilities[symbol++] = (short)probability;
            if (probability != 0) continue;
            int repeat;
            do
            {
                repeat = Take(data, ref position, 2);
                if (symbol + repeat > symbolCount) throw Malformed();
                symbol += repeat;
            }
            while (repeat == 3);
        }

        Build(log, probabilities[..symbol]);
        return (position + 7) >> 3;
    }

    private void Build(int accuracyLog, ReadOnlySpan<short> probabilities)
    {
        int size = 1 << accuracyLog, high = size;
        Span<ushort> next = stackalloc ushort[256];
        for (int s = 0; s < probabilities.Length; s++)
        {
            if (probabilities[s] != -1) continue;
            _symbols[--high] = (byte)s;
            next[s] = 1;
        }

        int step = (size >> 1) + (size >> 3) + 3, position = 0;
        for (int s = 0; s < probabilities.Length; s++)
        {
            if (probabilities[s] <= 0) continue;
            next[s] = (ushort)probabilities[s];
            for (int i = 0; i < probabilities[s]; i++)
            {
                _symbols[position] = (byte)s;
                do position = (position + step) & (size - 1);
                while (position >= high);
            }
        }

        if (position != 0) throw Malformed();
        for (int state = 0; state < size; state++)
        {
            int count = next[_symbols[state]]++;
            int bits = accuracyLog - BitOperations.Log2((uint)count);
            _bits[state] = (byte)bits;
            _baselines[state] = (ushort)((count << bits) - size);
        }

        AccuracyLog = accuracyLog;
    }

    private static int Take(ReadOnlySpan<byte> data, ref int position, int count)
    {
        int value = 0;
        if (position + count > data.Length * 8L) throw Malformed();
        for (int i = 0; i < count; i++, position++) value |= ((data[position >> 3] >> (position & 7)) & 1) << i;
        return value;
    }

    private static DamagedException Malformed() => DamagedException.Compression("a Zstandard table is malformed");
}

/// <summary>Reads bits from the end of a stream to its start, as Zstandard writes them.</summary>
internal ref struct BackwardBitReader
{
    private readonly ReadOnlySpan<byte> _data;

    /// <summary>Starts at the highest bit that is set in the last byte, which marks the end.</summary>
    /// <exception cref="DamagedException">There is no such bit.</exception>
    public BackwardBitReader(ReadOnlySpan<byte> data)
    {
        if (data.Length == 0 || data[^1] == 0) throw DamagedException.Compression("a Zstandard stream has no end mark");
        _data = data;
        Position = (data.Length - 1) * 8 + BitOperations.Log2(data[^1]);
    }

    /// <summary>Bits left; below zero after more was read than there is, which gives zeros.</summary>
    public int Position { get; private set; }

    /// <summary>Reads up to 32 bits.</summary>
    public uint Read(int count)
    {
        Position -= count;
        return Position >= 0 ? Load(Position, count) : LoadBeyond(count);
    }

    /// <summary>Looks at the next bits, zeros beyond the start.</summary>
    public readonly uint Peek(int count)
    {
        int start = Position - count;
        return start >= 0 ? Load(start, count) : Position > 0 ? Load(0, Position) << -start : 0;
    }

    /// <summary>Passes over bits.</summary>
    public void Skip(int count) => Position -= count;

    private readonly uint LoadBeyond(int count)
    {
        int there = Position + count;
        return there > 0 ? Load(0, there) << (count - there) : 0;
    }

    private readonly uint Load(int start, int count)
    {
        int index = start >> 3;
        ulong bits = 0;
        if (index + sizeof(ulong) <= _data.Length)
        {
            bits = System.Runtime.InteropServices.MemoryMarshal.Read<ulong>(_data[index..]);
        }
        else
        {
            for (int i = index; i < _data.Length; i++) bits |= (ulong)_data[i] << (8 * (i - index));
        }

        return (uint)((bits >> (start & 7)) & ((1UL << count) - 1));
    }
}
