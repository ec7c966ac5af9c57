using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>Activation functions over flat memory, and over the segments that an epilogue holds in its cache.</summary>
internal static unsafe class ActivationKernels
{
    /// <summary>y = f(x).</summary>
    public static void Forward<T>(WorkerTeam team, ActivationForward operands)
        where T : struct, ILanes<T> => team.Run(Elementwise.Chunks(operands.Length), &ForwardChunk<T>, &operands);

    /// <summary>dx = f'(x) dy, or +=.</summary>
    public static void Backward<T>(WorkerTeam team, ActivationBackward operands)
        where T : struct, ILanes<T> => team.Run(Elementwise.Chunks(operands.Length), &BackwardChunk<T>, &operands);

    /// <summary>y[i] = f(x[i]) of a segment; the two may be the same memory.</summary>
    public static void Apply<T>(Activation f, float* x, float* y, int count)
        where T : struct, ILanes<T>
    {
        switch (f)
        {
            case Activation.None:
                if (y != x) new ReadOnlySpan<float>(x, count).CopyTo(new Span<float>(y, count));
                break;
            case Activation.Gelu: Apply<T, GeluFunction>(x, y, count); break;
            case Activation.GeluTanh: Apply<T, GeluTanhFunction>(x, y, count); break;
            case Activation.Relu: Apply<T, ReluFunction>(x, y, count); break;
            case Activation.Silu: Apply<T, SiluFunction>(x, y, count); break;
            case Activation.Tanh: Apply<T, TanhFunction>(x, y, count); break;
            default: throw new UnreachableException();
        }
    }

    private static void ForwardChunk<T>(void* shared, int chunk)
        where T : struct, ILanes<T>
    {
        var state = (ActivationForward*)shared;
        int count = Elementwise.Chunk(chunk, state->Length, out long first);
        Apply<T>(state->F, state->X + first, state->Y + first, count);
    }

    private static void BackwardChunk<T>(void* shared, int chunk)
        where T : struct, ILanes<T>
    {
        var state = (ActivationBackward*)shared;
        int count = Elementwise.Chunk(chunk, state->Length, out long first);
        float* x = state->X + first, dy = state->OutputGradient + first, dx = state->InputGradient.Data + first;
        bool accumulate = state->InputGradient.Accumulate;
        switch (state->F)
        {
            case Activation.None: Backward<T, IdentityFunction>(x, dy, dx, count, accumulate); break;
            case Activation.Gelu: Backward<T, GeluFunction>(x, dy, dx, count, accumulate); break;
            case Activation.GeluTanh: Backward<T, GeluTanhFunction>(x, dy, dx, count, accumulate); break;
            case Activation.Relu: Backward<T, ReluFunction>(x, dy, dx, count, accumulate); break;
            case Activation.Silu: Backward<T, SiluFunction>(x, dy, dx, count, accumulate); break;
            case Activation.Tanh: Backward<T, TanhFunction>(x, dy, dx, count, accumulate); break;
            default: throw new UnreachableException();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<T, TFunction>(float* x, float* y, int count)
        where T : struct, ILanes<T>
        where TFunction : struct, IActivationFunction
    {
        int i = 0;
        for (; i <= count - 16; i += 16) TFunction.Value(T.Load(x + i)).Store(y + i);
        if (i < count) TFunction.Value(T.LoadPartial(x + i, count - i)).StorePartial(y + i, count - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward<T, TFunction>(float* x, float* dy, float* dx, int count, bool accumulate)
        where T : struct, ILanes<T>
        where TFunction : struct, IActivationFunction
    {
        int i = 0;
        if (accumulate)
        {
            for (; i <= count - 16; i += 16) T.MultiplyAdd(TFunction.Slope(T.Load(x + i)), T.Load(dy + i), T.Load(dx + i)).Store(dx + i);
        }
        else
        {
            for (; i <= count - 16; i += 16) (TFunction.Slope(T.Load(x + i)) * T.Load(dy + i)).Store(dx + i);
        }

        if (i == count) return;
        int rest = count - i;
        T share = TFunction.Slope(T.LoadPartial(x + i, rest)) * T.LoadPartial(dy + i, rest);
        if (accumulate)
            share = T.MultiplyAdd(TFunction.Slope(T.LoadPartial(x + i, rest)), T.LoadPartial(dy + i, rest), T.LoadPartial(dx + i, rest));
        share.StorePartial(dx + i, rest);
    }
}
