using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>
/// Mean and largest element over the rows of each sequence. A task owns one sequence's strip of columns and walks its rows in order, so
/// neither threads nor other sequences change a bit.
/// </summary>
internal static unsafe class PoolingKernels
{
    private const int StripColumns = 256;

    // Rows are summed in blocks of this many, and the blocks in order, so that rounding grows with the block and not with the sequence.
    private const int RowsPerSum = 64;

    /// <summary>A row from each sequence.</summary>
    public static void Forward<T>(WorkerTeam team, PoolingForward operands)
        where T : struct, ILanes<T>
    {
        int tasks = checked(operands.Sequences * Strips(operands.Columns));
        if (operands.Kind == PoolingKind.Maximum) team.Run(tasks, &Maximum<T>, &operands);
        else team.Run(tasks, &Mean<T>, &operands);
    }

    /// <summary>Gradient of the rows.</summary>
    public static void Backward<T>(WorkerTeam team, PoolingBackward operands)
        where T : struct, ILanes<T>
    {
        int tasks = checked(operands.Sequences * Strips(operands.Columns));
        if (operands.Kind == PoolingKind.Maximum) team.Run(tasks, &MaximumBackward, &operands);
        else team.Run(tasks, &MeanBackward<T>, &operands);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mean<T>(void* shared, int task)
        where T : struct, ILanes<T>
    {
        var state = (PoolingForward*)shared;
        (int sequence, int firstRow, int endRow, int firstColumn, int endColumn) = Locate(task, state->Offsets, state->Columns);
        T divisor = T.Broadcast(Divisor(state->Kind, endRow - firstRow));
        bool ramp = state->Kind == PoolingKind.RampMean;
        int columns = state->Columns;
        for (int c = firstColumn; c < endColumn; c += 16)
        {
            int lanes = Math.Min(16, endColumn - c);
            T total = T.Zero;
            for (int block = firstRow; block < endRow; block += RowsPerSum)
            {
                T sum = T.Zero;
                int end = Math.Min(endRow, block + RowsPerSum);
                for (int row = block; row < end; row++)
                {
                    T x = T.LoadPartial(state->X + ((long)row * columns) + c, lanes);
                    sum = ramp ? T.MultiplyAdd(x, T.Broadcast(row - firstRow + 1), sum) : sum + x;
                }

                total += sum;
            }

            (total / divisor).StorePartial(state->Y + ((long)sequence * columns) + c, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MeanBackward<T>(void* shared, int task)
        where T : struct, ILanes<T>
    {
        var state = (PoolingBackward*)shared;
        (int sequence, int firstRow, int endRow, int firstColumn, int endColumn) = Locate(task, state->Offsets, state->Columns);
        T divisor = T.Broadcast(Divisor(state->Kind, endRow - firstRow));
        bool ramp = state->Kind == PoolingKind.RampMean;
        int columns = state->Columns;
        for (int c = firstColumn; c < endColumn; c += 16)
        {
            int lanes = Math.Min(16, endColumn - c);
            T even = T.LoadPartial(state->OutputGradient + ((long)sequence * columns) + c, lanes) / divisor;
            for (int row = firstRow; row < endRow; row++)
            {
                float* target = state->InputGradient.Data + ((long)row * columns) + c;
                T share = ramp ? even * T.Broadcast(row - firstRow + 1) : even;
                (state->InputGradient.Accumulate ? T.LoadPartial(target, lanes) + share : share).StorePartial(target, lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Maximum<T>(void* shared, int task)
        where T : struct, ILanes<T>
    {
        var state = (PoolingForward*)shared;
        (int sequence, int firstRow, int endRow, int firstColumn, int endColumn) = Locate(task, state->Offsets, state->Columns);
        int columns = state->Columns;
        for (int c = firstColumn; c < endColumn; c += 16)
        {
            int lanes = Math.Min(16, endColumn - c);
            T largest = T.Zero, where = T.BroadcastBits(uint.MaxValue); // an empty sequence: zeros, from no row
            if (firstRow < endRow)
                (largest, where) = (T.LoadPartial(state->X + ((long)firstRow * columns) + c, lanes), T.BroadcastBits((uint)firstRow));
            for (int row = firstRow + 1; row < endRow; row++)
            {
                T x = T.LoadPartial(state->X + ((long)row * columns) + c, lanes);
                T more = T.Less(largest, x);
                largest = T.Select(more, x, largest);
                where = T.Select(more, T.BroadcastBits((uint)row), where);
            }

            largest.StorePartial(state->Y + ((long)sequence * columns) + c, lanes);
            if (!state->Chosen.IsNone) where.StorePartial(state->Chosen + ((long)sequence * columns) + c, lanes);
        }
    }

    private static void MaximumBackward(void* shared, int task)
    {
        var state = (PoolingBackward*)shared;
        (int sequence, int firstRow, int endRow, int firstColumn, int endColumn) = Locate(task, state->Offsets, state->Columns);
        int columns = state->Columns;
        float* inputGradient = state->InputGradient.Data, outputGradient = state->OutputGradient;
        for (int row = firstRow; row < endRow && !state->InputGradient.Accumulate; row++)
            new Span<float>(inputGradient + ((long)row * columns) + firstColumn, endColumn - firstColumn).Clear();
        if (firstRow == endRow) return;
        int* chosen = state->Chosen;
        for (int c = firstColumn; c < endColumn; c++)
        {
            long at = ((long)sequence * columns) + c;
            inputGradient[((long)chosen[at] * columns) + c] += outputGradient[at];
        }
    }

    private static int Strips(int columns) => Math.Max(1, (columns + StripColumns - 1) / StripColumns);

    /// <summary>What the sum over a sequence's rows is divided by.</summary>
    private static float Divisor(PoolingKind kind, int rows) => kind switch
    {
        PoolingKind.SumOverRoot => MathF.Sqrt(Math.Max(1, rows)),
        PoolingKind.RampMean => Math.Max(1, rows * (rows + 1f) / 2),
        _ => Math.Max(1, rows),
    };

    /// <summary>The rows and columns of a task.</summary>
    private static (int Sequence, int FirstRow, int EndRow, int FirstColumn, int EndColumn) Locate(int task, int* offsets, int columns)
    {
        (int sequence, int strip) = Math.DivRem(task, Strips(columns));
        return (sequence, offsets[sequence], offsets[sequence + 1], strip * StripColumns, Math.Min(columns, (strip + 1) * StripColumns));
    }
}
