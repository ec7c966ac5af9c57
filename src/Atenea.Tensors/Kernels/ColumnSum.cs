using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>
/// Sums over rows: the gradient of a bias. Rows are summed in chunks of <see cref="ChunkRows"/> and the chunks in order, so the result
/// depends neither on threads nor on what else is in memory, and its rounding error grows with the chunk, not with the batch.
/// </summary>
internal static unsafe class ColumnSum
{
    /// <summary>Rows that one partial sum covers, for every gradient that is reduced over rows.</summary>
    public const int ChunkRows = 64;

    private const int StripColumns = 256;

    /// <summary>sum[c] = sum over r of x[r, c], or +=.</summary>
    public static void Run<T>(Workspace workspace, in ColumnSums operands)
        where T : struct, ILanes<T>
    {
        (int rows, int columns) = (operands.X.Rows, operands.X.Columns);
        int chunks = Chunks(rows);
        float* partials = workspace.Scratch((long)chunks * columns);
        var state =
            new ChunkState { Matrix = operands.X.Data, Partials = partials, Rows = rows, Columns = columns, Stride = operands.X.RowStride };
        workspace.Team.Run(chunks, &SumChunk<T>, &state);
        Reduce<T>(workspace.Team, partials, chunks, columns, columns, operands.Sum);
    }

    /// <summary>Number of partial sums that <paramref name="rows"/> rows make.</summary>
    public static int Chunks(int rows) => (rows + ChunkRows - 1) / ChunkRows;

    /// <summary>result[c] = the partial sums of column c in chunk order, or +=; nothing where nobody wants it.</summary>
    public static void Reduce<T>(WorkerTeam team, float* partials, int chunks, int columns, long stride, GradientShare result)
        where T : struct, ILanes<T>
    {
        if (result.IsUnwanted) return;
        var state = new ReduceState
        {
            Partials = partials,
            Result = result.Data,
            Chunks = chunks,
            Columns = columns,
            Stride = stride,
            Accumulate = result.Accumulate
        };
        team.Run((columns + StripColumns - 1) / StripColumns, &ReduceStrip<T>, &state);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumChunk<T>(void* shared, int chunk)
        where T : struct, ILanes<T>
    {
        var state = (ChunkState*)shared;
        int columns = state->Columns;
        long stride = state->Stride;
        int first = chunk * ChunkRows;
        int rows = Math.Min(ChunkRows, state->Rows - first);
        float* sum = state->Partials + ((long)chunk * columns);
        float* source = state->Matrix + (first * stride);
        new Span<float>(sum, columns).Clear();
        int row = 0;
        for (; row <= rows - 4; row += 4)
        {
            // Four rows at a time: the partial sum is loaded and stored once for four reads of the matrix.
            float* a = source + (row * stride), b = a + stride, c = b + stride, d = c + stride;
            int i = 0;
            for (; i <= columns - 16; i += 16)
                (T.Load(sum + i) + ((T.Load(a + i) + T.Load(b + i)) + (T.Load(c + i) + T.Load(d + i)))).Store(sum + i);
            for (; i < columns; i++) sum[i] += (a[i] + b[i]) + (c[i] + d[i]);
        }

        for (; row < rows; row++)
        {
            float* a = source + (row * stride);
            int i = 0;
            for (; i <= columns - 16; i += 16) (T.Load(sum + i) + T.Load(a + i)).Store(sum + i);
            for (; i < columns; i++) sum[i] += a[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReduceStrip<T>(void* shared, int strip)
        where T : struct, ILanes<T>
    {
        var state = (ReduceState*)shared;
        int end = Math.Min(state->Columns, (strip + 1) * StripColumns);
        for (int column = strip * StripColumns; column < end; column += 16)
        {
            int count = Math.Min(16, end - column);
            T sum = T.Zero;
            float* source = state->Partials + column;
            for (int chunk = 0; chunk < state->Chunks; chunk++, source += state->Stride)
                sum += count == 16 ? T.Load(source) : T.LoadPartial(source, count);
            float* target = state->Result + column;
            if (state->Accumulate) sum = T.LoadPartial(target, count) + sum;
            sum.StorePartial(target, count);
        }
    }

    private struct ChunkState
    {
        public float* Matrix;
        public float* Partials;
        public long Stride;
        public int Rows;
        public int Columns;
    }

    private struct ReduceState
    {
        public float* Partials;
        public float* Result;
        public long Stride;
        public int Chunks;
        public int Columns;
        public bool Accumulate;
    }
}
