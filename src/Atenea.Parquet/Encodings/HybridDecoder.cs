using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atenea.Parquet;

/// <summary>
/// Runs and bit-packed groups of small numbers: levels, dictionary indices and, in pages of the second kind, truth values.
/// Source: https://github.com/apache/parquet-format/blob/master/Encodings.md, "Run Length Encoding / Bit-Packing Hybrid".
/// </summary>
/// <param name="data">The page.</param>
/// <param name="start">Where the first run starts.</param>
/// <param name="end">Where the last one ends.</param>
/// <param name="bitWidth">Bits of a number, 0 to 32.</param>
internal sealed class HybridDecoder(byte[] data, int start, int end, int bitWidth)
{
    private readonly uint _mask = bitWidth == 32 ? uint.MaxValue : (1u << bitWidth) - 1;
    private int _position = start;
    private long _remaining;
    private bool _isPacked;
    private uint _value;
    private long _bit;

    /// <summary>Reads numbers of up to 8 bits.</summary>
    /// <exception cref="DamagedException">There are not that many.</exception>
    public void Read(Span<byte> target)
    {
        while (target.Length > 0)
        {
            int count = Available(target.Length);
            if (_isPacked)
            {
                UnpackAll(target[..count]);
            }
            else
            {
                target[..count].Fill((byte)_value);
            }

            _remaining -= count;
            target = target[count..];
        }
    }

    /// <summary>Reads numbers of up to 32 bits.</summary>
    /// <exception cref="DamagedException">There are not that many.</exception>
    public void Read(Span<int> target)
    {
        while (target.Length > 0)
        {
            int count = Available(target.Length);
            if (_isPacked) UnpackAll(target[..count]);
            else target[..count].Fill((int)_value);
            _remaining -= count;
            target = target[count..];
        }
    }

    // A load of eight bytes may go beyond the run, but not beyond the page.
    private long LastSafeBit => ((long)data.Length - sizeof(ulong)) * 8;

    private void UnpackAll(Span<byte> target)
    {
        long lastSafeBit = LastSafeBit;
        int i = 0;
        ref byte first = ref MemoryMarshal.GetArrayDataReference(data);
        for (; i < target.Length && _bit <= lastSafeBit; i++, _bit += bitWidth)
        {
            ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, (nint)(_bit >> 3)));
            target[i] = (byte)((uint)(word >> (int)(_bit & 7)) & _mask);
        }

        for (; i < target.Length; i++, _bit += bitWidth) target[i] = (byte)Unpack(data, _bit);
    }

    private void UnpackAll(Span<int> target)
    {
        long lastSafeBit = LastSafeBit;
        int i = 0;
        ref byte first = ref MemoryMarshal.GetArrayDataReference(data);
        for (; i < target.Length && _bit <= lastSafeBit; i++, _bit += bitWidth)
        {
            ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, (nint)(_bit >> 3)));
            target[i] = (int)((uint)(word >> (int)(_bit & 7)) & _mask);
        }

        for (; i < target.Length; i++, _bit += bitWidth) target[i] = (int)Unpack(data, _bit);
    }

    private uint Unpack(byte[] bytes, long bit)
    {
        int index = (int)(bit >> 3), shift = (int)(bit & 7);
        ulong word = 0;
        int last = Math.Min(index + (shift + bitWidth + 7) / 8, bytes.Length);
        for (int i = index; i < last; i++) word |= (ulong)bytes[i] << (8 * (i - index));
        return (uint)(word >> shift) & _mask;
    }

    /// <summary>Starts the next run if the last one is used up.</summary>
    /// <returns>How many of <paramref name="wanted"/> numbers the run has.</returns>
    private int Available(int wanted)
    {
        while (_remaining == 0)
        {
            if (bitWidth == 0)
            {
                (_isPacked, _value, _remaining) = (false, 0, wanted); // Nothing but zeros, written or not.
                break;
            }

            StartRun();
        }

        return (int)Math.Min(wanted, _remaining);
    }

    private void StartRun()
    {
        uint header = ReadVarint();
        if ((header & 1) != 0)
        {
            long bytes = (long)(header >> 1) * bitWidth;
            long there = Math.Min(bytes, end - _position);
            _isPacked = true;
            _bit = (long)_position * 8;
            // Some writers leave away the padding of the last group.
            _remaining = bytes == there ? (long)(header >> 1) * 8 : there * 8 / bitWidth;
            _position += (int)there;
            if (_remaining == 0 && header > 1) throw Ended();
            return;
        }

        _isPacked = false;
        _remaining = header >> 1;
        int valueBytes = (bitWidth + 7) / 8;
        if (valueBytes > end - _position) throw Ended();
        _value = 0;
        for (int i = 0; i < valueBytes; i++) _value |= (uint)data[_position++] << (8 * i);
        if (_value > _mask) throw DamagedException.Page($"a run of {_value}, which takes more than {bitWidth} bits");
    }

    private uint ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            if (_position >= end) throw Ended();
            byte next = data[_position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value <= uint.MaxValue ? (uint)value : throw DamagedException.Page("a run is too long");
        }

        throw DamagedException.Page("a run is too long");
    }

    private static DamagedException Ended() => DamagedException.Page("runs end before all values are there");
}
