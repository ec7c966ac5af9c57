using System.Runtime.Intrinsics;

namespace Atenea.Tensors;

/// <summary>
/// Matrix products on row-major float32 memory. Every element of the result is summed in one fixed order, whatever the sizes around it, the
/// number of threads and the instruction set: blocks of 384 inner indices, each a chain of fused multiply-adds, added in order.
/// </summary>
internal static unsafe class Gemm
{
    // A task's block of B, 384 inner indices by so many columns, stays in the second-level cache while the task walks down its rows of A.
    private const int ColumnsPerTask = 384;
    private const int RowsPerTask = 192;
    private const int FewestRowsPerTask = 48;

    /// <summary>Runs a product whose right-hand matrix is packed.</summary>
    public static void Run<T>(WorkerTeam team, GemmWork product)
        where T : struct, ILanes<T>
    {
        if (product.Rows == 0 || product.Columns == 0) return;
        int panels = (product.Columns + RegisterTile<T>.Columns - 1) / RegisterTile<T>.Columns;
        product.RowsPerTask = RowsPerTask;
        product.PanelsPerTask = Math.Min(panels, ColumnsPerTask / RegisterTile<T>.Columns);
        int wanted = team.Size == 1 ? 1 : 4 * team.Size; // Enough tasks that a late thread costs little.
        bool manyRows = product.Rows > FewestRowsPerTask;
        while (manyRows && Tasks(product, panels) < wanted && product.RowsPerTask > FewestRowsPerTask) product.RowsPerTask /= 2;
        while (Tasks(product, panels) < wanted && product.PanelsPerTask > 1) product.PanelsPerTask = (product.PanelsPerTask + 1) / 2;
        product.TaskColumns = (panels + product.PanelsPerTask - 1) / product.PanelsPerTask;
        team.Run(Tasks(product, panels), &RunTask<T>, &product);
    }

    private static int Tasks(in GemmWork product, int panels) =>
        ((product.Rows + product.RowsPerTask - 1) / product.RowsPerTask) * ((panels + product.PanelsPerTask - 1) / product.PanelsPerTask);

    private static void RunTask<T>(void* state, int task)
        where T : struct, ILanes<T>
    {
        ref readonly GemmWork p = ref *(GemmWork*)state;
        int width = RegisterTile<T>.Columns;
        int firstRow = task / p.TaskColumns * p.RowsPerTask;
        int lastRow = Math.Min(p.Rows, firstRow + p.RowsPerTask);
        int firstColumn = task % p.TaskColumns * p.PanelsPerTask * width;
        int lastColumn = Math.Min(p.Columns, firstColumn + (p.PanelsPerTask * width));
        bool gather = p.DepthStride != 1 && lastColumn - firstColumn > width;
        float* gathered = stackalloc float[gather ? GemmWork.DepthBlock * RegisterTile<T>.Rows : 1];
        float* partial = stackalloc float[(lastColumn - firstColumn) % width == 0 ? 1 : RegisterTile<T>.Rows * width];
        var strides = new TileStrides { ARow = p.RowStride, AStep = p.DepthStride, BStep = width, BNext = 16, CRow = p.CStride };
        TileStrides partialStrides = strides with { CRow = width };
        for (int k = 0; k < p.Depth || k == 0; k += GemmWork.DepthBlock)
        {
            int depth = Math.Min(GemmWork.DepthBlock, p.Depth - k);
            bool last = k + GemmWork.DepthBlock >= p.Depth;
            for (int i = firstRow; i < lastRow; i += RegisterTile<T>.Rows)
            {
                int rows = Math.Min(RegisterTile<T>.Rows, lastRow - i);
                float* a = p.A + (i * p.RowStride) + (k * p.DepthStride);
                if (gather)
                {
                    Gather(a, rows, depth, p.DepthStride, gathered);
                    a = gathered;
                    strides.ARow = partialStrides.ARow = 1;
                    strides.AStep = partialStrides.AStep = rows;
                }

                float* c = p.C + (i * p.CStride);
                for (int j = firstColumn; j < lastColumn; j += width)
                {
                    float* panel = p.Panels + ((long)j * p.Depth) + ((long)k * width);
                    if (lastColumn - j >= width)
                    {
                        TileSum sum = p.Accumulate || k > 0 ? TileSum.Add : TileSum.Overwrite;
                        RegisterTile<T>.Wide(a, panel, c + j, &strides, rows, depth, sum);
                    }
                    else
                    {
                        RegisterTile<T>.Wide(a, panel, partial, &partialStrides, rows, depth, TileSum.Overwrite);
                        StoreColumns(partial, width, c + j, p.CStride, rows, lastColumn - j, p.Accumulate || k > 0);
                    }
                }

                if (last && (p.Bias is not null || p.Activation != Activation.None)) Finish<T>(p, i, rows, firstColumn, lastColumn);
            }
        }
    }

    // The rows of a transposed A lie side by side, its inner indices far apart: brought together once for all panels of the task.
    private static void Gather(float* a, int rows, int depth, nint depthStride, float* target)
    {
        for (int k = 0; k < depth; k++, a += depthStride, target += rows)
        {
            int i = 0;
            for (; i + 4 <= rows; i += 4) Vector128.Load(a + i).Store(target + i);
            for (; i < rows; i++) target[i] = a[i];
        }
    }

    // The last panel of a matrix may be wider than what is left of C: kernels write whole tiles, and the columns that exist go on from
    // there.
    private static void StoreColumns(float* tile, int tileStride, float* c, nint cStride, int rows, int columns, bool accumulate)
    {
        for (int i = 0; i < rows; i++, tile += tileStride, c += cStride)
        {
            for (int j = 0; j < columns; j++) c[j] = accumulate ? c[j] + tile[j] : tile[j];
        }
    }

    // Bias and activation of rows whose sums are complete, while they are in the first-level cache.
    private static void Finish<T>(in GemmWork p, int firstRow, int rows, int firstColumn, int lastColumn)
        where T : struct, ILanes<T>
    {
        int count = lastColumn - firstColumn;
        for (int i = firstRow; i < firstRow + rows; i++)
        {
            float* c = p.C + (i * p.CStride) + firstColumn;
            if (p.Bias is not null) Elementwise.AddRow<T>(c, p.Bias + firstColumn, c, count);
            if (p.Activation == Activation.None) continue;
            float* before = c;
            if (p.PreActivation is not null)
            {
                before = p.PreActivation + (i * p.CStride) + firstColumn;
                Buffer.MemoryCopy(c, before, (long)count * sizeof(float), (long)count * sizeof(float));
            }

            ActivationKernels.Apply<T>(p.Activation, before, c, count);
        }
    }
}
