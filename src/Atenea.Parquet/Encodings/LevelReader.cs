using System.Buffers.Binary;
using System.Numerics;

namespace Atenea.Parquet;

/// <summary>The definition or the repetition levels of a page.</summary>
internal sealed class LevelReader
{
    private readonly HybridDecoder? _hybrid;
    private readonly byte[] _data;
    private readonly int _max;
    private readonly int _width;
    private readonly int _end;
    private long _bit;

    private LevelReader(byte[] data, int start, int end, int max, bool isBitPacked)
    {
        _data = data;
        _max = max;
        _width = Width(max);
        _end = end;
        _bit = (long)start * 8;
        _hybrid = isBitPacked ? null : new HybridDecoder(data, start, end, _width);
    }

    /// <summary>Levels in front of the values of a page of the first kind.</summary>
    /// <param name="data">The page.</param>
    /// <param name="position">Where they start; becomes where they end.</param>
    /// <param name="end">Where the page ends.</param>
    /// <param name="max">The largest level, not zero.</param>
    /// <param name="encoding">How they are written.</param>
    /// <param name="count">How many there are.</param>
    /// <exception cref="DamagedException">They do not fit into the page.</exception>
    public static LevelReader ForFirstKind(byte[] data, ref int position, int end, int max, int encoding, int count)
    {
        int start = position;
        if (encoding == (int)ValueEncoding.BitPacked)
        {
            long bytes = ((long)count * Width(max) + 7) / 8;
            if (bytes > end - position) throw DamagedException.Page($"{bytes} bytes of levels, {end - position} remain");
            position += (int)bytes;
            return new LevelReader(data, start, position, max, isBitPacked: true);
        }

        if (encoding != (int)ValueEncoding.Rle) throw DamagedException.Page($"levels in encoding number {encoding}");
        if (end - position < sizeof(int)) throw DamagedException.Page("the page ends before its levels");
        int length = BinaryPrimitives.ReadInt32LittleEndian(data.AsSpan(position));
        start += sizeof(int);
        if (length < 0 || length > end - start) throw DamagedException.Page($"{(uint)length} bytes of levels, {end - start} remain");
        position = start + length;
        return new LevelReader(data, start, position, max, isBitPacked: false);
    }

    /// <summary>Levels whose place is known from the header of a page of the second kind.</summary>
    public static LevelReader ForSecondKind(byte[] data, int start, int end, int max) => new(data, start, end, max, isBitPacked: false);

    /// <summary>Reads levels.</summary>
    /// <exception cref="DamagedException">There are not that many, or one is larger than the largest.</exception>
    public void Read(Span<byte> target)
    {
        if (_hybrid is not null) _hybrid.Read(target);
        else ReadBitPacked(target);
        if (!BitOperations.IsPow2(_max + 1) && target.ContainsAnyExceptInRange((byte)0, (byte)_max))
            throw DamagedException.Page($"a level above {_max}");
    }

    // The deprecated encoding fills bytes from the most significant bit.
    private void ReadBitPacked(Span<byte> target)
    {
        if (_bit + (long)target.Length * _width > (long)_end * 8) throw DamagedException.Page("levels end before all values are there");
        for (int i = 0; i < target.Length; i++)
        {
            int value = 0;
            for (int b = 0; b < _width; b++, _bit++) value = (value << 1) | ((_data[_bit >> 3] >> (7 - (int)(_bit & 7))) & 1);
            target[i] = (byte)value;
        }
    }

    private static int Width(int max) => BitOperations.Log2((uint)max) + 1;
}
