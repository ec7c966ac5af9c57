using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>Rows divided by their lengths, and back. Sums run over sixteen virtual lanes and end in the fixed tree.</summary>
internal static unsafe class RowLengthKernel
{
    /// <summary>Runs the forward pass, or the backward pass where the state has an output gradient.</summary>
    public static void Run(WorkerTeam team, ref State state)
    {
        state.RowsPerTask = Math.Max(1, Elementwise.ChunkElements / Math.Max(1, state.Columns));
        bool forward = state.OutputGradient is null;
        delegate*<void*, int, void> body = Isa.Current switch
        {
            InstructionSet.Avx512 => forward ? &Forward<Lanes512> : &Backward<Lanes512>,
            InstructionSet.Avx2 => forward ? &Forward<Lanes256> : &Backward<Lanes256>,
            _ => forward ? &Forward<LanesPortable> : &Backward<LanesPortable>,
        };
        fixed (State* pinned = &state) team.Run((state.Rows + state.RowsPerTask - 1) / state.RowsPerTask, body, pinned);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward<T>(void* shared, int task)
        where T : struct, ILanes<T>
    {
        var state = (State*)shared;
        int columns = state->Columns;
        int end = Math.Min(state->Rows, (task + 1) * state->RowsPerTask);
        for (int row = task * state->RowsPerTask; row < end; row++)
        {
            float* x = state->Input + ((long)row * columns);
            float* y = state->Output + ((long)row * columns);
            T length = T.Broadcast(MathF.Max(MathF.Sqrt(Dot<T>(x, x, columns)), state->Epsilon));
            for (int i = 0; i < columns; i += 16)
            {
                int count = Math.Min(16, columns - i);
                (T.LoadPartial(x + i, count) / length).StorePartial(y + i, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward<T>(void* shared, int task)
        where T : struct, ILanes<T>
    {
        var state = (State*)shared;
        int columns = state->Columns;
        int end = Math.Min(state->Rows, (task + 1) * state->RowsPerTask);
        for (int row = task * state->RowsPerTask; row < end; row++)
        {
            long offset = (long)row * columns;
            float* y = state->Output + offset;
            float* dy = state->OutputGradient + offset;
            float* dx = state->InputGradient + offset;
            float length = MathF.Sqrt(Dot<T>(state->Input + offset, state->Input + offset, columns));
            T along = T.Broadcast(length > state->Epsilon ? Dot<T>(y, dy, columns) : 0f);
            T divisor = T.Broadcast(MathF.Max(length, state->Epsilon));
            for (int i = 0; i < columns; i += 16)
            {
                int count = Math.Min(16, columns - i);
                T share = T.NegatedMultiplyAdd(T.LoadPartial(y + i, count), along, T.LoadPartial(dy + i, count)) / divisor;
                (state->Accumulate ? T.LoadPartial(dx + i, count) + share : share).StorePartial(dx + i, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot<T>(float* a, float* b, int count)
        where T : struct, ILanes<T>
    {
        T sum = T.Zero;
        for (int i = 0; i < count; i += 16)
        {
            int lanes = Math.Min(16, count - i);
            sum = T.MultiplyAdd(T.LoadPartial(a + i, lanes), T.LoadPartial(b + i, lanes), sum);
        }

        return sum.Sum();
    }

    /// <summary>What the tasks share.</summary>
    public struct State
    {
        public float* Input; // [rows, columns]
        public float* Output; // [rows, columns]
        public float* OutputGradient; // null: forward
        public float* InputGradient;
        public int Rows;
        public int Columns;
        public float Epsilon;
        public bool Accumulate;
        internal int RowsPerTask;
    }
}
