using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atenea.Parquet;

/// <summary>Decodes the values of a page one after another; one class per encoding.</summary>
/// <typeparam name="T">The physical type.</typeparam>
internal abstract class ValueDecoder<T>
    where T : unmanaged
{
    /// <summary>Reads values, nulls not among them.</summary>
    /// <exception cref="DamagedException">There are not that many, or they make no sense.</exception>
    public abstract void Read(Span<T> target);
}

/// <summary>PLAIN numbers: little-endian, one after another.</summary>
internal sealed class PlainDecoder<T>(byte[] data, int start, int end) : ValueDecoder<T>
    where T : unmanaged
{
    private int _position = start;

    /// <inheritdoc/>
    public override void Read(Span<T> target)
    {
        long bytes = (long)target.Length * Unsafe.SizeOf<T>();
        if (bytes > end - _position) throw DamagedException.Page($"{bytes} bytes of values, {end - _position} remain");
        data.AsSpan(_position, (int)bytes).CopyTo(MemoryMarshal.AsBytes(target));
        _position += (int)bytes;
    }
}

/// <summary>PLAIN truth values: bits from the least significant up.</summary>
internal sealed class PlainBooleanDecoder(byte[] data, int start, int end) : ValueDecoder<bool>
{
    private long _bit = (long)start * 8;

    /// <inheritdoc/>
    public override void Read(Span<bool> target)
    {
        if (_bit + target.Length > (long)end * 8) throw DamagedException.Page("truth values end before all are there");
        for (int i = 0; i < target.Length; i++, _bit++) target[i] = ((data[_bit >> 3] >> (int)(_bit & 7)) & 1) != 0;
    }
}

/// <summary>RLE truth values.</summary>
internal sealed class RunBooleanDecoder(HybridDecoder runs) : ValueDecoder<bool>
{
    /// <inheritdoc/>
    public override void Read(Span<bool> target) => runs.Read(MemoryMarshal.AsBytes(target));
}

/// <summary>DELTA_BINARY_PACKED numbers of 32 bits.</summary>
internal sealed class DeltaInt32Decoder(DeltaDecoder delta) : ValueDecoder<int>
{
    /// <inheritdoc/>
    public override void Read(Span<int> target) => delta.Read(target);
}

/// <summary>DELTA_BINARY_PACKED numbers of 64 bits.</summary>
internal sealed class DeltaInt64Decoder(DeltaDecoder delta) : ValueDecoder<long>
{
    /// <inheritdoc/>
    public override void Read(Span<long> target) => delta.Read(target);
}

/// <summary>BYTE_STREAM_SPLIT numbers.</summary>
internal sealed class StreamSplitDecoder<T>(StreamSplit split) : ValueDecoder<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public override void Read(Span<T> target) => split.Read(MemoryMarshal.AsBytes(target));
}

/// <summary>Indices into a dictionary of numbers.</summary>
internal sealed class DictionaryDecoder<T>(HybridDecoder indices, T[] dictionary) : ValueDecoder<T>
    where T : unmanaged
{
    private readonly int[] _indices = new int[DictionaryIndices.Batch];

    /// <inheritdoc/>
    public override void Read(Span<T> target)
    {
        T[] values = dictionary;
        while (target.Length > 0)
        {
            Span<int> part = _indices.AsSpan(0, Math.Min(target.Length, DictionaryIndices.Batch));
            indices.Read(part);
            for (int i = 0; i < part.Length; i++)
            {
                int index = part[i];
                if ((uint)index >= (uint)values.Length) throw DictionaryIndices.OutOfRange(index, values.Length);
                target[i] = values[index];
            }

            target = target[part.Length..];
        }
    }
}

/// <summary>What all dictionary decoders share.</summary>
internal static class DictionaryIndices
{
    /// <summary>Indices decoded at a time.</summary>
    public const int Batch = 512;

    private const int WidestIndex = 32;

    /// <summary>Starts reading the indices of a page: a byte with their width, then runs.</summary>
    /// <exception cref="DamagedException">The width makes no sense.</exception>
    public static HybridDecoder Open(byte[] data, int start, int end)
    {
        if (start == end) return new HybridDecoder(data, start, end, 1); // A page of nulls may leave the width away.
        int width = data[start];
        if (width > WidestIndex) throw DamagedException.Page($"dictionary indices of {width} bits");
        return new HybridDecoder(data, start + 1, end, width);
    }

    /// <summary>An index without an entry.</summary>
    public static DamagedException OutOfRange(int index, int count) =>
        DamagedException.Page($"dictionary index {(uint)index} of a dictionary of {count} entries");
}

/// <summary>BYTE_STREAM_SPLIT: the first bytes of all values, then all second bytes, and so on.</summary>
internal sealed class StreamSplit
{
    private readonly byte[] _data;
    private readonly int _start;
    private readonly int _width;
    private readonly int _count;
    private int _next;

    /// <summary>Starts reading a page's values.</summary>
    /// <exception cref="DamagedException">The page's bytes are no multiple of a value's.</exception>
    public StreamSplit(byte[] data, int start, int end, int width)
    {
        if ((end - start) % width != 0) throw DamagedException.Page($"{end - start} bytes split into values of {width}");
        (_data, _start, _width, _count) = (data, start, width, (end - start) / width);
    }

    /// <summary>Reads values.</summary>
    /// <exception cref="DamagedException">There are not that many.</exception>
    public void Read(Span<byte> target)
    {
        int values = target.Length / _width;
        if (values > _count - _next) throw DamagedException.Page($"{values} values, {_count - _next} remain");
        for (int stream = 0; stream < _width; stream++)
        {
            ReadOnlySpan<byte> source = _data.AsSpan(_start + stream * _count + _next, values);
            for (int i = 0; i < source.Length; i++) target[i * _width + stream] = source[i];
        }

        _next += values;
    }
}
