using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Atenea.Tensors;

/// <summary>
/// Register tiles for AVX-512: 12 rows by 32 columns, 24 accumulators of the 32 registers, two panel vectors and a broadcast.
/// A is broadcast straight from its matrix; packing it costs more than it gives.
/// </summary>
internal readonly unsafe struct GemmAvx512 : IGemmKernel
{
    /// <summary>Rows of the largest register tile.</summary>
    public static int Rows => 12;

    /// <summary>Columns of a register tile, the width of a packed panel.</summary>
    public static int Columns => 32;

    /// <inheritdoc/>
    /// <remarks>The accumulators of a tile stay in registers only if nothing is called while they live: no register of this width survives
    /// a call.</remarks>
    public static void Multiply(int rows, int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint cStride, bool accumulate)
    {
        while (rows > 0)
        {
            int done;
            if (rows >= 12)
            {
                Tile12(depth, a, rowStride, depthStride, b, c, cStride, accumulate);
                done = 12;
            }
            else if (rows >= 8)
            {
                Tile8(depth, a, rowStride, depthStride, b, c, cStride, accumulate);
                done = 8;
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
    private static void Tile12(int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint cStride, bool accumulate)
    {
        Vector512<float> c0a = Vector512<float>.Zero, c0b = Vector512<float>.Zero;
        Vector512<float> c1a = Vector512<float>.Zero, c1b = Vector512<float>.Zero;
        Vector512<float> c2a = Vector512<float>.Zero, c2b = Vector512<float>.Zero;
        Vector512<float> c3a = Vector512<float>.Zero, c3b = Vector512<float>.Zero;
        Vector512<float> c4a = Vector512<float>.Zero, c4b = Vector512<float>.Zero;
        Vector512<float> c5a = Vector512<float>.Zero, c5b = Vector512<float>.Zero;
        Vector512<float> c6a = Vector512<float>.Zero, c6b = Vector512<float>.Zero;
        Vector512<float> c7a = Vector512<float>.Zero, c7b = Vector512<float>.Zero;
        Vector512<float> c8a = Vector512<float>.Zero, c8b = Vector512<float>.Zero;
        Vector512<float> c9a = Vector512<float>.Zero, c9b = Vector512<float>.Zero;
        Vector512<float> c10a = Vector512<float>.Zero, c10b = Vector512<float>.Zero;
        Vector512<float> c11a = Vector512<float>.Zero, c11b = Vector512<float>.Zero;
        float* a0 = a;
        float* a3 = a + (3 * rowStride);
        float* a6 = a + (6 * rowStride);
        float* a9 = a + (9 * rowStride);
        nint rowStride2 = 2 * rowStride;
        for (; depth > 0; depth--)
        {
            Vector512<float> ba = Vector512.Load(b);
            Vector512<float> bb = Vector512.Load(b + 16);
            Vector512<float> x0 = Vector512.Create(*a0);
            c0a = Avx512F.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Avx512F.FusedMultiplyAdd(x0, bb, c0b);
            Vector512<float> x1 = Vector512.Create(a0[rowStride]);
            c1a = Avx512F.FusedMultiplyAdd(x1, ba, c1a);
            c1b = Avx512F.FusedMultiplyAdd(x1, bb, c1b);
            Vector512<float> x2 = Vector512.Create(a0[rowStride2]);
            c2a = Avx512F.FusedMultiplyAdd(x2, ba, c2a);
            c2b = Avx512F.FusedMultiplyAdd(x2, bb, c2b);
            Vector512<float> x3 = Vector512.Create(*a3);
            c3a = Avx512F.FusedMultiplyAdd(x3, ba, c3a);
            c3b = Avx512F.FusedMultiplyAdd(x3, bb, c3b);
            Vector512<float> x4 = Vector512.Create(a3[rowStride]);
            c4a = Avx512F.FusedMultiplyAdd(x4, ba, c4a);
            c4b = Avx512F.FusedMultiplyAdd(x4, bb, c4b);
            Vector512<float> x5 = Vector512.Create(a3[rowStride2]);
            c5a = Avx512F.FusedMultiplyAdd(x5, ba, c5a);
            c5b = Avx512F.FusedMultiplyAdd(x5, bb, c5b);
            Vector512<float> x6 = Vector512.Create(*a6);
            c6a = Avx512F.FusedMultiplyAdd(x6, ba, c6a);
            c6b = Avx512F.FusedMultiplyAdd(x6, bb, c6b);
            Vector512<float> x7 = Vector512.Create(a6[rowStride]);
            c7a = Avx512F.FusedMultiplyAdd(x7, ba, c7a);
            c7b = Avx512F.FusedMultiplyAdd(x7, bb, c7b);
            Vector512<float> x8 = Vector512.Create(a6[rowStride2]);
            c8a = Avx512F.FusedMultiplyAdd(x8, ba, c8a);
            c8b = Avx512F.FusedMultiplyAdd(x8, bb, c8b);
            Vector512<float> x9 = Vector512.Create(*a9);
            c9a = Avx512F.FusedMultiplyAdd(x9, ba, c9a);
            c9b = Avx512F.FusedMultiplyAdd(x9, bb, c9b);
            Vector512<float> x10 = Vector512.Create(a9[rowStride]);
            c10a = Avx512F.FusedMultiplyAdd(x10, ba, c10a);
            c10b = Avx512F.FusedMultiplyAdd(x10, bb, c10b);
            Vector512<float> x11 = Vector512.Create(a9[rowStride2]);
            c11a = Avx512F.FusedMultiplyAdd(x11, ba, c11a);
            c11b = Avx512F.FusedMultiplyAdd(x11, bb, c11b);
            a0 += depthStride;
            a3 += depthStride;
            a6 += depthStride;
            a9 += depthStride;
            b += 32;
        }

        Put(c, c0a, c0b, accumulate);
        Put(c + cStride, c1a, c1b, accumulate);
        Put(c + (2 * cStride), c2a, c2b, accumulate);
        Put(c + (3 * cStride), c3a, c3b, accumulate);
        Put(c + (4 * cStride), c4a, c4b, accumulate);
        Put(c + (5 * cStride), c5a, c5b, accumulate);
        Put(c + (6 * cStride), c6a, c6b, accumulate);
        Put(c + (7 * cStride), c7a, c7b, accumulate);
        Put(c + (8 * cStride), c8a, c8b, accumulate);
        Put(c + (9 * cStride), c9a, c9b, accumulate);
        Put(c + (10 * cStride), c10a, c10b, accumulate);
        Put(c + (11 * cStride), c11a, c11b, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8(int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint cStride, bool accumulate)
    {
        Vector512<float> c0a = Vector512<float>.Zero, c0b = Vector512<float>.Zero;
        Vector512<float> c1a = Vector512<float>.Zero, c1b = Vector512<float>.Zero;
        Vector512<float> c2a = Vector512<float>.Zero, c2b = Vector512<float>.Zero;
        Vector512<float> c3a = Vector512<float>.Zero, c3b = Vector512<float>.Zero;
        Vector512<float> c4a = Vector512<float>.Zero, c4b = Vector512<float>.Zero;
        Vector512<float> c5a = Vector512<float>.Zero, c5b = Vector512<float>.Zero;
        Vector512<float> c6a = Vector512<float>.Zero, c6b = Vector512<float>.Zero;
        Vector512<float> c7a = Vector512<float>.Zero, c7b = Vector512<float>.Zero;
        float* a0 = a;
        float* a3 = a + (3 * rowStride);
        float* a6 = a + (6 * rowStride);
        nint rowStride2 = 2 * rowStride;
        for (; depth > 0; depth--)
        {
            Vector512<float> ba = Vector512.Load(b);
            Vector512<float> bb = Vector512.Load(b + 16);
            Vector512<float> x0 = Vector512.Create(*a0);
            c0a = Avx512F.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Avx512F.FusedMultiplyAdd(x0, bb, c0b);
            Vector512<float> x1 = Vector512.Create(a0[rowStride]);
            c1a = Avx512F.FusedMultiplyAdd(x1, ba, c1a);
            c1b = Avx512F.FusedMultiplyAdd(x1, bb, c1b);
            Vector512<float> x2 = Vector512.Create(a0[rowStride2]);
            c2a = Avx512F.FusedMultiplyAdd(x2, ba, c2a);
            c2b = Avx512F.FusedMultiplyAdd(x2, bb, c2b);
            Vector512<float> x3 = Vector512.Create(*a3);
            c3a = Avx512F.FusedMultiplyAdd(x3, ba, c3a);
            c3b = Avx512F.FusedMultiplyAdd(x3, bb, c3b);
            Vector512<float> x4 = Vector512.Create(a3[rowStride]);
            c4a = Avx512F.FusedMultiplyAdd(x4, ba, c4a);
            c4b = Avx512F.FusedMultiplyAdd(x4, bb, c4b);
            Vector512<float> x5 = Vector512.Create(a3[rowStride2]);
            c5a = Avx512F.FusedMultiplyAdd(x5, ba, c5a);
            c5b = Avx512F.FusedMultiplyAdd(x5, bb, c5b);
            Vector512<float> x6 = Vector512.Create(*a6);
            c6a = Avx512F.FusedMultiplyAdd(x6, ba, c6a);
            c6b = Avx512F.FusedMultiplyAdd(x6, bb, c6b);
            Vector512<float> x7 = Vector512.Create(a6[rowStride]);
            c7a = Avx512F.FusedMultiplyAdd(x7, ba, c7a);
            c7b = Avx512F.FusedMultiplyAdd(x7, bb, c7b);
            a0 += depthStride;
            a3 += depthStride;
            a6 += depthStride;
            b += 32;
        }

        Put(c, c0a, c0b, accumulate);
        Put(c + cStride, c1a, c1b, accumulate);
        Put(c + (2 * cStride), c2a, c2b, accumulate);
        Put(c + (3 * cStride), c3a, c3b, accumulate);
        Put(c + (4 * cStride), c4a, c4b, accumulate);
        Put(c + (5 * cStride), c5a, c5b, accumulate);
        Put(c + (6 * cStride), c6a, c6b, accumulate);
        Put(c + (7 * cStride), c7a, c7b, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint cStride, bool accumulate)
    {
        Vector512<float> c0a = Vector512<float>.Zero, c0b = Vector512<float>.Zero;
        Vector512<float> c1a = Vector512<float>.Zero, c1b = Vector512<float>.Zero;
        Vector512<float> c2a = Vector512<float>.Zero, c2b = Vector512<float>.Zero;
        Vector512<float> c3a = Vector512<float>.Zero, c3b = Vector512<float>.Zero;
        float* a0 = a;
        float* a3 = a + (3 * rowStride);
        nint rowStride2 = 2 * rowStride;
        for (; depth > 0; depth--)
        {
            Vector512<float> ba = Vector512.Load(b);
            Vector512<float> bb = Vector512.Load(b + 16);
            Vector512<float> x0 = Vector512.Create(*a0);
            c0a = Avx512F.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Avx512F.FusedMultiplyAdd(x0, bb, c0b);
            Vector512<float> x1 = Vector512.Create(a0[rowStride]);
            c1a = Avx512F.FusedMultiplyAdd(x1, ba, c1a);
            c1b = Avx512F.FusedMultiplyAdd(x1, bb, c1b);
            Vector512<float> x2 = Vector512.Create(a0[rowStride2]);
            c2a = Avx512F.FusedMultiplyAdd(x2, ba, c2a);
            c2b = Avx512F.FusedMultiplyAdd(x2, bb, c2b);
            Vector512<float> x3 = Vector512.Create(*a3);
            c3a = Avx512F.FusedMultiplyAdd(x3, ba, c3a);
            c3b = Avx512F.FusedMultiplyAdd(x3, bb, c3b);
            a0 += depthStride;
            a3 += depthStride;
            b += 32;
        }

        Put(c, c0a, c0b, accumulate);
        Put(c + cStride, c1a, c1b, accumulate);
        Put(c + (2 * cStride), c2a, c2b, accumulate);
        Put(c + (3 * cStride), c3a, c3b, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2(int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint cStride, bool accumulate)
    {
        Vector512<float> c0a = Vector512<float>.Zero, c0b = Vector512<float>.Zero;
        Vector512<float> c1a = Vector512<float>.Zero, c1b = Vector512<float>.Zero;
        float* a0 = a;
        for (; depth > 0; depth--)
        {
            Vector512<float> ba = Vector512.Load(b);
            Vector512<float> bb = Vector512.Load(b + 16);
            Vector512<float> x0 = Vector512.Create(*a0);
            c0a = Avx512F.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Avx512F.FusedMultiplyAdd(x0, bb, c0b);
            Vector512<float> x1 = Vector512.Create(a0[rowStride]);
            c1a = Avx512F.FusedMultiplyAdd(x1, ba, c1a);
            c1b = Avx512F.FusedMultiplyAdd(x1, bb, c1b);
            a0 += depthStride;
            b += 32;
        }

        Put(c, c0a, c0b, accumulate);
        Put(c + cStride, c1a, c1b, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint cStride, bool accumulate)
    {
        Vector512<float> c0a = Vector512<float>.Zero, c0b = Vector512<float>.Zero;
        float* a0 = a;
        for (; depth > 0; depth--)
        {
            Vector512<float> ba = Vector512.Load(b);
            Vector512<float> bb = Vector512.Load(b + 16);
            Vector512<float> x0 = Vector512.Create(*a0);
            c0a = Avx512F.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Avx512F.FusedMultiplyAdd(x0, bb, c0b);
            a0 += depthStride;
            b += 32;
        }

        Put(c, c0a, c0b, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* c, Vector512<float> a, Vector512<float> b, bool accumulate)
    {
        if (accumulate)
        {
            a = Vector512.Load(c) + a;
            b = Vector512.Load(c + 16) + b;
        }

        a.Store(c);
        b.Store(c + 16);
    }
}
