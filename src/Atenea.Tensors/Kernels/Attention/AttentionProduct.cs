using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>
/// The small matrix products of attention, C (+)= A B, all of whose operands lie in a worker's scratch memory. Each element of C is one
/// chain of fused multiply-adds in the order of the depth, so neither the blocking nor the instruction set changes a bit. A is read by
/// broadcasts through two strides (so that its transpose needs no copy), B and C by vectors of sixteen columns.
/// </summary>
/// <typeparam name="T">Lanes of the instruction set.</typeparam>
internal static unsafe class AttentionProduct<T>
    where T : struct, ILanes<T>
{
    // A slice of B this deep and 32 columns wide takes 32 KiB: it stays in the first-level cache while the rows of A pass by.
    private const int DepthBlock = 256;

    /// <summary>Rows of C come in multiples of four; the callers pad with rows that nobody reads.</summary>
    public static int PadRows(int rows) => (rows + 3) & ~3;

    /// <summary>Computes C = A B or C += A B.</summary>
    /// <param name="a">A[i, k] at a[i * aRow + k * aStep].</param>
    /// <param name="aRow">Floats between rows of A.</param>
    /// <param name="aStep">Floats between steps of the depth in A.</param>
    /// <param name="b">B[k, j] at b[(j / 16) * bNext + k * bStep + j % 16].</param>
    /// <param name="bStep">Floats between steps of the depth in B.</param>
    /// <param name="bNext">Floats between groups of sixteen columns in B: 16 for a row-major matrix, the size of a panel for a packed
    /// one.</param>
    /// <param name="c">C[i, j] at c[i * cRow + j].</param>
    /// <param name="cRow">Floats between rows of C.</param>
    /// <param name="rows">Rows of A and C, a multiple of 4.</param>
    /// <param name="columns">Columns of B and C, a multiple of 16.</param>
    /// <param name="depth">Columns of A and rows of B.</param>
    /// <param name="accumulate">Whether the sums start from what C holds, or from zero.</param>
    public static void Multiply(
        float* a, nint aRow, nint aStep, float* b, nint bStep, nint bNext, float* c, nint cRow, int rows, int columns, int depth, bool accumulate)
    {
        for (int k = 0; k < depth; k += DepthBlock)
        {
            int steps = Math.Min(DepthBlock, depth - k);
            int j = 0;
            if (typeof(T) == typeof(Lanes512))
            {
                for (; j + 32 <= columns; j += 32)
                    Wide(a + (k * aStep), aRow, aStep, b + (k * bStep) + (j / 16 * bNext), bStep, bNext, c + j, cRow, rows, steps, accumulate);
            }

            for (; j < columns; j += 16)
                Narrow(a + (k * aStep), aRow, aStep, b + (k * bStep) + (j / 16 * bNext), bStep, c + j, cRow, rows, steps, accumulate);
            accumulate = true;
        }
    }

    private static void Wide(
        float* a, nint aRow, nint aStep, float* b, nint bStep, nint bNext, float* c, nint cRow, int rows, int depth, bool accumulate)
    {
        int i = 0;
        for (; i + 12 <= rows; i += 12) Block12x2(a + (i * aRow), aRow, aStep, b, bStep, bNext, c + (i * cRow), cRow, depth, accumulate);
        for (; i + 8 <= rows; i += 8) Block8x2(a + (i * aRow), aRow, aStep, b, bStep, bNext, c + (i * cRow), cRow, depth, accumulate);
        for (; i < rows; i += 4) Block4x2(a + (i * aRow), aRow, aStep, b, bStep, bNext, c + (i * cRow), cRow, depth, accumulate);
    }

    private static void Narrow(float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow, int rows, int depth, bool accumulate)
    {
        int i = 0;
        if (typeof(T) == typeof(Lanes512))
        {
            for (; i + 8 <= rows; i += 8) Block8x1(a + (i * aRow), aRow, aStep, b, bStep, c + (i * cRow), cRow, depth, accumulate);
        }
        else if (typeof(T) == typeof(Lanes256))
        {
            for (; i + 12 <= rows; i += 12)
            {
                Block6x1(a + (i * aRow), aRow, aStep, b, bStep, c + (i * cRow), cRow, depth, accumulate);
                Block6x1(a + ((i + 6) * aRow), aRow, aStep, b, bStep, c + ((i + 6) * cRow), cRow, depth, accumulate);
            }
        }

        for (; i < rows; i += 4) Block4x1(a + (i * aRow), aRow, aStep, b, bStep, c + (i * cRow), cRow, depth, accumulate);
    }

    /// <summary>Twelve rows by 32 columns: 24 accumulators, for 32 registers of 512 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block12x2(float* a, nint aRow, nint aStep, float* b, nint bStep, nint bNext, float* c, nint cRow, int depth, bool accumulate)
    {
        T c00 = T.Zero, c01 = T.Zero, c10 = T.Zero, c11 = T.Zero;
        T c20 = T.Zero, c21 = T.Zero, c30 = T.Zero, c31 = T.Zero;
        T c40 = T.Zero, c41 = T.Zero, c50 = T.Zero, c51 = T.Zero;
        T c60 = T.Zero, c61 = T.Zero, c70 = T.Zero, c71 = T.Zero;
        T c80 = T.Zero, c81 = T.Zero, c90 = T.Zero, c91 = T.Zero;
        T cA0 = T.Zero, cA1 = T.Zero, cB0 = T.Zero, cB1 = T.Zero;
        if (accumulate)
        {
            c00 = T.Load(c); c01 = T.Load(c + 16);
            c10 = T.Load(c + cRow); c11 = T.Load(c + cRow + 16);
            c20 = T.Load(c + (2 * cRow)); c21 = T.Load(c + (2 * cRow) + 16);
            c30 = T.Load(c + (3 * cRow)); c31 = T.Load(c + (3 * cRow) + 16);
            c40 = T.Load(c + (4 * cRow)); c41 = T.Load(c + (4 * cRow) + 16);
            c50 = T.Load(c + (5 * cRow)); c51 = T.Load(c + (5 * cRow) + 16);
            c60 = T.Load(c + (6 * cRow)); c61 = T.Load(c + (6 * cRow) + 16);
            c70 = T.Load(c + (7 * cRow)); c71 = T.Load(c + (7 * cRow) + 16);
            c80 = T.Load(c + (8 * cRow)); c81 = T.Load(c + (8 * cRow) + 16);
            c90 = T.Load(c + (9 * cRow)); c91 = T.Load(c + (9 * cRow) + 16);
            cA0 = T.Load(c + (10 * cRow)); cA1 = T.Load(c + (10 * cRow) + 16);
            cB0 = T.Load(c + (11 * cRow)); cB1 = T.Load(c + (11 * cRow) + 16);
        }

        float* a0 = a;
        float* a3 = a + (3 * aRow);
        float* a6 = a + (6 * aRow);
        float* a9 = a + (9 * aRow);
        nint row2 = 2 * aRow;
        for (int k = 0; k < depth; k++)
        {
            T b0 = T.Load(b), b1 = T.Load(b + bNext);
            T v = T.Broadcast(*a0); c00 = T.MultiplyAdd(v, b0, c00); c01 = T.MultiplyAdd(v, b1, c01);
            v = T.Broadcast(a0[aRow]); c10 = T.MultiplyAdd(v, b0, c10); c11 = T.MultiplyAdd(v, b1, c11);
            v = T.Broadcast(a0[row2]); c20 = T.MultiplyAdd(v, b0, c20); c21 = T.MultiplyAdd(v, b1, c21);
            v = T.Broadcast(*a3); c30 = T.MultiplyAdd(v, b0, c30); c31 = T.MultiplyAdd(v, b1, c31);
            v = T.Broadcast(a3[aRow]); c40 = T.MultiplyAdd(v, b0, c40); c41 = T.MultiplyAdd(v, b1, c41);
            v = T.Broadcast(a3[row2]); c50 = T.MultiplyAdd(v, b0, c50); c51 = T.MultiplyAdd(v, b1, c51);
            v = T.Broadcast(*a6); c60 = T.MultiplyAdd(v, b0, c60); c61 = T.MultiplyAdd(v, b1, c61);
            v = T.Broadcast(a6[aRow]); c70 = T.MultiplyAdd(v, b0, c70); c71 = T.MultiplyAdd(v, b1, c71);
            v = T.Broadcast(a6[row2]); c80 = T.MultiplyAdd(v, b0, c80); c81 = T.MultiplyAdd(v, b1, c81);
            v = T.Broadcast(*a9); c90 = T.MultiplyAdd(v, b0, c90); c91 = T.MultiplyAdd(v, b1, c91);
            v = T.Broadcast(a9[aRow]); cA0 = T.MultiplyAdd(v, b0, cA0); cA1 = T.MultiplyAdd(v, b1, cA1);
            v = T.Broadcast(a9[row2]); cB0 = T.MultiplyAdd(v, b0, cB0); cB1 = T.MultiplyAdd(v, b1, cB1);
            a0 += aStep;
            a3 += aStep;
            a6 += aStep;
            a9 += aStep;
            b += bStep;
        }

        c00.Store(c); c01.Store(c + 16);
        c10.Store(c + cRow); c11.Store(c + cRow + 16);
        c20.Store(c + (2 * cRow)); c21.Store(c + (2 * cRow) + 16);
        c30.Store(c + (3 * cRow)); c31.Store(c + (3 * cRow) + 16);
        c40.Store(c + (4 * cRow)); c41.Store(c + (4 * cRow) + 16);
        c50.Store(c + (5 * cRow)); c51.Store(c + (5 * cRow) + 16);
        c60.Store(c + (6 * cRow)); c61.Store(c + (6 * cRow) + 16);
        c70.Store(c + (7 * cRow)); c71.Store(c + (7 * cRow) + 16);
        c80.Store(c + (8 * cRow)); c81.Store(c + (8 * cRow) + 16);
        c90.Store(c + (9 * cRow)); c91.Store(c + (9 * cRow) + 16);
        cA0.Store(c + (10 * cRow)); cA1.Store(c + (10 * cRow) + 16);
        cB0.Store(c + (11 * cRow)); cB1.Store(c + (11 * cRow) + 16);
    }

    /// <summary>Eight rows by 32 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block8x2(float* a, nint aRow, nint aStep, float* b, nint bStep, nint bNext, float* c, nint cRow, int depth, bool accumulate)
    {
        T c00 = T.Zero, c01 = T.Zero, c10 = T.Zero, c11 = T.Zero;
        T c20 = T.Zero, c21 = T.Zero, c30 = T.Zero, c31 = T.Zero;
        T c40 = T.Zero, c41 = T.Zero, c50 = T.Zero, c51 = T.Zero;
        T c60 = T.Zero, c61 = T.Zero, c70 = T.Zero, c71 = T.Zero;
        if (accumulate)
        {
            c00 = T.Load(c); c01 = T.Load(c + 16);
            c10 = T.Load(c + cRow); c11 = T.Load(c + cRow + 16);
            c20 = T.Load(c + (2 * cRow)); c21 = T.Load(c + (2 * cRow) + 16);
            c30 = T.Load(c + (3 * cRow)); c31 = T.Load(c + (3 * cRow) + 16);
            c40 = T.Load(c + (4 * cRow)); c41 = T.Load(c + (4 * cRow) + 16);
            c50 = T.Load(c + (5 * cRow)); c51 = T.Load(c + (5 * cRow) + 16);
            c60 = T.Load(c + (6 * cRow)); c61 = T.Load(c + (6 * cRow) + 16);
            c70 = T.Load(c + (7 * cRow)); c71 = T.Load(c + (7 * cRow) + 16);
        }

        float* a0 = a;
        float* a4 = a + (4 * aRow);
        nint row2 = 2 * aRow;
        nint row3 = 3 * aRow;
        for (int k = 0; k < depth; k++)
        {
            T b0 = T.Load(b), b1 = T.Load(b + bNext);
            T v = T.Broadcast(*a0); c00 = T.MultiplyAdd(v, b0, c00); c01 = T.MultiplyAdd(v, b1, c01);
            v = T.Broadcast(a0[aRow]); c10 = T.MultiplyAdd(v, b0, c10); c11 = T.MultiplyAdd(v, b1, c11);
            v = T.Broadcast(a0[row2]); c20 = T.MultiplyAdd(v, b0, c20); c21 = T.MultiplyAdd(v, b1, c21);
            v = T.Broadcast(a0[row3]); c30 = T.MultiplyAdd(v, b0, c30); c31 = T.MultiplyAdd(v, b1, c31);
            v = T.Broadcast(*a4); c40 = T.MultiplyAdd(v, b0, c40); c41 = T.MultiplyAdd(v, b1, c41);
            v = T.Broadcast(a4[aRow]); c50 = T.MultiplyAdd(v, b0, c50); c51 = T.MultiplyAdd(v, b1, c51);
            v = T.Broadcast(a4[row2]); c60 = T.MultiplyAdd(v, b0, c60); c61 = T.MultiplyAdd(v, b1, c61);
            v = T.Broadcast(a4[row3]); c70 = T.MultiplyAdd(v, b0, c70); c71 = T.MultiplyAdd(v, b1, c71);
            a0 += aStep;
            a4 += aStep;
            b += bStep;
        }

        c00.Store(c); c01.Store(c + 16);
        c10.Store(c + cRow); c11.Store(c + cRow + 16);
        c20.Store(c + (2 * cRow)); c21.Store(c + (2 * cRow) + 16);
        c30.Store(c + (3 * cRow)); c31.Store(c + (3 * cRow) + 16);
        c40.Store(c + (4 * cRow)); c41.Store(c + (4 * cRow) + 16);
        c50.Store(c + (5 * cRow)); c51.Store(c + (5 * cRow) + 16);
        c60.Store(c + (6 * cRow)); c61.Store(c + (6 * cRow) + 16);
        c70.Store(c + (7 * cRow)); c71.Store(c + (7 * cRow) + 16);
    }

    /// <summary>Four rows by 32 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block4x2(float* a, nint aRow, nint aStep, float* b, nint bStep, nint bNext, float* c, nint cRow, int depth, bool accumulate)
    {
        T c00 = T.Zero, c01 = T.Zero, c10 = T.Zero, c11 = T.Zero;
        T c20 = T.Zero, c21 = T.Zero, c30 = T.Zero, c31 = T.Zero;
        if (accumulate)
        {
            c00 = T.Load(c); c01 = T.Load(c + 16);
            c10 = T.Load(c + cRow); c11 = T.Load(c + cRow + 16);
            c20 = T.Load(c + (2 * cRow)); c21 = T.Load(c + (2 * cRow) + 16);
            c30 = T.Load(c + (3 * cRow)); c31 = T.Load(c + (3 * cRow) + 16);
        }

        float* a0 = a;
        nint row2 = 2 * aRow;
        nint row3 = 3 * aRow;
        for (int k = 0; k < depth; k++)
        {
            T b0 = T.Load(b), b1 = T.Load(b + bNext);
            T v = T.Broadcast(*a0); c00 = T.MultiplyAdd(v, b0, c00); c01 = T.MultiplyAdd(v, b1, c01);
            v = T.Broadcast(a0[aRow]); c10 = T.MultiplyAdd(v, b0, c10); c11 = T.MultiplyAdd(v, b1, c11);
            v = T.Broadcast(a0[row2]); c20 = T.MultiplyAdd(v, b0, c20); c21 = T.MultiplyAdd(v, b1, c21);
            v = T.Broadcast(a0[row3]); c30 = T.MultiplyAdd(v, b0, c30); c31 = T.MultiplyAdd(v, b1, c31);
            a0 += aStep;
            b += bStep;
        }

        c00.Store(c); c01.Store(c + 16);
        c10.Store(c + cRow); c11.Store(c + cRow + 16);
        c20.Store(c + (2 * cRow)); c21.Store(c + (2 * cRow) + 16);
        c30.Store(c + (3 * cRow)); c31.Store(c + (3 * cRow) + 16);
    }

    /// <summary>Eight rows by 16 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block8x1(float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow, int depth, bool accumulate)
    {
        T c00 = T.Zero, c10 = T.Zero, c20 = T.Zero, c30 = T.Zero;
        T c40 = T.Zero, c50 = T.Zero, c60 = T.Zero, c70 = T.Zero;
        if (accumulate)
        {
            c00 = T.Load(c);
            c10 = T.Load(c + cRow);
            c20 = T.Load(c + (2 * cRow));
            c30 = T.Load(c + (3 * cRow));
            c40 = T.Load(c + (4 * cRow));
            c50 = T.Load(c + (5 * cRow));
            c60 = T.Load(c + (6 * cRow));
            c70 = T.Load(c + (7 * cRow));
        }

        float* a0 = a;
        float* a4 = a + (4 * aRow);
        nint row2 = 2 * aRow;
        nint row3 = 3 * aRow;
        for (int k = 0; k < depth; k++)
        {
            T b0 = T.Load(b);
            c00 = T.MultiplyAdd(T.Broadcast(*a0), b0, c00);
            c10 = T.MultiplyAdd(T.Broadcast(a0[aRow]), b0, c10);
            c20 = T.MultiplyAdd(T.Broadcast(a0[row2]), b0, c20);
            c30 = T.MultiplyAdd(T.Broadcast(a0[row3]), b0, c30);
            c40 = T.MultiplyAdd(T.Broadcast(*a4), b0, c40);
            c50 = T.MultiplyAdd(T.Broadcast(a4[aRow]), b0, c50);
            c60 = T.MultiplyAdd(T.Broadcast(a4[row2]), b0, c60);
            c70 = T.MultiplyAdd(T.Broadcast(a4[row3]), b0, c70);
            a0 += aStep;
            a4 += aStep;
            b += bStep;
        }

        c00.Store(c);
        c10.Store(c + cRow);
        c20.Store(c + (2 * cRow));
        c30.Store(c + (3 * cRow));
        c40.Store(c + (4 * cRow));
        c50.Store(c + (5 * cRow));
        c60.Store(c + (6 * cRow));
        c70.Store(c + (7 * cRow));
    }

    /// <summary>Six rows by 16 columns: 12 accumulators of 256 bits, for 16 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block6x1(float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow, int depth, bool accumulate)
    {
        T c00 = T.Zero, c10 = T.Zero, c20 = T.Zero, c30 = T.Zero;
        T c40 = T.Zero, c50 = T.Zero;
        if (accumulate)
        {
            c00 = T.Load(c);
            c10 = T.Load(c + cRow);
            c20 = T.Load(c + (2 * cRow));
            c30 = T.Load(c + (3 * cRow));
            c40 = T.Load(c + (4 * cRow));
            c50 = T.Load(c + (5 * cRow));
        }

        float* a0 = a;
        float* a3 = a + (3 * aRow);
        nint row2 = 2 * aRow;
        for (int k = 0; k < depth; k++)
        {
            T b0 = T.Load(b);
            c00 = T.MultiplyAdd(T.Broadcast(*a0), b0, c00);
            c10 = T.MultiplyAdd(T.Broadcast(a0[aRow]), b0, c10);
            c20 = T.MultiplyAdd(T.Broadcast(a0[row2]), b0, c20);
            c30 = T.MultiplyAdd(T.Broadcast(*a3), b0, c30);
            c40 = T.MultiplyAdd(T.Broadcast(a3[aRow]), b0, c40);
            c50 = T.MultiplyAdd(T.Broadcast(a3[row2]), b0, c50);
            a0 += aStep;
            a3 += aStep;
            b += bStep;
        }

        c00.Store(c);
        c10.Store(c + cRow);
        c20.Store(c + (2 * cRow));
        c30.Store(c + (3 * cRow));
        c40.Store(c + (4 * cRow));
        c50.Store(c + (5 * cRow));
    }

    /// <summary>Four rows by 16 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block4x1(float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow, int depth, bool accumulate)
    {
        T c00 = T.Zero, c10 = T.Zero, c20 = T.Zero, c30 = T.Zero;
        if (accumulate)
        {
            c00 = T.Load(c);
            c10 = T.Load(c + cRow);
            c20 = T.Load(c + (2 * cRow));
            c30 = T.Load(c + (3 * cRow));
        }

        float* a0 = a;
        nint row2 = 2 * aRow;
        nint row3 = 3 * aRow;
        for (int k = 0; k < depth; k++)
        {
            T b0 = T.Load(b);
            c00 = T.MultiplyAdd(T.Broadcast(*a0), b0, c00);
            c10 = T.MultiplyAdd(T.Broadcast(a0[aRow]), b0, c10);
            c20 = T.MultiplyAdd(T.Broadcast(a0[row2]), b0, c20);
            c30 = T.MultiplyAdd(T.Broadcast(a0[row3]), b0, c30);
            a0 += aStep;
            b += bStep;
        }

        c00.Store(c);
        c10.Store(c + cRow);
        c20.Store(c + (2 * cRow));
        c30.Store(c + (3 * cRow));
    }
}
