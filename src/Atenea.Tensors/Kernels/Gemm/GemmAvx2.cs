using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Atenea.Tensors;

/// <summary>
/// Register tiles for AVX2 with FMA: 6 rows by 16 columns, 12 accumulators of the 16 registers, two panel vectors and a broadcast.
/// </summary>
internal readonly unsafe struct GemmAvx2 : IGemmKernel
{
    /// <summary>Rows of the largest register tile.</summary>
    public static int Rows => 6;

    /// <summary>Columns of a register tile, the width of a packed panel.</summary>
    public static int Columns => 16;

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
        Vector256<float> c0a = Vector256<float>.Zero, c0b = Vector256<float>.Zero;
        Vector256<float> c1a = Vector256<float>.Zero, c1b = Vector256<float>.Zero;
        Vector256<float> c2a = Vector256<float>.Zero, c2b = Vector256<float>.Zero;
        Vector256<float> c3a = Vector256<float>.Zero, c3b = Vector256<float>.Zero;
        Vector256<float> c4a = Vector256<float>.Zero, c4b = Vector256<float>.Zero;
        Vector256<float> c5a = Vector256<float>.Zero, c5b = Vector256<float>.Zero;
        float* a0 = a;
        float* a3 = a + (3 * rowStride);
        nint rowStride2 = 2 * rowStride;
        for (; depth > 0; depth--)
        {
            Vector256<float> ba = Vector256.Load(b);
            Vector256<float> bb = Vector256.Load(b + 8);
            Vector256<float> x0 = Vector256.Create(*a0);
            c0a = Fma.MultiplyAdd(x0, ba, c0a);
            c0b = Fma.MultiplyAdd(x0, bb, c0b);
            Vector256<float> x1 = Vector256.Create(a0[rowStride]);
            c1a = Fma.MultiplyAdd(x1, ba, c1a);
            c1b = Fma.MultiplyAdd(x1, bb, c1b);
            Vector256<float> x2 = Vector256.Create(a0[rowStride2]);
            c2a = Fma.MultiplyAdd(x2, ba, c2a);
            c2b = Fma.MultiplyAdd(x2, bb, c2b);
            Vector256<float> x3 = Vector256.Create(*a3);
            c3a = Fma.MultiplyAdd(x3, ba, c3a);
            c3b = Fma.MultiplyAdd(x3, bb, c3b);
            Vector256<float> x4 = Vector256.Create(a3[rowStride]);
            c4a = Fma.MultiplyAdd(x4, ba, c4a);
            c4b = Fma.MultiplyAdd(x4, bb, c4b);
            Vector256<float> x5 = Vector256.Create(a3[rowStride2]);
            c5a = Fma.MultiplyAdd(x5, ba, c5a);
            c5b = Fma.MultiplyAdd(x5, bb, c5b);
            a0 += depthStride;
            a3 += depthStride;
            b += 16;
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
        Vector256<float> c0a = Vector256<float>.Zero, c0b = Vector256<float>.Zero;
        Vector256<float> c1a = Vector256<float>.Zero, c1b = Vector256<float>.Zero;
        Vector256<float> c2a = Vector256<float>.Zero, c2b = Vector256<float>.Zero;
        Vector256<float> c3a = Vector256<float>.Zero, c3b = Vector256<float>.Zero;
        float* a0 = a;
        float* a3 = a + (3 * rowStride);
        nint rowStride2 = 2 * rowStride;
        for (; depth > 0; depth--)
        {
            Vector256<float> ba = Vector256.Load(b);
            Vector256<float> bb = Vector256.Load(b + 8);
            Vector256<float> x0 = Vector256.Create(*a0);
            c0a = Fma.MultiplyAdd(x0, ba, c0a);
            c0b = Fma.MultiplyAdd(x0, bb, c0b);
            Vector256<float> x1 = Vector256.Create(a0[rowStride]);
            c1a = Fma.MultiplyAdd(x1, ba, c1a);
            c1b = Fma.MultiplyAdd(x1, bb, c1b);
            Vector256<float> x2 = Vector256.Create(a0[rowStride2]);
            c2a = Fma.MultiplyAdd(x2, ba, c2a);
            c2b = Fma.MultiplyAdd(x2, bb, c2b);
            Vector256<float> x3 = Vector256.Create(*a3);
            c3a = Fma.MultiplyAdd(x3, ba, c3a);
            c3b = Fma.MultiplyAdd(x3, bb, c3b);
            a0 += depthStride;
            a3 += depthStride;
            b += 16;
        }

        Put(c, c0a, c0b, accumulate);
        Put(c + cStride, c1a, c1b, accumulate);
        Put(c + (2 * cStride), c2a, c2b, accumulate);
        Put(c + (3 * cStride), c3a, c3b, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2(int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint cStride, bool accumulate)
    {
        Vector256<float> c0a = Vector256<float>.Zero, c0b = Vector256<float>.Zero;
        Vector256<float> c1a = Vector256<float>.Zero, c1b = Vector256<float>.Zero;
        float* a0 = a;
        for (; depth > 0; depth--)
        {
            Vector256<float> ba = Vector256.Load(b);
            Vector256<float> bb = Vector256.Load(b + 8);
            Vector256<float> x0 = Vector256.Create(*a0);
            c0a = Fma.MultiplyAdd(x0, ba, c0a);
            c0b = Fma.MultiplyAdd(x0, bb, c0b);
            Vector256<float> x1 = Vector256.Create(a0[rowStride]);
            c1a = Fma.MultiplyAdd(x1, ba, c1a);
            c1b = Fma.MultiplyAdd(x1, bb, c1b);
            a0 += depthStride;
            b += 16;
        }

        Put(c, c0a, c0b, accumulate);
        Put(c + cStride, c1a, c1b, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint cStride, bool accumulate)
    {
        Vector256<float> c0a = Vector256<float>.Zero, c0b = Vector256<float>.Zero;
        float* a0 = a;
        for (; depth > 0; depth--)
        {
            Vector256<float> ba = Vector256.Load(b);
            Vector256<float> bb = Vector256.Load(b + 8);
            Vector256<float> x0 = Vector256.Create(*a0);
            c0a = Fma.MultiplyAdd(x0, ba, c0a);
            c0b = Fma.MultiplyAdd(x0, bb, c0b);
            a0 += depthStride;
            b += 16;
        }

        Put(c, c0a, c0b, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* c, Vector256<float> a, Vector256<float> b, bool accumulate)
    {
        if (accumulate)
        {
            a = Vector256.Load(c) + a;
            b = Vector256.Load(c + 8) + b;
        }

        a.Store(c);
        b.Store(c + 8);
    }
}
