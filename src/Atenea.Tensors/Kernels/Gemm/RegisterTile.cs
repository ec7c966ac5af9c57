using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>
/// The innermost part of every matrix product: a tile of C, kept in registers while the inner dimension passes by. Each element is one
/// chain of fused multiply-adds in the order of the inner dimension, so neither the tile's shape nor the instruction set changes a bit. A
/// is read by broadcasts through two strides (packing it costs more than it gives, and its transpose needs no copy), B by vectors of
/// sixteen columns. Two things make it as fast as tiles of one instruction set's own vectors (within 0.5 % at depth 384 and 1 % at depth
/// 64, on AVX2 and AVX-512): strides are passed by address, so that all arguments are in registers, and sums are accumulated in place,
/// without which the compiler copies every second sum of AVX2 from register to register.
/// </summary>
/// <typeparam name="T">Lanes of the instruction set.</typeparam>
internal static unsafe class RegisterTile<T>
    where T : struct, ILanes<T>
{
    /// <summary>Rows of the largest tile.</summary>
    public static int Rows => typeof(T) == typeof(Lanes512) ? 12 : typeof(T) == typeof(Lanes256) ? 6 : 4;

    /// <summary>Columns of the widest tile, the width of a packed panel.</summary>
    public static int Columns => typeof(T) == typeof(Lanes512) ? 32 : 16;

    /// <summary>As many columns of C as the widest tile has.</summary>
    /// <param name="a">First element of A, [rows, depth].</param>
    /// <param name="b">First element of B, [depth, columns].</param>
    /// <param name="c">First element of C, [rows, columns].</param>
    /// <param name="strides">How the three lie.</param>
    /// <param name="rows">Rows of A and C, any number.</param>
    /// <param name="depth">The inner dimension.</param>
    /// <param name="sum">What happens to what C holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wide(float* a, float* b, float* c, TileStrides* strides, int rows, int depth, TileSum sum)
    {
        if (typeof(T) == typeof(Lanes512)) TwoVectors(a, b, c, strides, rows, depth, sum);
        else Narrow(a, b, c, strides, rows, depth, sum);
    }

    private static void TwoVectors(float* a, float* b, float* c, TileStrides* strides, int rows, int depth, TileSum sum)
    {
        nint aRow = strides->ARow, cRow = strides->CRow;
        for (; rows >= 12; rows -= 12, a += 12 * aRow, c += 12 * cRow) Block12x2(a, b, c, strides, depth, sum);
        for (; rows >= 8; rows -= 8, a += 8 * aRow, c += 8 * cRow) Block8x2(a, b, c, strides, depth, sum);
        for (; rows >= 4; rows -= 4, a += 4 * aRow, c += 4 * cRow) Block4x2(a, b, c, strides, depth, sum);
        for (; rows >= 2; rows -= 2, a += 2 * aRow, c += 2 * cRow) Block2x2(a, b, c, strides, depth, sum);
        if (rows > 0) Block1x2(a, b, c, strides, depth, sum);
    }

    /// <summary>Sixteen columns of C; parameters as for <see cref="Wide"/>.</summary>
    public static void Narrow(float* a, float* b, float* c, TileStrides* strides, int rows, int depth, TileSum sum)
    {
        nint aRow = strides->ARow, cRow = strides->CRow;
        if (typeof(T) == typeof(Lanes512))
        {
            for (; rows >= 8; rows -= 8, a += 8 * aRow, c += 8 * cRow) Block8x1(a, b, c, strides, depth, sum);
        }
        else if (typeof(T) == typeof(Lanes256))
        {
            // Eight rows are two tiles of four: a tile of two cannot fill the pipelines.
            for (; rows >= 6 && rows is not (8 or 9); rows -= 6, a += 6 * aRow, c += 6 * cRow) Block6x1(a, b, c, strides, depth, sum);
        }

        for (; rows >= 4; rows -= 4, a += 4 * aRow, c += 4 * cRow) Block4x1(a, b, c, strides, depth, sum);
        for (; rows >= 2; rows -= 2, a += 2 * aRow, c += 2 * cRow) Block2x1(a, b, c, strides, depth, sum);
        if (rows > 0) Block1x1(a, b, c, strides, depth, sum);
    }

    /// <summary>Twelve rows by 32 columns: 24 accumulators, for 32 registers of 512 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block12x2(float* a, float* b, float* c, TileStrides* strides, int depth, TileSum sum)
    {
        nint cRow = strides->CRow;
        T c00 = T.Zero, c01 = T.Zero, c10 = T.Zero, c11 = T.Zero, c20 = T.Zero, c21 = T.Zero, c30 = T.Zero, c31 = T.Zero;
        T c40 = T.Zero, c41 = T.Zero, c50 = T.Zero, c51 = T.Zero, c60 = T.Zero, c61 = T.Zero, c70 = T.Zero, c71 = T.Zero;
        T c80 = T.Zero, c81 = T.Zero, c90 = T.Zero, c91 = T.Zero, cA0 = T.Zero, cA1 = T.Zero, cB0 = T.Zero, cB1 = T.Zero;
        if (sum == TileSum.Resume)
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

        nint aRow = strides->ARow, aStep = strides->AStep, bStep = strides->BStep, bNext = strides->BNext;
        float* a0 = a;
        float* a3 = a + (3 * aRow);
        float* a6 = a + (6 * aRow);
        float* a9 = a + (9 * aRow);
        nint row2 = 2 * aRow;
        for (int k = 0; k < depth; k++)
        {
            T b0 = T.Load(b), b1 = T.Load(b + bNext);
            T v = T.Broadcast(*a0); T.Accumulate(ref c00, v, b0); T.Accumulate(ref c01, v, b1);
            v = T.Broadcast(a0[aRow]); T.Accumulate(ref c10, v, b0); T.Accumulate(ref c11, v, b1);
            v = T.Broadcast(a0[row2]); T.Accumulate(ref c20, v, b0); T.Accumulate(ref c21, v, b1);
            v = T.Broadcast(*a3); T.Accumulate(ref c30, v, b0); T.Accumulate(ref c31, v, b1);
            v = T.Broadcast(a3[aRow]); T.Accumulate(ref c40, v, b0); T.Accumulate(ref c41, v, b1);
            v = T.Broadcast(a3[row2]); T.Accumulate(ref c50, v, b0); T.Accumulate(ref c51, v, b1);
            v = T.Broadcast(*a6); T.Accumulate(ref c60, v, b0); T.Accumulate(ref c61, v, b1);
            v = T.Broadcast(a6[aRow]); T.Accumulate(ref c70, v, b0); T.Accumulate(ref c71, v, b1);
            v = T.Broadcast(a6[row2]); T.Accumulate(ref c80, v, b0); T.Accumulate(ref c81, v, b1);
            v = T.Broadcast(*a9); T.Accumulate(ref c90, v, b0); T.Accumulate(ref c91, v, b1);
            v = T.Broadcast(a9[aRow]); T.Accumulate(ref cA0, v, b0); T.Accumulate(ref cA1, v, b1);
            v = T.Broadcast(a9[row2]); T.Accumulate(ref cB0, v, b0); T.Accumulate(ref cB1, v, b1);
            a0 += aStep;
            a3 += aStep;
            a6 += aStep;
            a9 += aStep;
            b += bStep;
        }

        if (sum == TileSum.Add)
        {
            c00 = T.Load(c) + c00; c01 = T.Load(c + 16) + c01;
            c10 = T.Load(c + cRow) + c10; c11 = T.Load(c + cRow + 16) + c11;
            c20 = T.Load(c + (2 * cRow)) + c20; c21 = T.Load(c + (2 * cRow) + 16) + c21;
            c30 = T.Load(c + (3 * cRow)) + c30; c31 = T.Load(c + (3 * cRow) + 16) + c31;
            c40 = T.Load(c + (4 * cRow)) + c40; c41 = T.Load(c + (4 * cRow) + 16) + c41;
            c50 = T.Load(c + (5 * cRow)) + c50; c51 = T.Load(c + (5 * cRow) + 16) + c51;
            c60 = T.Load(c + (6 * cRow)) + c60; c61 = T.Load(c + (6 * cRow) + 16) + c61;
            c70 = T.Load(c + (7 * cRow)) + c70; c71 = T.Load(c + (7 * cRow) + 16) + c71;
            c80 = T.Load(c + (8 * cRow)) + c80; c81 = T.Load(c + (8 * cRow) + 16) + c81;
            c90 = T.Load(c + (9 * cRow)) + c90; c91 = T.Load(c + (9 * cRow) + 16) + c91;
            cA0 = T.Load(c + (10 * cRow)) + cA0; cA1 = T.Load(c + (10 * cRow) + 16) + cA1;
            cB0 = T.Load(c + (11 * cRow)) + cB0; cB1 = T.Load(c + (11 * cRow) + 16) + cB1;
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
    private static void Block8x2(float* a, float* b, float* c, TileStrides* strides, int depth, TileSum sum)
    {
        nint cRow = strides->CRow;
        T c00 = T.Zero, c01 = T.Zero, c10 = T.Zero, c11 = T.Zero, c20 = T.Zero, c21 = T.Zero, c30 = T.Zero, c31 = T.Zero;
        T c40 = T.Zero, c41 = T.Zero, c50 = T.Zero, c51 = T.Zero, c60 = T.Zero, c61 = T.Zero, c70 = T.Zero, c71 = T.Zero;
        if (sum == TileSum.Resume)
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

        nint aRow = strides->ARow, aStep = strides->AStep, bStep = strides->BStep, bNext = strides->BNext;
        float* a0 = a;
        float* a4 = a + (4 * aRow);
        nint row2 = 2 * aRow;
        nint row3 = 3 * aRow;
        for (int k = 0; k < depth; k++)
        {
            T b0 = T.Load(b), b1 = T.Load(b + bNext);
            T v = T.Broadcast(*a0); T.Accumulate(ref c00, v, b0); T.Accumulate(ref c01, v, b1);
            v = T.Broadcast(a0[aRow]); T.Accumulate(ref c10, v, b0); T.Accumulate(ref c11, v, b1);
            v = T.Broadcast(a0[row2]); T.Accumulate(ref c20, v, b0); T.Accumulate(ref c21, v, b1);
            v = T.Broadcast(a0[row3]); T.Accumulate(ref c30, v, b0); T.Accumulate(ref c31, v, b1);
            v = T.Broadcast(*a4); T.Accumulate(ref c40, v, b0); T.Accumulate(ref c41, v, b1);
            v = T.Broadcast(a4[aRow]); T.Accumulate(ref c50, v, b0); T.Accumulate(ref c51, v, b1);
            v = T.Broadcast(a4[row2]); T.Accumulate(ref c60, v, b0); T.Accumulate(ref c61, v, b1);
            v = T.Broadcast(a4[row3]); T.Accumulate(ref c70, v, b0); T.Accumulate(ref c71, v, b1);
            a0 += aStep;
            a4 += aStep;
            b += bStep;
        }

        if (sum == TileSum.Add)
        {
            c00 = T.Load(c) + c00; c01 = T.Load(c + 16) + c01;
            c10 = T.Load(c + cRow) + c10; c11 = T.Load(c + cRow + 16) + c11;
            c20 = T.Load(c + (2 * cRow)) + c20; c21 = T.Load(c + (2 * cRow) + 16) + c21;
            c30 = T.Load(c + (3 * cRow)) + c30; c31 = T.Load(c + (3 * cRow) + 16) + c31;
            c40 = T.Load(c + (4 * cRow)) + c40; c41 = T.Load(c + (4 * cRow) + 16) + c41;
            c50 = T.Load(c + (5 * cRow)) + c50; c51 = T.Load(c + (5 * cRow) + 16) + c51;
            c60 = T.Load(c + (6 * cRow)) + c60; c61 = T.Load(c + (6 * cRow) + 16) + c61;
            c70 = T.Load(c + (7 * cRow)) + c70; c71 = T.Load(c + (7 * cRow) + 16) + c71;
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
    private static void Block4x2(float* a, float* b, float* c, TileStrides* strides, int depth, TileSum sum)
    {
        nint cRow = strides->CRow;
        T c00 = T.Zero, c01 = T.Zero, c10 = T.Zero, c11 = T.Zero, c20 = T.Zero, c21 = T.Zero, c30 = T.Zero, c31 = T.Zero;
        if (sum == TileSum.Resume)
        {
            c00 = T.Load(c); c01 = T.Load(c + 16);
            c10 = T.Load(c + cRow); c11 = T.Load(c + cRow + 16);
            c20 = T.Load(c + (2 * cRow)); c21 = T.Load(c + (2 * cRow) + 16);
            c30 = T.Load(c + (3 * cRow)); c31 = T.Load(c + (3 * cRow) + 16);
        }

        nint aRow = strides->ARow, aStep = strides->AStep, bStep = strides->BStep, bNext = strides->BNext;
        float* a0 = a;
        nint row2 = 2 * aRow;
        nint row3 = 3 * aRow;
        for (int k = 0; k < depth; k++)
        {
            T b0 = T.Load(b), b1 = T.Load(b + bNext);
            T v = T.Broadcast(*a0); T.Accumulate(ref c00, v, b0); T.Accumulate(ref c01, v, b1);
            v = T.Broadcast(a0[aRow]); T.Accumulate(ref c10, v, b0); T.Accumulate(ref c11, v, b1);
            v = T.Broadcast(a0[row2]); T.Accumulate(ref c20, v, b0); T.Accumulate(ref c21, v, b1);
            v = T.Broadcast(a0[row3]); T.Accumulate(ref c30, v, b0); T.Accumulate(ref c31, v, b1);
            a0 += aStep;
            b += bStep;
        }

        if (sum == TileSum.Add)
        {
            c00 = T.Load(c) + c00; c01 = T.Load(c + 16) + c01;
            c10 = T.Load(c + cRow) + c10; c11 = T.Load(c + cRow + 16) + c11;
            c20 = T.Load(c + (2 * cRow)) + c20; c21 = T.Load(c + (2 * cRow) + 16) + c21;
            c30 = T.Load(c + (3 * cRow)) + c30; c31 = T.Load(c + (3 * cRow) + 16) + c31;
        }

        c00.Store(c); c01.Store(c + 16);
        c10.Store(c + cRow); c11.Store(c + cRow + 16);
        c20.Store(c + (2 * cRow)); c21.Store(c + (2 * cRow) + 16);
        c30.Store(c + (3 * cRow)); c31.Store(c + (3 * cRow) + 16);
    }

    /// <summary>Two rows by 32 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block2x2(float* a, float* b, float* c, TileStrides* strides, int depth, TileSum sum)
    {
        nint cRow = strides->CRow;
        T c00 = T.Zero, c01 = T.Zero, c10 = T.Zero, c11 = T.Zero;
        if (sum == TileSum.Resume)
        {
            c00 = T.Load(c); c01 = T.Load(c + 16);
            c10 = T.Load(c + cRow); c11 = T.Load(c + cRow + 16);
        }

        nint aRow = strides->ARow, aStep = strides->AStep, bStep = strides->BStep, bNext = strides->BNext;
        float* a0 = a;
        for (int k = 0; k < depth; k++)
        {
            T b0 = T.Load(b), b1 = T.Load(b + bNext);
            T v = T.Broadcast(*a0); T.Accumulate(ref c00, v, b0); T.Accumulate(ref c01, v, b1);
            v = T.Broadcast(a0[aRow]); T.Accumulate(ref c10, v, b0); T.Accumulate(ref c11, v, b1);
            a0 += aStep;
            b += bStep;
        }

        if (sum == TileSum.Add)
        {
            c00 = T.Load(c) + c00; c01 = T.Load(c + 16) + c01;
            c10 = T.Load(c + cRow) + c10; c11 = T.Load(c + cRow + 16) + c11;
        }

        c00.Store(c); c01.Store(c + 16);
        c10.Store(c + cRow); c11.Store(c + cRow + 16);
    }

    /// <summary>One row by 32 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block1x2(float* a, float* b, float* c, TileStrides* strides, int depth, TileSum sum)
    {
        nint cRow = strides->CRow;
        T c00 = T.Zero, c01 = T.Zero;
        if (sum == TileSum.Resume)
        {
            c00 = T.Load(c); c01 = T.Load(c + 16);
        }

        nint aRow = strides->ARow, aStep = strides->AStep, bStep = strides->BStep, bNext = strides->BNext;
        float* a0 = a;
        for (int k = 0; k < depth; k++)
        {
            T b0 = T.Load(b), b1 = T.Load(b + bNext);
            T v = T.Broadcast(*a0); T.Accumulate(ref c00, v, b0); T.Accumulate(ref c01, v, b1);
            a0 += aStep;
            b += bStep;
        }

        if (sum == TileSum.Add)
        {
            c00 = T.Load(c) + c00; c01 = T.Load(c + 16) + c01;
        }

        c00.Store(c); c01.Store(c + 16);
    }

    /// <summary>Eight rows by 16 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block8x1(float* a, float* b, float* c, TileStrides* strides, int depth, TileSum sum)
    {
        nint cRow = strides->CRow;
        T c00 = T.Zero, c10 = T.Zero, c20 = T.Zero, c30 = T.Zero, c40 = T.Zero, c50 = T.Zero, c60 = T.Zero, c70 = T.Zero;
        if (sum == TileSum.Resume)
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

        nint aRow = strides->ARow, aStep = strides->AStep, bStep = strides->BStep;
        float* a0 = a;
        float* a4 = a + (4 * aRow);
        nint row2 = 2 * aRow;
        nint row3 = 3 * aRow;
        for (int k = 0; k < depth; k++)
        {
            T b0 = T.Load(b);
            T.Accumulate(ref c00, T.Broadcast(*a0), b0);
            T.Accumulate(ref c10, T.Broadcast(a0[aRow]), b0);
            T.Accumulate(ref c20, T.Broadcast(a0[row2]), b0);
            T.Accumulate(ref c30, T.Broadcast(a0[row3]), b0);
            T.Accumulate(ref c40, T.Broadcast(*a4), b0);
            T.Accumulate(ref c50, T.Broadcast(a4[aRow]), b0);
            T.Accumulate(ref c60, T.Broadcast(a4[row2]), b0);
            T.Accumulate(ref c70, T.Broadcast(a4[row3]), b0);
            a0 += aStep;
            a4 += aStep;
            b += bStep;
        }

        if (sum == TileSum.Add)
        {
            c00 = T.Load(c) + c00;
            c10 = T.Load(c + cRow) + c10;
            c20 = T.Load(c + (2 * cRow)) + c20;
            c30 = T.Load(c + (3 * cRow)) + c30;
            c40 = T.Load(c + (4 * cRow)) + c40;
            c50 = T.Load(c + (5 * cRow)) + c50;
            c60 = T.Load(c + (6 * cRow)) + c60;
            c70 = T.Load(c + (7 * cRow)) + c70;
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
    private static void Block6x1(float* a, float* b, float* c, TileStrides* strides, int depth, TileSum sum)
    {
        nint cRow = strides->CRow;
        T c00 = T.Zero, c10 = T.Zero, c20 = T.Zero, c30 = T.Zero, c40 = T.Zero, c50 = T.Zero;
        if (sum == TileSum.Resume)
        {
            c00 = T.Load(c);
            c10 = T.Load(c + cRow);
            c20 = T.Load(c + (2 * cRow));
            c30 = T.Load(c + (3 * cRow));
            c40 = T.Load(c + (4 * cRow));
            c50 = T.Load(c + (5 * cRow));
        }

        nint aRow = strides->ARow, aStep = strides->AStep, bStep = strides->BStep;
        float* a0 = a;
        float* a3 = a + (3 * aRow);
        nint row2 = 2 * aRow;
        for (int k = 0; k < depth; k++)
        {
            T b0 = T.Load(b);
            T.Accumulate(ref c00, T.Broadcast(*a0), b0);
            T.Accumulate(ref c10, T.Broadcast(a0[aRow]), b0);
            T.Accumulate(ref c20, T.Broadcast(a0[row2]), b0);
            T.Accumulate(ref c30, T.Broadcast(*a3), b0);
            T.Accumulate(ref c40, T.Broadcast(a3[aRow]), b0);
            T.Accumulate(ref c50, T.Broadcast(a3[row2]), b0);
            a0 += aStep;
            a3 += aStep;
            b += bStep;
        }

        if (sum == TileSum.Add)
        {
            c00 = T.Load(c) + c00;
            c10 = T.Load(c + cRow) + c10;
            c20 = T.Load(c + (2 * cRow)) + c20;
            c30 = T.Load(c + (3 * cRow)) + c30;
            c40 = T.Load(c + (4 * cRow)) + c40;
            c50 = T.Load(c + (5 * cRow)) + c50;
        }

        c00.Store(c);
        c10.Store(c + cRow);
        c20.Store(c + (2 * cRow));
        c30.Store(c + (3 * cRow));
        c40.Store(c + (4 * cRow));
        c50.Store(c + (5 * cRow));
    }

    /// <summary>Four rows by 16 columns: 16 accumulators of 128 bits, for the 32 registers of ARM64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block4x1(float* a, float* b, float* c, TileStrides* strides, int depth, TileSum sum)
    {
        nint cRow = strides->CRow;
        T c00 = T.Zero, c10 = T.Zero, c20 = T.Zero, c30 = T.Zero;
        if (sum == TileSum.Resume)
        {
            c00 = T.Load(c);
            c10 = T.Load(c + cRow);
            c20 = T.Load(c + (2 * cRow));
            c30 = T.Load(c + (3 * cRow));
        }

        nint aRow = strides->ARow, aStep = strides->AStep, bStep = strides->BStep;
        float* a0 = a;
        nint row2 = 2 * aRow;
        nint row3 = 3 * aRow;
        for (int k = 0; k < depth; k++)
        {
            T b0 = T.Load(b);
            T.Accumulate(ref c00, T.Broadcast(*a0), b0);
            T.Accumulate(ref c10, T.Broadcast(a0[aRow]), b0);
            T.Accumulate(ref c20, T.Broadcast(a0[row2]), b0);
            T.Accumulate(ref c30, T.Broadcast(a0[row3]), b0);
            a0 += aStep;
            b += bStep;
        }

        if (sum == TileSum.Add)
        {
            c00 = T.Load(c) + c00;
            c10 = T.Load(c + cRow) + c10;
            c20 = T.Load(c + (2 * cRow)) + c20;
            c30 = T.Load(c + (3 * cRow)) + c30;
        }

        c00.Store(c);
        c10.Store(c + cRow);
        c20.Store(c + (2 * cRow));
        c30.Store(c + (3 * cRow));
    }

    /// <summary>Two rows by 16 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block2x1(float* a, float* b, float* c, TileStrides* strides, int depth, TileSum sum)
    {
        nint cRow = strides->CRow;
        T c00 = T.Zero, c10 = T.Zero;
        if (sum == TileSum.Resume)
        {
            c00 = T.Load(c);
            c10 = T.Load(c + cRow);
        }

        nint aRow = strides->ARow, aStep = strides->AStep, bStep = strides->BStep;
        float* a0 = a;
        for (int k = 0; k < depth; k++)
        {
            T b0 = T.Load(b);
            T.Accumulate(ref c00, T.Broadcast(*a0), b0);
            T.Accumulate(ref c10, T.Broadcast(a0[aRow]), b0);
            a0 += aStep;
            b += bStep;
        }

        if (sum == TileSum.Add)
        {
            c00 = T.Load(c) + c00;
            c10 = T.Load(c + cRow) + c10;
        }

        c00.Store(c);
        c10.Store(c + cRow);
    }

    /// <summary>One row by 16 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block1x1(float* a, float* b, float* c, TileStrides* strides, int depth, TileSum sum)
    {
        nint cRow = strides->CRow;
        T c00 = T.Zero;
        if (sum == TileSum.Resume)
        {
            c00 = T.Load(c);
        }

        nint aRow = strides->ARow, aStep = strides->AStep, bStep = strides->BStep;
        float* a0 = a;
        for (int k = 0; k < depth; k++)
        {
            T b0 = T.Load(b);
            T.Accumulate(ref c00, T.Broadcast(*a0), b0);
            a0 += aStep;
            b += bStep;
        }

        if (sum == TileSum.Add)
        {
            c00 = T.Load(c) + c00;
        }

        c00.Store(c);
    }
}
