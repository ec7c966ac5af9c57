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
        float* a,
        nint aRow,
        nint aStep,
        float* b,
        nint bStep,
        nint bNext,
        float* c,
        nint cRow,
        int rows,
        int columns,
        int depth,
        bool accumulate)
    {
        var strides = new TileStrides { ARow = aRow, AStep = aStep, BStep = bStep, BNext = bNext, CRow = cRow };
        TileSum sum = accumulate ? TileSum.Resume : TileSum.Overwrite;
        int width = RegisterTile<T>.Columns;
        for (int k = 0; k < depth; k += DepthBlock, a += DepthBlock * aStep, b += DepthBlock * bStep)
        {
            int steps = Math.Min(DepthBlock, depth - k), j = 0;
            for (; j + width <= columns; j += width) RegisterTile<T>.Wide(a, b + (j / 16 * bNext), c + j, &strides, rows, steps, sum);
            for (; j < columns; j += 16) RegisterTile<T>.Narrow(a, b + (j / 16 * bNext), c + j, &strides, rows, steps, sum);
            sum = TileSum.Resume;
        }
    }
}
