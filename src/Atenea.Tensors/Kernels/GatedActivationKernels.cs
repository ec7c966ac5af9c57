using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>Gated activations, y = f(gate) * up, over rows [gate, up] whose halves lie side by side.</summary>
internal static unsafe class GatedActivationKernels
{
    /// <summary>Runs the forward pass, or the backward pass where the state has an output gradient, over all rows.</summary>
    public static void Run(WorkerTeam team, Activation f, ref State state)
    {
        switch (f)
        {
            case Activation.None: Run<ActivationKernels.IdentityFunction>(team, ref state); break;
            case Activation.Gelu: Run<GeluFunction>(team, ref state); break;
            case Activation.GeluTanh: Run<GeluTanhFunction>(team, ref state); break;
            case Activation.Relu: Run<ReluFunction>(team, ref state); break;
            case Activation.Silu: Run<SiluFunction>(team, ref state); break;
            case Activation.Tanh: Run<TanhFunction>(team, ref state); break;
            default: throw new UnreachableException();
        }
    }

    private static void Run<TFunction>(WorkerTeam team, ref State state)
        where TFunction : struct, IActivationFunction
    {
        state.RowsPerTask = Math.Max(1, Elementwise.ChunkElements / Math.Max(1, 2 * state.Columns));
        int tasks = (state.Rows + state.RowsPerTask - 1) / state.RowsPerTask;
        bool forward = state.OutputGradient is null;
        delegate*<void*, int, void> body = Isa.Current switch
        {
            InstructionSet.Avx512 => forward ? &Forward<Lanes512, TFunction> : &Backward<Lanes512, TFunction>,
            InstructionSet.Avx2 => forward ? &Forward<Lanes256, TFunction> : &Backward<Lanes256, TFunction>,
            _ => forward ? &Forward<LanesPortable, TFunction> : &Backward<LanesPortable, TFunction>,
        };
        fixed (State* pinned = &state) team.Run(tasks, body, pinned);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward<T, TFunction>(void* shared, int task)
        where T : struct, ILanes<T>
        where TFunction : struct, IActivationFunction
    {
        var state = (State*)shared;
        int columns = state->Columns, whole = columns & ~15, rest = columns - whole;
        int end = Math.Min(state->Rows, (task + 1) * state->RowsPerTask);
        for (int row = task * state->RowsPerTask; row < end; row++)
        {
            float* gate = state->Input + (2L * row * columns);
            float* up = gate + columns;
            float* y = state->Output + ((long)row * columns);
            for (int i = 0; i < whole; i += 16) (TFunction.Value(T.Load(gate + i)) * T.Load(up + i)).Store(y + i);
            if (rest > 0) (TFunction.Value(T.LoadPartial(gate + whole, rest)) * T.LoadPartial(up + whole, rest)).StorePartial(y + whole, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward<T, TFunction>(void* shared, int task)
        where T : struct, ILanes<T>
        where TFunction : struct, IActivationFunction
    {
        var state = (State*)shared;
        bool accumulate = state->Accumulate;
        int columns = state->Columns;
        int end = Math.Min(state->Rows, (task + 1) * state->RowsPerTask);
        for (int row = task * state->RowsPerTask; row < end; row++)
        {
            float* gate = state->Input + (2L * row * columns);
            float* up = gate + columns;
            float* dGate = state->InputGradient + (2L * row * columns);
            float* dUp = dGate + columns;
            float* dy = state->OutputGradient + ((long)row * columns);
            int i = 0;
            if (!accumulate)
            {
                for (; i <= columns - 16; i += 16)
                {
                    TFunction.Both(T.Load(gate + i), out T value, out T slope);
                    T d = T.Load(dy + i);
                    (d * T.Load(up + i) * slope).Store(dGate + i);
                    (d * value).Store(dUp + i);
                }
            }

            for (; i < columns; i += 16)
            {
                int count = Math.Min(16, columns - i);
                TFunction.Both(T.LoadPartial(gate + i, count), out T value, out T slope);
                T d = T.LoadPartial(dy + i, count);
                T shareOfGate = d * T.LoadPartial(up + i, count) * slope, shareOfUp = d * value;
                if (accumulate)
                {
                    shareOfGate += T.LoadPartial(dGate + i, count);
                    shareOfUp += T.LoadPartial(dUp + i, count);
                }

                shareOfGate.StorePartial(dGate + i, count);
                shareOfUp.StorePartial(dUp + i, count);
            }
        }
    }

    /// <summary>What the tasks share.</summary>
    public struct State
    {
        public float* Input; // [rows, 2 * columns]
        public float* Output; // [rows, columns]; forward only
        public float* OutputGradient; // null: forward
        public float* InputGradient;
        public int Rows;
        public int Columns;
        public bool Accumulate;
        internal int RowsPerTask;
    }
}
