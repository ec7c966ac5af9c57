using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>The parts of a softmax over one row, for any length; lanes beyond the row's end take no part.</summary>
internal static unsafe class SoftmaxKernel<T>
    where T : struct, ILanes<T>
{
    /// <summary>
    /// The largest of <paramref name="count"/> values; -inf for none. NaNs are passed over: they show up in the exponentials.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Maximum(float* x, int count)
    {
        T lowest = T.Broadcast(float.NegativeInfinity);
        T a = lowest, b = lowest;
        int i = 0;
        for (; i <= count - 32; i += 32)
        {
            a = T.Max(T.Load(x + i), a);
            b = T.Max(T.Load(x + i + 16), b);
        }

        for (; i < count; i += 16)
        {
            int lanes = Math.Min(16, count - i);
            a = T.Max(LaneTail<T>.Load(x + i, lanes, lowest), a);
        }

        return T.Max(a, b).HorizontalMax();
    }

    /// <summary>
    /// Sum of e^(x - maximum), by sixteen lanes and the fixed tree. The exponentials are stored where <paramref name="y"/> is not null (it
    /// may be x).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Exponentials(float* x, float* y, int count, float maximum)
    {
        T shift = T.Broadcast(maximum);
        T sum = T.Zero;
        int i = 0;
        for (; i <= count - 16; i += 16)
        {
            T e = VectorMath<T>.Exp(T.Load(x + i) - shift);
            if (y is not null) e.Store(y + i);
            sum += e;
        }

        if (i < count)
        {
            T e = T.And(LaneTail<T>.Mask(count - i), VectorMath<T>.Exp(T.LoadPartial(x + i, count - i) - shift));
            if (y is not null) e.StorePartial(y + i, count - i);
            sum += e;
        }

        return sum.Sum();
    }

    /// <summary>The natural logarithm of one number.</summary>
    public static float Log(float value) => VectorMath<T>.Log(T.Broadcast(value)).HorizontalMax();
}
