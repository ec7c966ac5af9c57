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
internal static unsafe partial class RegisterTile<T>
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
}
