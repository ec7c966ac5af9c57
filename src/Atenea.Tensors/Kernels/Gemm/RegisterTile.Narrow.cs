using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <content>Tiles one vector of sixteen lanes wide.</content>
internal static unsafe partial class RegisterTile<T>
{
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
