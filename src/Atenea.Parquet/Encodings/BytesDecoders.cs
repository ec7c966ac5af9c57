using System.Buffers.Binary;

namespace Atenea.Parquet;

/// <summary>Where a value's bytes lie: in which of a batch's buffers, from where, how many.</summary>
internal readonly record struct ByteRange(int Buffer, int Start, int Length);

/// <summary>The buffers that the byte values of a batch point into. Pages and dictionaries are pointed into, not copied.</summary>
internal sealed class BatchBuffers
{
    // Only DELTA_BYTE_ARRAY can make more bytes than its page has.
    private const long LargestOwnBytes = 256 << 20;

    private readonly List<byte[]> _buffers = [];
    private byte[] _own = [];
    private long _ownTotal;
    private int _ownLength;
    private int _ownNumber = -1;

    /// <summary>The buffers, by number.</summary>
    public IReadOnlyList<byte[]> Buffers => _buffers;

    /// <summary>Whether some buffer's values are not known to be UTF-8.</summary>
    public bool IsUnchecked { get; private set; }

    /// <summary>Takes in a page or a dictionary.</summary>
    /// <param name="buffer">Its bytes.</param>
    /// <param name="isChecked">Whether its values are known to be UTF-8.</param>
    /// <returns>The buffer's number.</returns>
    public int Add(byte[] buffer, bool isChecked)
    {
        IsUnchecked |= !isChecked;
        if (_buffers.Count > 0 && ReferenceEquals(_buffers[^1], buffer)) return _buffers.Count - 1;
        _buffers.Add(buffer);
        return _buffers.Count - 1;
    }

    /// <summary>Room for a value that is put together.</summary>
    /// <returns>Where the value is to be written; valid until the next call.</returns>
    /// <exception cref="DamagedException">The batch grows too large (ATN0436).</exception>
    public ByteRange Reserve(long bytes, out Span<byte> room)
    {
        _ownTotal += bytes;
        if (_ownTotal > LargestOwnBytes)
            throw new DamagedException(Errors.Catalogue.ParquetRowTooLarge, $"rows read together hold more than {LargestOwnBytes} bytes");
        int length = (int)bytes;
        if (_ownNumber < 0 || _ownLength + length > _own.Length)
        {
            _own = GC.AllocateUninitializedArray<byte>(Math.Max(length, Math.Max(4096, 2 * _own.Length)));
            _ownLength = 0;
            _ownNumber = Add(_own, isChecked: false);
        }

        var range = new ByteRange(_ownNumber, _ownLength, length);
        room = _own.AsSpan(_ownLength, length);
        _ownLength += length;
        return range;
    }
}

/// <summary>Decodes the byte values of a page one after another; one class per encoding.</summary>
internal abstract class BytesDecoder
{
    /// <summary>Reads values, nulls not among them.</summary>
    /// <exception cref="DamagedException">There are not that many, or they make no sense.</exception>
    public abstract void Read(Span<ByteRange> target, BatchBuffers buffers);
}

/// <summary>PLAIN byte arrays: a length of four bytes in front of each.</summary>
internal sealed class PlainBytesDecoder(byte[] data, int start, int end) : BytesDecoder
{
    private int _position = start;

    /// <inheritdoc/>
    public override void Read(Span<ByteRange> target, BatchBuffers buffers)
    {
        int number = buffers.Add(data, isChecked: false);
        int position = _position;
        ReadOnlySpan<byte> page = data.AsSpan(0, end);
        for (int i = 0; i < target.Length; i++)
        {
            if (end - position < sizeof(int)) throw DamagedException.Page("byte arrays end before all are there");
            int length = BinaryPrimitives.ReadInt32LittleEndian(page[position..]);
            position += sizeof(int);
            if ((uint)length > (uint)(end - position))
                throw DamagedException.Page($"a byte array of {(uint)length} bytes, {end - position} remain");
            target[i] = new ByteRange(number, position, length);
            position += length;
        }

        _position = position;
    }
}

/// <summary>PLAIN byte arrays of one length.</summary>
internal sealed class FixedBytesDecoder(byte[] data, int start, int end, int width) : BytesDecoder
{
    private int _position = start;

    /// <inheritdoc/>
    public override void Read(Span<ByteRange> target, BatchBuffers buffers)
    {
        long bytes = (long)target.Length * width;
        if (bytes > end - _position) throw DamagedException.Page($"{bytes} bytes of values, {end - _position} remain");
        int number = buffers.Add(data, isChecked: false);
        for (int i = 0; i < target.Length; i++, _position += width) target[i] = new ByteRange(number, _position, width);
    }
}

