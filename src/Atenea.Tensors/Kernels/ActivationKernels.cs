using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>Activation functions over a segment of memory: what an epilogue or an element-wise operation calls.</summary>
internal static unsafe class ActivationKernels
{
    /// <summary>output[i] = f(preActivation[i]); the two may be the same memory.</summary>
    public static void Apply(Activation f, float* preActivation, float* output, int count)
    {
        switch (f)
        {
            case Activation.None:
                if (output != preActivation) new ReadOnlySpan<float>(preActivation, count).CopyTo(new Span<float>(output, count));
                break;
            case Activation.Gelu: Apply<GeluFunction>(preActivation, output, count); break;
            case Activation.GeluTanh: Apply<GeluTanhFunction>(preActivation, output, count); break;
            case Activation.Relu: Apply<ReluFunction>(preActivation, output, count); break;
            case Activation.Silu: Apply<SiluFunction>(preActivation, output, count); break;
            case Activation.Tanh: Apply<TanhFunction>(preActivation, output, count); break;
            default: throw new UnreachableException();
        }
    }

    /// <summary>
    /// dPreActivation[i] = f'(preActivation[i]) * dOutput[i], or += when <paramref name="accumulate"/>; dPreActivation may be dOutput's
    /// memory.
    /// </summary>
    public static void Backward(Activation f, float* preActivation, float* dOutput, float* dPreActivation, int count, bool accumulate = false)
    {
        switch (f)
        {
            case Activation.None: Backward<IdentityFunction>(preActivation, dOutput, dPreActivation, count, accumulate); break;
            case Activation.Gelu: Backward<GeluFunction>(preActivation, dOutput, dPreActivation, count, accumulate); break;
            case Activation.GeluTanh: Backward<GeluTanhFunction>(preActivation, dOutput, dPreActivation, count, accumulate); break;
            case Activation.Relu: Backward<ReluFunction>(preActivation, dOutput, dPreActivation, count, accumulate); break;
            case Activation.Silu: Backward<SiluFunction>(preActivation, dOutput, dPreActivation, count, accumulate); break;
            case Activation.Tanh: Backward<TanhFunction>(preActivation, dOutput, dPreActivation, count, accumulate); break;
            default: throw new UnreachableException();
        }
    }

    private static void Apply<TFunction>(float* x, float* y, int count)
        where TFunction : struct, IActivationFunction
    {
        switch (Isa.Current)
        {
            case InstructionSet.Avx512: Apply<Lanes512, TFunction>(x, y, count); break;
            case InstructionSet.Avx2: Apply<Lanes256, TFunction>(x, y, count); break;
            default: Apply<LanesPortable, TFunction>(x, y, count); break;
        }
    }

    private static void Backward<TFunction>(float* x, float* dy, float* dx, int count, bool accumulate)
        where TFunction : struct, IActivationFunction
    {
        switch (Isa.Current)
        {
            case InstructionSet.Avx512: Backward<Lanes512, TFunction>(x, dy, dx, count, accumulate); break;
            case InstructionSet.Avx2: Backward<Lanes256, TFunction>(x, dy, dx, count, accumulate); break;
            default: Backward<LanesPortable, TFunction>(x, dy, dx, count, accumulate); break;
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
        if (accumulate) share = T.MultiplyAdd(TFunction.Slope(T.LoadPartial(x + i, rest)), T.LoadPartial(dy + i, rest), T.LoadPartial(dx + i, rest));
        share.StorePartial(dx + i, rest);
    }

    internal readonly struct IdentityFunction : IActivationFunction
    {
        public static T Value<T>(T x)
            where T : struct, ILanes<T> => x;

        public static T Slope<T>(T x)
            where T : struct, ILanes<T> => T.Broadcast(1f);

        public static void Both<T>(T x, out T value, out T slope)
            where T : struct, ILanes<T>
        {
            value = x;
            slope = T.Broadcast(1f);
        }
    }
}
