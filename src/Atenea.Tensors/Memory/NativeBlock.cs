using System.Runtime.InteropServices;
using Atenea.Errors;

namespace Atenea.Tensors;

/// <summary>
/// The one place where native memory is taken and given back: 64-byte aligned, counted, so that a test can show that nothing leaks
/// and a run can report its peak.
/// </summary>
public static unsafe class NativeBlock
{
    /// <summary>Alignment in bytes: a cache line and an AVX-512 register.</summary>
    internal const int Alignment = 64;

    // Blocks from this size up are aligned to, and ask for, the kernel's huge pages: fewer TLB misses in the large matrices.
    private const nuint HugePage = 2 << 20;

    private static long s_liveBytes;
    private static long s_peakBytes;

    /// <summary>Bytes taken and not yet given back.</summary>
    public static long LiveBytes => Interlocked.Read(ref s_liveBytes);

    /// <summary>The largest <see cref="LiveBytes"/> so far.</summary>
    public static long PeakBytes => Interlocked.Read(ref s_peakBytes);

    /// <summary>Takes <paramref name="bytes"/> bytes of undefined content.</summary>
    /// <exception cref="AteneaException">ATN0604: the system has no such memory.</exception>
    internal static void* Allocate(nuint bytes)
    {
        nuint alignment = bytes >= HugePage ? HugePage : Alignment;
        void* block;
        try
        {
            block = NativeMemory.AlignedAlloc(bytes, alignment);
        }
        catch (OutOfMemoryException inner)
        {
            throw new AteneaException(Catalogue.OutOfMemory,
                $"{bytes / 1048576.0:F1} MiB more than the {LiveBytes / 1048576.0:F1} MiB in use", inner: inner);
        }

        if (alignment == HugePage) AdviseHugePages(block, bytes);
        long live = Interlocked.Add(ref s_liveBytes, (long)bytes);
        long peak;
        while (live > (peak = Interlocked.Read(ref s_peakBytes)) && Interlocked.CompareExchange(ref s_peakBytes, live, peak) != peak)
        {
        }

        return block;
    }

    /// <summary>Takes <paramref name="bytes"/> bytes of zeros.</summary>
    internal static void* AllocateZeroed(nuint bytes)
    {
        void* block = Allocate(bytes);
        NativeMemory.Clear(block, bytes);
        return block;
    }

    /// <summary>Gives a block back; <paramref name="bytes"/> must be what it was taken with. Null is allowed.</summary>
    internal static void Free(void* block, nuint bytes)
    {
        if (block is null) return;
        NativeMemory.AlignedFree(block);
        Interlocked.Add(ref s_liveBytes, -(long)bytes);
    }

    private static void AdviseHugePages(void* block, nuint bytes)
    {
        if (!OperatingSystem.IsLinux()) return;
        const int MadviseHugePage = 14;
        _ = Madvise(block, bytes, MadviseHugePage); // Advice only: a kernel without huge pages ignores it.
    }

    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Madvise(void* address, nuint length, int advice);
}