/// <summary>BYTE_STREAM_SPLIT byte arrays of one length.</summary>
internal sealed class StreamSplitBytesDecoder(StreamSplit split, int width) : BytesDecoder
{
    /// <inheritdoc/>
    public override void Read(Span<ByteRange> target, BatchBuffers buffers)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = buffers.Reserve(width, out Span<byte> room);
            split.Read(room);
        }
    }
}

/// <summary>DELTA_LENGTH_BYTE_ARRAY: all lengths as deltas, then all bytes.</summary>
internal sealed class DeltaLengthDecoder : BytesDecoder
{
    private readonly byte[] _data;
    private readonly int _end;
    private readonly DeltaDecoder _lengths;
    private int _position;

    /// <summary>Starts reading a page's values.</summary>
    /// <exception cref="DamagedException">The lengths make no sense.</exception>
    public DeltaLengthDecoder(byte[] data, int start, int end)
    {
        _data = data;
        _end = end;
        _lengths = new DeltaDecoder(data, start, end);
        _position = new DeltaDecoder(data, start, end).SkipToEnd();
    }

    /// <inheritdoc/>
    public override void Read(Span<ByteRange> target, BatchBuffers buffers)
    {
        int number = buffers.Add(_data, isChecked: false);
        for (int i = 0; i < target.Length; i++)
        {
            (int start, int length) = Next();
            target[i] = new ByteRange(number, start, length);
        }
    }

    /// <summary>Reads one value.</summary>
    /// <exception cref="DamagedException">There is none, or its length makes no sense.</exception>
    public (int Start, int Length) Next()
    {
        long length = 0;
        _lengths.Read(new Span<long>(ref length));
        if (length < 0 || length > _end - _position)
            throw DamagedException.Page($"a byte array of {length} bytes, {_end - _position} remain");
        int start = _position;
        _position += (int)length;
        return (start, (int)length);
    }
}

/// <summary>DELTA_BYTE_ARRAY: how much is shared with the value before, then what follows.</summary>
internal sealed class DeltaBytesDecoder : BytesDecoder
{
    private readonly byte[] _data;
    private readonly DeltaDecoder _prefixes;
    private readonly DeltaLengthDecoder _suffixes;
    private byte[] _last = [];
    private int _lastLength;

    /// <summary>Starts reading a page's values.</summary>
    /// <exception cref="DamagedException">The lengths make no sense.</exception>
    public DeltaBytesDecoder(byte[] data, int start, int end)
    {
        _data = data;
        _prefixes = new DeltaDecoder(data, start, end);
        _suffixes = new DeltaLengthDecoder(data, new DeltaDecoder(data, start, end).SkipToEnd(), end);
    }

    /// <inheritdoc/>
    public override void Read(Span<ByteRange> target, BatchBuffers buffers)
    {
        for (int i = 0; i < target.Length; i++)
        {
            long prefix = 0;
            _prefixes.Read(new Span<long>(ref prefix));
            if (prefix < 0 || prefix > _lastLength) throw DamagedException.Page($"a value shares {prefix} bytes with one of {_lastLength}");
            (int start, int length) = _suffixes.Next();
            target[i] = buffers.Reserve(prefix + length, out Span<byte> room);
            _last.AsSpan(0, (int)prefix).CopyTo(room);
            _data.AsSpan(start, length).CopyTo(room[(int)prefix..]);
            Remember(room);
        }
    }

    private void Remember(ReadOnlySpan<byte> value)
    {
        if (value.Length > _last.Length) _last = new byte[Math.Max(value.Length, 2 * _last.Length)];
        value.CopyTo(_last);
        _lastLength = value.Length;
    }
}

/// <summary>The dictionary of a byte column.</summary>
/// <param name="Data">The dictionary page.</param>
/// <param name="Entries">Its entries; their buffer number means nothing.</param>
/// <param name="IsChecked">Whether all of them are known to be UTF-8.</param>
internal sealed record BytesDictionary(byte[] Data, ByteRange[] Entries, bool IsChecked);

/// <summary>Indices into a dictionary of byte arrays.</summary>
internal sealed class DictionaryBytesDecoder(HybridDecoder indices, BytesDictionary dictionary) : BytesDecoder
{
    private readonly int[] _indices = new int[DictionaryIndices.Batch];

    /// <inheritdoc/>
    public override void Read(Span<ByteRange> target, BatchBuffers buffers)
    {
        int number = buffers.Add(dictionary.Data, dictionary.IsChecked);
        ByteRange[] entries = dictionary.Entries;
        while (target.Length > 0)
        {
            Span<int> part = _indices.AsSpan(0, Math.Min(target.Length, DictionaryIndices.Batch));
            indices.Read(part);
            for (int i = 0; i < part.Length; i++)
            {
                int index = part[i];
                if ((uint)index >= (uint)entries.Length) throw DictionaryIndices.OutOfRange(index, entries.Length);
                target[i] = entries[index] with { Buffer = number };
            }

            target = target[part.Length..];
        }
    }
}
