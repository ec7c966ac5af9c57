namespace Atenea.Tensors;

/// <summary>
/// Memory of one step: blocks are cut off the end of a chunk, given back in any order for reuse by blocks of the same size, and all
/// forgotten at once by <see cref="Reset"/>. After a few steps the arena is one chunk of the right size and a step takes nothing from the
/// system.
/// </summary>
internal sealed unsafe class Arena : IDisposable
{
    private const nuint Granule = 4096; // Sizes are rounded so that batches of almost equal length share chunks and free blocks.
    private const nuint SmallestChunk = 1 << 20;

    private readonly List<Chunk> _chunks = [];
    private readonly List<Block> _free = [];
    private nuint _used; // bytes cut off the last chunk
    private nuint _total; // bytes cut off all chunks since the reset

    /// <summary>Bytes that the arena holds from the system.</summary>
    public nuint Capacity { get; private set; }

    /// <summary>A block of <paramref name="count"/> floats of undefined content, 64-byte aligned.</summary>
    public float* Floats(long count) => (float*)Take((nuint)count * sizeof(float));

    /// <summary>A block of <paramref name="count"/> 32-bit integers of undefined content, 64-byte aligned.</summary>
    public int* Ints(long count) => (int*)Take((nuint)count * sizeof(int));

    /// <summary>Gives back a block of <paramref name="count"/> 32-bit values, to be handed out again before the next reset.</summary>
    public void Return(void* block, long count)
    {
        if (block is not null) _free.Add(new Block((nint)block, Round((nuint)count * sizeof(float))));
    }

    /// <summary>Forgets every block. Blocks handed out before must not be used any more.</summary>
    public void Reset()
    {
        _free.Clear();
        if (_chunks.Count > 1)
        {
            nuint needed = _total;
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

    private static nuint Round(nuint bytes) => bytes == 0 ? Granule : (bytes + Granule - 1) & ~(Granule - 1);

    private void* Take(nuint bytes)
    {
        nuint size = Round(bytes);
        for (int i = _free.Count - 1; i >= 0; i--)
        {
            if (_free[i].Bytes != size) continue;
            void* reused = (void*)_free[i].Address;
            _free[i] = _free[^1];
            _free.RemoveAt(_free.Count - 1);
            return reused;
        }

        if (_chunks.Count == 0 || _used + size > _chunks[^1].Bytes) AddChunk(nuint.Max(size, SmallestChunk + Capacity / 2));
        void* block = (byte*)_chunks[^1].Address + _used;
        _used += size;
        _total += size;
        return block;
    }

    private void AddChunk(nuint bytes)
    {
        bytes = Round(bytes);
        _chunks.Add(new Chunk((nint)NativeBlock.Allocate(bytes), bytes));
        Capacity += bytes;
        _used = 0;
    }

    private void ReleaseChunks()
    {
        foreach (Chunk chunk in _chunks) NativeBlock.Free((void*)chunk.Address, chunk.Bytes);
        _chunks.Clear();
        Capacity = 0;
        _used = 0;
    }

    private readonly record struct Chunk(nint Address, nuint Bytes);

    private readonly record struct Block(nint Address, nuint Bytes);
}
