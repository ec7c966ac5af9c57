namespace Atenea.Tensors;

/// <summary>
/// Memory of one step: blocks are cut off the end of a chunk, given back in any order for reuse by blocks of the same size, and all
/// forgotten at once by <see cref="Reset"/>. After a few steps the arena is one chunk of the right size and a step takes nothing from the
/// system.
/// </summary>
/// <param name="memory">Where the chunks come from.</param>
internal sealed class Arena(DeviceMemory memory) : IDisposable
{
    private const long Granule = 4096; // Sizes are rounded so that batches of almost equal length share chunks and free blocks.
    private const long SmallestChunk = 1 << 20;

    private readonly List<Block> _chunks = [];
    private readonly List<Block> _free = [];
    private long _used; // bytes cut off the last chunk
    private long _total; // bytes cut off all chunks since the reset

    /// <summary>Bytes that the arena holds from the system.</summary>
    public long Capacity { get; private set; }

    /// <summary>A block of <paramref name="count"/> elements of undefined content, 64-byte aligned.</summary>
    public DeviceBuffer Take(long count)
    {
        long size = Round(count * DeviceBuffer.ElementBytes);
        for (int i = _free.Count - 1; i >= 0; i--)
        {
            if (_free[i].Bytes != size) continue;
            DeviceBuffer reused = _free[i].Start;
            _free[i] = _free[^1];
            _free.RemoveAt(_free.Count - 1);
            return reused;
        }

        if (_chunks.Count == 0 || _used + size > _chunks[^1].Bytes) AddChunk(Math.Max(size, SmallestChunk + (Capacity / 2)));
        var block = new DeviceBuffer(_chunks[^1].Start.Address + (nint)_used);
        _used += size;
        _total += size;
        return block;
    }

    /// <summary>Gives back a block of <paramref name="count"/> elements, to be handed out again before the next reset.</summary>
    public void Return(DeviceBuffer block, long count)
    {
        if (!block.IsNone) _free.Add(new Block(block, Round(count * DeviceBuffer.ElementBytes)));
    }

    /// <summary>Forgets every block. Blocks handed out before must not be used any more.</summary>
    public void Reset()
    {
        _free.Clear();
        if (_chunks.Count > 1)
        {
            long needed = _total;
            ReleaseChunks();
            AddChunk(needed + (needed / 8)); // One chunk from now on, with some room for a longer batch.
        }

        _used = 0;
        _total = 0;
    }

    /// <summary>Gives all memory back to the system.</summary>
    public void Dispose()
    {
        _free.Clear();
        ReleaseChunks();
    }

    private static long Round(long bytes) => bytes == 0 ? Granule : (bytes + Granule - 1) & ~(Granule - 1);

    private void AddChunk(long bytes)
    {
        bytes = Round(bytes);
        _chunks.Add(new Block(memory.Allocate(bytes), bytes));
        Capacity += bytes;
        _used = 0;
    }

    private void ReleaseChunks()
    {
        foreach (Block chunk in _chunks) memory.Free(chunk.Start, chunk.Bytes);
        _chunks.Clear();
        Capacity = 0;
        _used = 0;
    }

    private readonly record struct Block(DeviceBuffer Start, long Bytes);
}
