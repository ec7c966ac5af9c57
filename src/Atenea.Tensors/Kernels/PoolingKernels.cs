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

    /// <summary>What a pooling takes from a column.</summary>
    public enum Kind
    {
        /// <summary>The mean.</summary>
        Mean,

        /// <summary>The sum over the square root of the number of rows.</summary>
        SumOverRoot,

        /// <summary>The mean with weights 1, 2, 3 and so on: later rows count more.</summary>
        RampMean,

        /// <summary>The largest, the first one among equals.</summary>
        Maximum,
    }

    /// <summary>Runs the forward pass, or the backward pass where the state has an output gradient.</summary>
    public static void Run(WorkerTeam team, ref State state)
    {
        Kind kind = state.Kind;
        state.Strips = Math.Max(1, (state.Columns + StripColumns - 1) / StripColumns);
        int tasks = checked(state.Sequences * state.Strips);
        fixed (State* pinned = &state)
        {
            if (state.OutputGradient is not null && kind == Kind.Maximum)
            {
                team.Run(tasks, &MaximumBackward, pinned);
                return;
            }

            delegate*<void*, int, void> body = (Isa.Current, kind, state.OutputGradient is null) switch
            {
                (InstructionSet.Avx512, Kind.Maximum, _) => &Maximum<Lanes512>,
                (InstructionSet.Avx2, Kind.Maximum, _) => &Maximum<Lanes256>,
                (_, Kind.Maximum, _) => &Maximum<LanesPortable>,
                // Sums of any kind: the state holds weights and divisor.
                (InstructionSet.Avx512, _, true) => &Mean<Lanes512>,
                (InstructionSet.Avx2, _, true) => &Mean<Lanes256>,
                (_, _, true) => &Mean<LanesPortable>,
                (InstructionSet.Avx512, _, _) => &MeanBackward<Lanes512>,
                (InstructionSet.Avx2, _, _) => &MeanBackward<Lanes256>,
                _ => &MeanBackward<LanesPortable>,
            };
            team.Run(tasks, body, pinned);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mean<T>(void* shared, int task)
        where T : struct, ILanes<T>
    {
        var state = (State*)shared;
        state->Locate(task, out int sequence, out int firstRow, out int endRow, out int firstColumn, out int endColumn);
        T divisor = T.Broadcast(state->Divisor(endRow - firstRow));
        bool ramp = state->Kind == Kind.RampMean;
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
                    T x = T.LoadPartial(state->Input + ((long)row * columns) + c, lanes);
                    sum = ramp ? T.MultiplyAdd(x, T.Broadcast(row - firstRow + 1), sum) : sum + x;
                }

                total += sum;
            }

            (total / divisor).StorePartial(state->Output + ((long)sequence * columns) + c, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MeanBackward<T>(void* shared, int task)
        where T : struct, ILanes<T>
    {
        var state = (State*)shared;
        state->Locate(task, out int sequence, out int firstRow, out int endRow, out int firstColumn, out int endColumn);
        T divisor = T.Broadcast(state->Divisor(endRow - firstRow));
        bool ramp = state->Kind == Kind.RampMean;
        int columns = state->Columns;
        for (int c = firstColumn; c < endColumn; c += 16)
        {
            int lanes = Math.Min(16, endColumn - c);
            T even = T.LoadPartial(state->OutputGradient + ((long)sequence * columns) + c, lanes) / divisor;
            for (int row = firstRow; row < endRow; row++)
            {
                float* target = state->InputGradient + ((long)row * columns) + c;
                T share = ramp ? even * T.Broadcast(row - firstRow + 1) : even;
                (state->Accumulate ? T.LoadPartial(target, lanes) + share : share).StorePartial(target, lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Maximum<T>(void* shared, int task)
        where T : struct, ILanes<T>
    {
        var state = (State*)shared;
        state->Locate(task, out int sequence, out int firstRow, out int endRow, out int firstColumn, out int endColumn);
        int columns = state->Columns;
        for (int c = firstColumn; c < endColumn; c += 16)
        {
            int lanes = Math.Min(16, endColumn - c);
            T largest = T.Zero, where = T.BroadcastBits(uint.MaxValue); // an empty sequence: zeros, from no row
            if (firstRow < endRow) (largest, where) = (T.LoadPartial(state->Input + ((long)firstRow * columns) + c, lanes), T.BroadcastBits((uint)firstRow));
            for (int row = firstRow + 1; row < endRow; row++)
            {
                T x = T.LoadPartial(state->Input + ((long)row * columns) + c, lanes);
                T more = T.Less(largest, x);
                largest = T.Select(more, x, largest);
                where = T.Select(more, T.BroadcastBits((uint)row), where);
            }

            largest.StorePartial(state->Output + ((long)sequence * columns) + c, lanes);
            if (state->Rows is not null) where.StorePartial((float*)state->Rows + ((long)sequence * columns) + c, lanes);
        }
    }

    private static void MaximumBackward(void* shared, int task)
    {
        var state = (State*)shared;
        state->Locate(task, out int sequence, out int firstRow, out int endRow, out int firstColumn, out int endColumn);
        int columns = state->Columns;
        for (int row = firstRow; row < endRow && !state->Accumulate; row++)
            new Span<float>(state->InputGradient + ((long)row * columns) + firstColumn, endColumn - firstColumn).Clear();
        if (firstRow == endRow) return;
        for (int c = firstColumn; c < endColumn; c++)
        {
            long at = ((long)sequence * columns) + c;
            state->InputGradient[((long)state->Rows[at] * columns) + c] += state->OutputGradient[at];
        }
    }

    /// <summary>What the tasks share.</summary>
    public struct State
    {
        public float* Input; // [tokens, columns]; forward only
        public float* Output; // [sequences, columns]; forward only
        public float* OutputGradient; // null: forward
        public float* InputGradient;
        public int* Offsets; // [sequences + 1]
        public int* Rows; // [sequences, columns]: where each maximum came from; null when not recording
        public int Sequences;
        public int Columns;
        public bool Accumulate;
        public Kind Kind;
        internal int Strips;

        /// <summary>What the sum over a sequence's rows is divided by.</summary>
        public readonly float Divisor(int rows) => Kind switch
        {
            Kind.SumOverRoot => MathF.Sqrt(Math.Max(1, rows)),
            Kind.RampMean => Math.Max(1, rows * (rows + 1f) / 2),
            _ => Math.Max(1, rows),
        };

        /// <summary>The rows and columns of a task.</summary>
        public readonly void Locate(int task, out int sequence, out int firstRow, out int endRow, out int firstColumn, out int endColumn)
        {
            sequence = task / Strips;
            firstRow = Offsets[sequence];
            endRow = Offsets[sequence + 1];
            firstColumn = task % Strips * StripColumns;
            endColumn = Math.Min(Columns, firstColumn + StripColumns);
        }
    }
}
