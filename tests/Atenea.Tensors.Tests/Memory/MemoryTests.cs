namespace Atenea.Tensors.Tests;

[Collection(EngineCollection.Name)]
public sealed unsafe class MemoryTests
{
    [Fact]
    public void Blocks_are_aligned_counted_and_given_back()
    {
        long before = NativeBlock.LiveBytes;
        foreach (nuint bytes in new nuint[] { 1, 64, 4097, 3 << 20 })
        {
            void* block = NativeBlock.AllocateZeroed(bytes);
            Assert.Equal(0u, (nuint)block % NativeBlock.Alignment);
            Assert.Equal(before + (long)bytes, NativeBlock.LiveBytes);
            Assert.True(NativeBlock.PeakBytes >= NativeBlock.LiveBytes);
            Assert.False(new ReadOnlySpan<byte>(block, (int)bytes).ContainsAnyExcept((byte)0));
            NativeBlock.Free(block, bytes);
        }

        NativeBlock.Free(null, 5);
        Assert.Equal(before, NativeBlock.LiveBytes);
    }

    [Fact]
    public void Memory_that_cannot_be_had_is_a_coded_error()
    {
        var error = Assert.Throws<Errors.AteneaException>(() => NativeBlock.Allocate(nuint.MaxValue / 4));
        Assert.Equal("ATN0604", error.Code.Id);
    }

    [Fact]
    public void Arena_blocks_do_not_overlap_and_are_aligned()
    {
        using var arena = new Arena(HostMemory.Instance);
        var random = new Random(1);
        var blocks = new List<(nint Start, nint End)>();
        for (int i = 0; i < 300; i++)
        {
            int count = random.Next(0, 40_000);
            nint start = arena.Take(count).Address;
            Assert.Equal(0, start % NativeBlock.Alignment);
            new Span<float>((float*)start, count).Fill(i);
            blocks.Add((start, start + (count * sizeof(float))));
        }

        for (int i = 0; i < 300; i++)
        {
            var values = new ReadOnlySpan<float>((float*)blocks[i].Start, (int)((blocks[i].End - blocks[i].Start) / sizeof(float)));
            Assert.False(values.ContainsAnyExcept((float)i));
        }
    }

    [Fact]
    public void A_returned_block_is_handed_out_again_for_the_same_size()
    {
        using var arena = new Arena(HostMemory.Instance);
        DeviceBuffer a = arena.Take(5000), b = arena.Take(5000);
        arena.Return(a, 5000);
        Assert.NotEqual(a, arena.Take(50_000));
        Assert.Equal(a, arena.Take(4990)); // the same number of pages
        Assert.NotEqual(b, arena.Take(5000));
    }

    [Fact]
    public void After_a_reset_the_same_step_takes_nothing_from_the_system()
    {
        long before = NativeBlock.LiveBytes;
        using (var arena = new Arena(HostMemory.Instance))
        {
            for (int step = 0; step < 5; step++)
            {
                arena.Reset();
                long capacity = arena.Capacity;
                for (int i = 0; i < 20; i++) arena.Take(200_000);
                if (step >= 2) Assert.Equal(capacity, arena.Capacity);
            }

            Assert.Equal(before + arena.Capacity, NativeBlock.LiveBytes);
        }

        Assert.Equal(before, NativeBlock.LiveBytes);
    }
}
