using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atenea.Parquet;

/// <summary>
/// Integers as differences (DELTA_BINARY_PACKED): blocks of a smallest difference and miniblocks of bit-packed rests. Sums wrap around.
/// Source: https://github.com/apache/parquet-format/blob/master/Encodings.md, "Delta Encoding". Decodes as it goes and keeps nothing.
/// </summary>
internal sealed class DeltaDecoder
{
    private const int MostMiniblocks = 1024;

    private readonly byte[] _data;
    private readonly int _end;
    private readonly int _miniblocks;
    private readonly int _valuesPerMiniblock;
    private int _position;
    private long _remaining;
    private bool _isFirst = true;
    private long _value;
    private long _smallest;
    private int _widths;
    private int _miniblock;
    private int _left;
    private long _bit;
    private int _width;

    /// <summary>Reads the header.</summary>
    /// <param name="data">The page.</param>
    /// <param name="start">Where the encoding starts.</param>
    /// <param name="end">Where the page ends.</param>
    /// <exception cref="DamagedException">The header makes no sense.</exception>
    public DeltaDecoder(byte[] data, int start, int end)
    {
        _data = data;
        _position = start;
        _end = end;
        ulong blockSize = ReadVarint(), miniblocks = ReadVarint(), total = ReadVarint();
        _value = ReadZigzag();
        if (miniblocks is 0 or > MostMiniblocks || blockSize > int.MaxValue || blockSize % (8 * miniblocks) != 0 || blockSize == 0)
            throw DamagedException.Page($"delta blocks of {blockSize} values in {miniblocks} miniblocks");
        if (total > int.MaxValue) throw DamagedException.Page($"{total} delta values in a page");
        _remaining = (long)total;
        _miniblocks = (int)miniblocks;
        _miniblock = _miniblocks;
        _valuesPerMiniblock = (int)(blockSize / miniblocks);
    }

    /// <summary>Values left.</summary>
    public long Remaining => _remaining;

    /// <summary>Reads values of 64 bits.</summary>
    /// <exception cref="DamagedException">There are not that many.</exception>
    public void Read(Span<long> target)
    {
        if (target.Length > _remaining) throw Ended();
        for (int i = 0; i < target.Length;)
        {
            if (_isFirst)
            {
                target[i++] = _value;
                _isFirst = false;
                continue;
            }

            if (_left == 0) StartMiniblock();
            int count = Math.Min(target.Length - i, _left);
            for (int n = 0; n < count; n++)
            {
                _value = unchecked(_value + _smallest + (long)Unpack());
                target[i++] = _value;
            }

            _left -= count;
        }

        _remaining -= target.Length;
    }

    /// <summary>Reads values of 32 bits.</summary>
    /// <exception cref="DamagedException">There are not that many.</exception>
    public void Read(Span<int> target)
    {
        Span<long> part = stackalloc long[256];
        while (target.Length > 0)
        {
            int count = Math.Min(target.Length, part.Length);
            Read(part[..count]);
            for (int i = 0; i < count; i++) target[i] = unchecked((int)part[i]);
            target = target[count..];
        }
    }

    /// <summary>Passes over all values.</summary>
    /// <returns>Where the encoding ends.</returns>
    /// <exception cref="DamagedException">The blocks make no sense.</exception>
    public int SkipToEnd()
    {
        long rest = _remaining - 1;
        while (rest > 0)
        {
            StartMiniblock();
            rest -= _valuesPerMiniblock;
        }

        _remaining = 0;
        return _position;
    }

    private void StartMiniblock()
    {
        if (_miniblock == _miniblocks)
        {
            _smallest = ReadZigzag();
            _widths = _position;
            if (_miniblocks > _end - _position) throw Ended();
            _position += _miniblocks;
            _miniblock = 0;
        }

        _width = _data[_widths + _miniblock++];
        if (_width > 64) throw DamagedException.Page($"delta values of {_width} bits");
        long bytes = (long)_valuesPerMiniblock * _width / 8;
        if (bytes > _end - _position) throw Ended();
        _bit = (long)_position * 8;
        _position += (int)bytes;
        _left = _valuesPerMiniblock;
    }

    private ulong Unpack()
    {
        if (_width == 0) return 0;
        int index = (int)(_bit >> 3), shift = (int)(_bit & 7);
        _bit += _width;
        ulong mask = _width == 64 ? ulong.MaxValue : (1UL << _width) - 1;
        if (index + 9 <= _data.Length)
        {
            ref byte first = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_data), index);
            ulong word = Unsafe.ReadUnaligned<ulong>(ref first) >> shift;
            if (shift + _width > 64) word |= (ulong)Unsafe.Add(ref first, 8) << (64 - shift);
            return word & mask;
        }

        UInt128 bits = 0;
        int last = Math.Min(index + (shift + _width + 7) / 8, _data.Length);
        for (int i = index; i < last; i++) bits |= (UInt128)_data[i] << (8 * (i - index));
        return (ulong)(bits >> shift) & mask;
    }

    private long ReadZigzag()
    {
        ulong raw = ReadVarint();
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (_position >= _end) throw Ended();
            byte next = _data[_position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw DamagedException.Page("a delta number is longer than 64 bits");
    }

    private static DamagedException Ended() => DamagedException.Page("delta values end before all are there");
}
