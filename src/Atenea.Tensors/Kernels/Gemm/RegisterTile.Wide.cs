using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <content>Tiles two vectors of sixteen lanes wide.</content>
internal static unsafe partial class RegisterTile<T>
{
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
}
