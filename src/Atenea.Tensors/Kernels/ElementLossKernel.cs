using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>A loss that is a sum over elements, and its derivative by the prediction.</summary>
internal interface IElementLoss
{
    static abstract T Value<T>(T prediction, T target, out T slope)
        where T : struct, ILanes<T>;
}

/// <summary>max(x, 0) - x t + log(1 + e^-|x|), which does not overflow; slope sigmoid(x) - t.</summary>
internal readonly struct BinaryCrossEntropyElement : IElementLoss
{
    public static T Value<T>(T prediction, T target, out T slope)
        where T : struct, ILanes<T>
    {
        T e = VectorMath<T>.Exp(T.Or(prediction, T.BroadcastBits(0x80000000))); // e^-|x|
        T one = T.Broadcast(1f);
        T sigmoid = T.Select(T.Less(prediction, T.Zero), e, one) / (one + e);
        slope = sigmoid - target;
        return T.NegatedMultiplyAdd(prediction, target, T.Max(T.Zero, prediction)) + VectorMath<T>.Log1P(e);
    }
}

/// <summary>(x - t)^2; slope 2 (x - t).</summary>
internal readonly struct SquaredErrorElement : IElementLoss
{
    public static T Value<T>(T prediction, T target, out T slope)
        where T : struct, ILanes<T>
    {
        T difference = prediction - target;
        slope = difference + difference;
        return difference * difference;
    }
}

/// <summary>Sums over fixed chunks.</summary>
internal static unsafe class ElementLossKernel<T, TElement>
    where T : struct, ILanes<T>
    where TElement : struct, IElementLoss
{
    /// <summary>Runs it.</summary>
    public static void Run(Workspace workspace, in ElementLoss operands)
    {
        int chunks = Elementwise.Chunks(operands.Length);
        float* sums = workspace.Scratch(chunks);
        var state = new State { Operands = operands, Sums = sums };
        workspace.Team.Run(chunks, &Chunk, &state);
        double sum = 0;
        for (int i = 0; i < chunks; i++) sum += sums[i];
        *(double*)(float*)operands.Sum = sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Chunk(void* shared, int chunk)
    {
        ref readonly ElementLoss state = ref ((State*)shared)->Operands;
        int count = Elementwise.Chunk(chunk, state.Length, out long first);
        float* x = state.Predictions + first;
        float* t = state.Targets + first;
        float* gradient = state.Gradient + first; // none stays null
        T sum = T.Zero;
        for (int i = 0; i < count; i += 16)
        {
            int lanes = Math.Min(16, count - i);
            T value = TElement.Value(T.LoadPartial(x + i, lanes), T.LoadPartial(t + i, lanes), out T slope);
            sum += T.And(LaneTail<T>.Mask(lanes), value);
            if (gradient is not null) slope.StorePartial(gradient + i, lanes);
        }

        ((State*)shared)->Sums[chunk] = sum.Sum();
    }

    private struct State
    {
        public ElementLoss Operands;
        public float* Sums; // [chunks]
    }
}
