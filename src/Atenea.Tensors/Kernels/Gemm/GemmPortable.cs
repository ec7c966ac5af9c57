using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Atenea.Tensors;

/// <summary>
/// Register tiles in the portable 128-bit API: 6 rows by 8 columns. This is the path of ARM64, and of x86 processors without AVX2,
/// where the runtime computes the exact fused multiply-add in software: slow, and the same bits.
/// </summary>
internal readonly unsafe struct GemmPortable : IGemmKernel
{
    /// <summary>Rows of the largest register tile.</summary>
    public static int Rows => 6;

    /// <summary>Columns of a register tile, the width of a packed panel.</summary>
    public static int Columns => 8;

    /// <inheritdoc/>
    /// <remarks>The accumulators of a tile stay in registers only if nothing is called while they live: no register of this width survives
    /// a call.</remarks>
    public static void Multiply(int rows, int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint cStride, bool accumulate)
    {
        while (rows > 0)
        {
            int done;
            if (rows >= 6)
            {
                Tile6(depth, a, rowStride, depthStride, b, c, cStride, accumulate);
                done = 6;
            }
            else if (rows >= 4)
            {
                Tile4(depth, a, rowStride, depthStride, b, c, cStride, accumulate);
                done = 4;
            }
            else if (rows >= 2)
            {
                Tile2(depth, a, rowStride, depthStride, b, c, cStride, accumulate);
                done = 2;
            }
            else
            {
                Tile1(depth, a, rowStride, depthStride, b, c, cStride, accumulate);
                done = 1;
            }

            a += done * rowStride;
            c += done * cStride;
            rows -= done;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6(int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint cStride, bool accumulate)
    {
        Vector128<float> c0a = Vector128<float>.Zero, c0b = Vector128<float>.Zero;
        Vector128<float> c1a = Vector128<float>.Zero, c1b = Vector128<float>.Zero;
        Vector128<float> c2a = Vector128<float>.Zero, c2b = Vector128<float>.Zero;
        Vector128<float> c3a = Vector128<float>.Zero, c3b = Vector128<float>.Zero;
        Vector128<float> c4a = Vector128<float>.Zero, c4b = Vector128<float>.Zero;
        Vector128<float> c5a = Vector128<float>.Zero, c5b = Vector128<float>.Zero;
        float* a0 = a;
        float* a3 = a + (3 * rowStride);
        nint rowStride2 = 2 * rowStride;
        for (; depth > 0; depth--)
        {
            Vector128<float> ba = Vector128.Load(b);
            Vector128<float> bb = Vector128.Load(b + 4);
            Vector128<float> x0 = Vector128.Create(*a0);
            c0a = Vector128.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Vector128.FusedMultiplyAdd(x0, bb, c0b);
            Vector128<float> x1 = Vector128.Create(a0[rowStride]);
            c1a = Vector128.FusedMultiplyAdd(x1, ba, c1a);
            c1b = Vector128.FusedMultiplyAdd(x1, bb, c1b);
            Vector128<float> x2 = Vector128.Create(a0[rowStride2]);
            c2a = Vector128.FusedMultiplyAdd(x2, ba, c2a);
            c2b = Vector128.FusedMultiplyAdd(x2, bb, c2b);
            Vector128<float> x3 = Vector128.Create(*a3);
            c3a = Vector128.FusedMultiplyAdd(x3, ba, c3a);
            c3b = Vector128.FusedMultiplyAdd(x3, bb, c3b);
            Vector128<float> x4 = Vector128.Create(a3[rowStride]);
            c4a = Vector128.FusedMultiplyAdd(x4, ba, c4a);
            c4b = Vector128.FusedMultiplyAdd(x4, bb, c4b);
            Vector128<float> x5 = Vector128.Create(a3[rowStride2]);
            c5a = Vector128.FusedMultiplyAdd(x5, ba, c5a);
            c5b = Vector128.FusedMultiplyAdd(x5, bb, c5b);
            a0 += depthStride;
            a3 += depthStride;
            b += 8;
        }

        Put(c, c0a, c0b, accumulate);
        Put(c + cStride, c1a, c1b, accumulate);
        Put(c + (2 * cStride), c2a, c2b, accumulate);
        Put(c + (3 * cStride), c3a, c3b, accumulate);
        Put(c + (4 * cStride), c4a, c4b, accumulate);
        Put(c + (5 * cStride), c5a, c5b, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint cStride, bool accumulate)
    {
        Vector128<float> c0a = Vector128<float>.Zero, c0b = Vector128<float>.Zero;
        Vector128<float> c1a = Vector128<float>.Zero, c1b = Vector128<float>.Zero;
        Vector128<float> c2a = Vector128<float>.Zero, c2b = Vector128<float>.Zero;
        Vector128<float> c3a = Vector128<float>.Zero, c3b = Vector128<float>.Zero;
        float* a0 = a;
        float* a3 = a + (3 * rowStride);
        nint rowStride2 = 2 * rowStride;
        for (; depth > 0; depth--)
        {
            Vector128<float> ba = Vector128.Load(b);
            Vector128<float> bb = Vector128.Load(b + 4);
            Vector128<float> x0 = Vector128.Create(*a0);
            c0a = Vector128.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Vector128.FusedMultiplyAdd(x0, bb, c0b);
            Vector128<float> x1 = Vector128.Create(a0[rowStride]);
            c1a = Vector128.FusedMultiplyAdd(x1, ba, c1a);
            c1b = Vector128.FusedMultiplyAdd(x1, bb, c1b);
            Vector128<float> x2 = Vector128.Create(a0[rowStride2]);
            c2a = Vector128.FusedMultiplyAdd(x2, ba, c2a);
            c2b = Vector128.FusedMultiplyAdd(x2, bb, c2b);
            Vector128<float> x3 = Vector128.Create(*a3);
            c3a = Vector128.FusedMultiplyAdd(x3, ba, c3a);
            c3b = Vector128.FusedMultiplyAdd(x3, bb, c3b);
            a0 += depthStride;
            a3 += depthStride;
            b += 8;
        }

        Put(c, c0a, c0b, accumulate);
        Put(c + cStride, c1a, c1b, accumulate);
        Put(c + (2 * cStride), c2a, c2b, accumulate);
        Put(c + (3 * cStride), c3a, c3b, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2(int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint cStride, bool accumulate)
    {
        Vector128<float> c0a = Vector128<float>.Zero, c0b = Vector128<float>.Zero;
        Vector128<float> c1a = Vector128<float>.Zero, c1b = Vector128<float>.Zero;
        float* a0 = a;
        for (; depth > 0; depth--)
        {
            Vector128<float> ba = Vector128.Load(b);
            Vector128<float> bb = Vector128.Load(b + 4);
            Vector128<float> x0 = Vector128.Create(*a0);
            c0a = Vector128.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Vector128.FusedMultiplyAdd(x0, bb, c0b);
            Vector128<float> x1 = Vector128.Create(a0[rowStride]);
            c1a = Vector128.FusedMultiplyAdd(x1, ba, c1a);
            c1b = Vector128.FusedMultiplyAdd(x1, bb, c1b);
            a0 += depthStride;
            b += 8;
        }

        Put(c, c0a, c0b, accumulate);
        Put(c + cStride, c1a, c1b, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint cStride, bool accumulate)
    {
        Vector128<float> c0a = Vector128<float>.Zero, c0b = Vector128<float>.Zero;
        float* a0 = a;
        for (; depth > 0; depth--)
        {
            Vector128<float> ba = Vector128.Load(b);
            Vector128<float> bb = Vector128.Load(b + 4);
            Vector128<float> x0 = Vector128.Create(*a0);
            c0a = Vector128.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Vector128.FusedMultiplyAdd(x0, bb, c0b);
            a0 += depthStride;
            b += 8;
        }

        Put(c, c0a, c0b, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* c, Vector128<float> a, Vector128<float> b, bool accumulate)
    {
        if (accumulate)
        {
            a = Vector128.Load(c) + a;
            b = Vector128.Load(c + 4) + b;
        }

        a.Store(c);
        b.Store(c + 4);
    }
}
