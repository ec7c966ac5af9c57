using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>Gated activations, y = f(gate) * up, over rows [gate, up] whose halves lie side by side.</summary>
internal static unsafe class GatedActivationKernels
{
    /// <summary>y = f(gate) * up.</summary>
    public static void Forward<T>(WorkerTeam team, GatedActivationForward operands)
        where T : struct, ILanes<T> => team.Run(Elementwise.RowTasks(operands.Rows, 2 * operands.Columns), &ForwardTask<T>, &operands);

    /// <summary>Gradients of gate and up.</summary>
    public static void Backward<T>(WorkerTeam team, GatedActivationBackward operands)
        where T : struct, ILanes<T> => team.Run(Elementwise.RowTasks(operands.Rows, 2 * operands.Columns), &BackwardTask<T>, &operands);

    private static void ForwardTask<T>(void* shared, int task)
        where T : struct, ILanes<T>
    {
        var state = (GatedActivationForward*)shared;
        switch (state->F)
        {
            case Activation.None: ForwardRows<T, IdentityFunction>(state, task); break;
            case Activation.Gelu: ForwardRows<T, GeluFunction>(state, task); break;
            case Activation.GeluTanh: ForwardRows<T, GeluTanhFunction>(state, task); break;
            case Activation.Relu: ForwardRows<T, ReluFunction>(state, task); break;
            case Activation.Silu: ForwardRows<T, SiluFunction>(state, task); break;
            case Activation.Tanh: ForwardRows<T, TanhFunction>(state, task); break;
            default: throw new UnreachableException();
        }
    }

    private static void BackwardTask<T>(void* shared, int task)
        where T : struct, ILanes<T>
    {
        var state = (GatedActivationBackward*)shared;
        switch (state->F)
        {
            case Activation.None: BackwardRows<T, IdentityFunction>(state, task); break;
            case Activation.Gelu: BackwardRows<T, GeluFunction>(state, task); break;
            case Activation.GeluTanh: BackwardRows<T, GeluTanhFunction>(state, task); break;
            case Activation.Relu: BackwardRows<T, ReluFunction>(state, task); break;
            case Activation.Silu: BackwardRows<T, SiluFunction>(state, task); break;
            case Activation.Tanh: BackwardRows<T, TanhFunction>(state, task); break;
            default: throw new UnreachableException();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardRows<T, TFunction>(GatedActivationForward* state, int task)
        where T : struct, ILanes<T>
        where TFunction : struct, IActivationFunction
    {
        int columns = state->Columns, whole = columns & ~15, rest = columns - whole;
        int perTask = Elementwise.RowsPerTask(2 * columns), end = Math.Min(state->Rows, (task + 1) * perTask);
        for (int row = task * perTask; row < end; row++)
        {
            float* gate = state->X + (2L * row * columns);
            float* up = gate + columns;
            float* y = state->Y + ((long)row * columns);
            for (int i = 0; i < whole; i += 16) (TFunction.Value(T.Load(gate + i)) * T.Load(up + i)).Store(y + i);
            if (rest > 0)
                (TFunction.Value(T.LoadPartial(gate + whole, rest)) * T.LoadPartial(up + whole, rest)).StorePartial(y + whole, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardRows<T, TFunction>(GatedActivationBackward* state, int task)
        where T : struct, ILanes<T>
        where TFunction : struct, IActivationFunction
    {
        bool accumulate = state->InputGradient.Accumulate;
        int columns = state->Columns;
        int perTask = Elementwise.RowsPerTask(2 * columns), end = Math.Min(state->Rows, (task + 1) * perTask);
        for (int row = task * perTask; row < end; row++)
        {
            float* gate = state->X + (2L * row * columns);
            float* up = gate + columns;
            float* dGate = state->InputGradient.Data + (2L * row * columns);
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
}
