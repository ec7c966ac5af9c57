using System.Runtime.CompilerServices;
using Atenea.Errors;

namespace Atenea.Tensors;

public sealed unsafe partial class Tape
{
    /// <summary>
    /// Binary cross-entropy of sigmoid(logits) against targets in [0, 1], summed over all elements; the count is their number.
    /// </summary>
    /// <param name="logits">[rows, labels].</param>
    /// <param name="targets">rows * labels values, row-major.</param>
    /// <exception cref="AteneaException">ATN0602: not one target per logit.</exception>
    public Loss BinaryCrossEntropyWithLogits(Tensor logits, ReadOnlySpan<float> targets) => ElementLoss<BinaryCrossEntropyElement>(logits, targets);

    /// <summary>Squared error, summed over all elements; the count is their number.</summary>
    /// <param name="predictions">[rows, outputs].</param>
    /// <param name="targets">rows * outputs values, row-major.</param>
    /// <exception cref="AteneaException">ATN0602: not one target per prediction.</exception>
    public Loss MeanSquaredError(Tensor predictions, ReadOnlySpan<float> targets) => ElementLoss<SquaredErrorElement>(predictions, targets);

    private Loss ElementLoss<TElement>(Tensor predictions, ReadOnlySpan<float> targets)
        where TElement : struct, IElementLoss
    {
        if (targets.Length != predictions.Length)
            throw new AteneaException(Catalogue.ShapeMismatch, $"{targets.Length} targets for [{predictions.Rows}, {predictions.Columns}]", "labels");
        float* gradient = NeedsGradient(predictions) ? SavedFloats(predictions.Length) : null;
        int chunks = Elementwise.Chunks(predictions.Length);
        float* sums = Scratch(chunks);
        fixed (float* pinned = targets)
        {
            var state = new ElementLossState { Predictions = predictions.Data, Targets = pinned, Gradient = gradient, Sums = sums, Length = predictions.Length };
            delegate*<void*, int, void> body = Isa.Current switch
            {
                InstructionSet.Avx512 => &ElementLossKernel<Lanes512, TElement>.Chunk,
                InstructionSet.Avx2 => &ElementLossKernel<Lanes256, TElement>.Chunk,
                _ => &ElementLossKernel<LanesPortable, TElement>.Chunk,
            };
            Team.Run(chunks, body, &state);
        }

        double sum = 0;
        for (int i = 0; i < chunks; i++) sum += sums[i];
        ReturnScratch(sums, chunks);
        return new Loss(sum, predictions.Length, predictions, gradient);
    }
}

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

/// <summary>What the tasks of an element loss share.</summary>
internal unsafe struct ElementLossState
{
    public float* Predictions;
    public float* Targets;
    public float* Gradient; // null in inference
    public float* Sums; // one per chunk
    public long Length;
}

/// <summary>Sums over fixed chunks.</summary>
internal static unsafe class ElementLossKernel<T, TElement>
    where T : struct, ILanes<T>
    where TElement : struct, IElementLoss
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Chunk(void* shared, int chunk)
    {
        var state = (ElementLossState*)shared;
        long first = (long)chunk * Elementwise.ChunkElements;
        int count = (int)Math.Min(Elementwise.ChunkElements, state->Length - first);
        float* x = state->Predictions + first;
        float* t = state->Targets + first;
        float* gradient = state->Gradient is null ? null : state->Gradient + first;
        T sum = T.Zero;
        for (int i = 0; i < count; i += 16)
        {
            int lanes = Math.Min(16, count - i);
            T value = TElement.Value(T.LoadPartial(x + i, lanes), T.LoadPartial(t + i, lanes), out T slope);
            sum += T.And(LaneTail<T>.Mask(lanes), value);
            if (gradient is not null) slope.StorePartial(gradient + i, lanes);
        }

        state->Sums[chunk] = sum.Sum();
    }
}
