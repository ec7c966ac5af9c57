namespace Atenea.Parquet;

/// <summary>A view of a column chunk's bytes that moves along the file and grows only for a page that is larger than it.</summary>
/// <param name="file">The file.</param>
/// <param name="start">Where the chunk starts.</param>
/// <param name="end">Where it ends at the latest.</param>
/// <param name="size">Bytes to read at a time.</param>
internal sealed class ChunkWindow(FileBytes file, long start, long end, int size)
{
    private byte[] _buffer = [];
    private long _position = start;
    private int _from;
    private int _filled;

    /// <summary>Bytes of the chunk from the present place on.</summary>
    public long Remaining => end - _position;

    /// <summary>Looks at the next bytes, fewer only where the chunk ends.</summary>
    /// <exception cref="DamagedException">The file has become shorter.</exception>
    public ArraySegment<byte> Peek(int count)
    {
        int wanted = (int)Math.Min(count, Remaining);
        if (_filled - _from < wanted) Fill(wanted);
        return new ArraySegment<byte>(_buffer, _from, Math.Max(wanted, _filled - _from));
    }

    /// <summary>Moves on.</summary>
    /// <param name="count">Bytes that were looked at.</param>
    public void Advance(int count)
    {
        _from += count;
        _position += count;
    }

    private void Fill(int wanted)
    {
        int kept = _filled - _from;
        int target = (int)Math.Min(Math.Max(wanted, size), Remaining);
        byte[] buffer = _buffer.Length >= target ? _buffer : GC.AllocateUninitializedArray<byte>(target);
        Buffer.BlockCopy(_buffer, _from, buffer, 0, kept);
        (_buffer, _from, _filled) = (buffer, 0, kept);
        _filled += file.Read(_buffer.AsSpan(_filled, target - _filled), _position + _filled);
        if (_filled < target) throw DamagedException.Page("the file has become shorter while it was read");
    }
}
