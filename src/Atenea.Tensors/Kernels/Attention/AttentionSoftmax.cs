using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>
/// The element-wise part of attention on a block of score rows. Sums run over sixteen virtual lanes (key j in lane j % 16), each in the
/// order of the keys, and end in the fixed tree. Everything a later operation adds to scores (relative positions, masks) belongs in here.
/// </summary>
/// <typeparam name="T">Lanes of the instruction set.</typeparam>
internal static unsafe class AttentionSoftmax<T>
    where T : struct, ILanes<T>
{
    /// <summary>Turns scores into exp(score - largest); the sum is left to be applied to the context.</summary>
    /// <param name="scores">[rows, scoreRow]; the padding after the keys becomes zero up to whole lanes.</param>
    /// <param name="scoreRow">Floats between rows.</param>
    /// <param name="rows">Queries.</param>
    /// <param name="keys">Keys.</param>
    /// <param name="maxima">Receives the largest score of each row.</param>
    /// <param name="reciprocals">Receives one over the sum of each row.</param>
    public static void Forward(float* scores, int scoreRow, int rows, int keys, float* maxima, float* reciprocals)
    {
        Largest(scores, scoreRow, rows, keys, maxima);
        Exponentials(scores, scoreRow, rows, keys, maxima, reciprocals);
    }

    /// <summary>
    /// From scores and the gradient of the probabilities after dropout to those probabilities and the gradient of the scores:
    /// dS = P * (dP - rowsum(dO * O)).
    /// </summary>
    /// <param name="scores">[rows, scoreRow]: scores, becomes probabilities after dropout.</param>
    /// <param name="gradients">[rows, scoreRow]: dO V^T, becomes dS.</param>
    /// <param name="scoreRow">Floats between rows.</param>
    /// <param name="rows">Queries.</param>
    /// <param name="keys">Keys.</param>
    /// <param name="mask">Multipliers of dropout: [rows, padded keys], or null.</param>
    /// <param name="maxima">Largest score of each row.</param>
    /// <param name="reciprocals">One over the sum of each row.</param>
    /// <param name="products">rowsum(dO * O) of each row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(
        float* scores, float* gradients, int scoreRow, int rows, int keys, float* mask, float* maxima, float* reciprocals, float* products)
    {
        T last = LaneTail<T>.Mask(((keys - 1) & 15) + 1);
        T all = LaneTail<T>.Mask(16);
        for (int i = 0; i < rows; i++, scores += scoreRow, gradients += scoreRow)
        {
            T shift = T.Broadcast(maxima[i]), reciprocal = T.Broadcast(reciprocals[i]), product = T.Broadcast(products[i]);
            for (int j = 0; j < keys; j += 16)
            {
                T p = T.And(j + 16 < keys ? all : last, VectorMath<T>.ExpOfNonPositive(T.Load(scores + j) - shift) * reciprocal);
                T kept = p, gradient = T.Load(gradients + j);
                if (mask is not null)
                {
                    T multiplier = T.Load(mask);
                    kept *= multiplier;
                    gradient *= multiplier;
                    mask += 16;
                }

                kept.Store(scores + j);
                (p * (gradient - product)).Store(gradients + j);
            }
        }
    }

    /// <summary>rowsum(dO * O) of each row: [rows, columns] each, with their own distances between rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RowProducts(float* gradient, float* output, nint stride, int rows, int columns, float* products)
    {
        int whole = columns & ~15, rest = columns - whole;
        for (int i = 0; i < rows; i++, gradient += stride, output += stride)
        {
            T sum = T.Zero;
            for (int j = 0; j < whole; j += 16) sum = T.MultiplyAdd(T.Load(gradient + j), T.Load(output + j), sum);
            if (rest > 0) sum = T.MultiplyAdd(T.LoadPartial(gradient + whole, rest), T.LoadPartial(output + whole, rest), sum);
            products[i] = sum.Sum();
        }
    }

    /// <summary>Multiplies by the multipliers of dropout, [rows, padded keys]; the sums of the rows were taken before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* scores, int scoreRow, int rows, int keys, float* mask)
    {
        for (int i = 0; i < rows; i++, scores += scoreRow)
        {
            for (int j = 0; j < keys; j += 16, mask += 16) (T.Load(scores + j) * T.Load(mask)).Store(scores + j);
        }
    }

    // The passes are methods of their own, with one loop body each: the compiler inlines only so much into one method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Largest(float* scores, int scoreRow, int rows, int keys, float* maxima)
    {
        int whole = (keys - 1) & ~15;
        T last = LaneTail<T>.Mask(keys - whole);
        T lowest = T.Broadcast(float.NegativeInfinity);
        for (int i = 0; i < rows; i++, scores += scoreRow)
        {
            T largest = T.Select(last, T.Load(scores + whole), lowest);
            for (int j = 0; j < whole; j += 16) largest = T.Max(T.Load(scores + j), largest);
            maxima[i] = largest.HorizontalMax();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exponentials(float* scores, int scoreRow, int rows, int keys, float* maxima, float* reciprocals)
    {
        T all = LaneTail<T>.Mask(16), last = LaneTail<T>.Mask(((keys - 1) & 15) + 1);
        for (int i = 0; i < rows; i++, scores += scoreRow)
        {
            T shift = T.Broadcast(maxima[i]);
            T sum = T.Zero;
            for (int j = 0; j < keys; j += 16)
            {
                T e = T.And(j + 16 < keys ? all : last, VectorMath<T>.ExpOfNonPositive(T.Load(scores + j) - shift));
                sum += e;
                e.Store(scores + j);
            }

            reciprocals[i] = 1f / sum.Sum();
        }
    }
}
