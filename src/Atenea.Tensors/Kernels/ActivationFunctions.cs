using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>A function and its derivative, both of the pre-activation x.</summary>
internal interface IActivationFunction
{
    static abstract T Value<T>(T x)
        where T : struct, ILanes<T>;

    static abstract T Slope<T>(T x)
        where T : struct, ILanes<T>;

    /// <summary>Both, for a backward pass that needs the value again.</summary>
    static abstract void Both<T>(T x, out T value, out T slope)
        where T : struct, ILanes<T>;
}

/// <summary>x itself: no activation.</summary>
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

/// <summary>
/// x Phi(x). The tail of the normal distribution is computed to relative precision, so large negative x keep their digits.
/// </summary>
internal readonly struct GeluFunction : IActivationFunction
{
    private const float InverseRootTwoPi = 0.398942280f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Value<T>(T x)
        where T : struct, ILanes<T>
    {
        VectorMath<T>.NormalTail(T.And(x, T.BroadcastBits(0x7FFFFFFF)), out T tail, out _);
        return x * T.Select(T.Less(x, T.Zero), tail, T.Broadcast(1f) - tail);
    }

    /// <summary>Phi(x) + x phi(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Slope<T>(T x)
        where T : struct, ILanes<T>
    {
        VectorMath<T>.NormalTail(T.And(x, T.BroadcastBits(0x7FFFFFFF)), out T tail, out T kernel);
        T phi = T.Select(T.Less(x, T.Zero), tail, T.Broadcast(1f) - tail);
        return T.MultiplyAdd(x, kernel * T.Broadcast(InverseRootTwoPi), phi);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Both<T>(T x, out T value, out T slope)
        where T : struct, ILanes<T>
    {
        VectorMath<T>.NormalTail(T.And(x, T.BroadcastBits(0x7FFFFFFF)), out T tail, out T kernel);
        T phi = T.Select(T.Less(x, T.Zero), tail, T.Broadcast(1f) - tail);
        value = x * phi;
        slope = T.MultiplyAdd(x, kernel * T.Broadcast(InverseRootTwoPi), phi);
    }
}

/// <summary>x sigmoid(2u), u = sqrt(2/pi) (x + 0.044715 x^3): the tanh form, written without the cancellation of 1 + tanh.</summary>
internal readonly struct GeluTanhFunction : IActivationFunction
{
    private const float Linear = 1.59576912f; // 2 sqrt(2/pi)
    private const float Cubic = 0.0713548163f; // 2 sqrt(2/pi) 0.044715

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Value<T>(T x)
        where T : struct, ILanes<T> => x * Gate(x, x * x);

    /// <summary>s + x s (1 - s) 2u', with s = sigmoid(2u).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Slope<T>(T x)
        where T : struct, ILanes<T>
    {
        x = T.Min(T.Broadcast(30f), T.Max(T.Broadcast(-30f), x)); // flat beyond; keeps 0 * inf away
        T square = x * x;
        T s = Gate(x, square);
        T inner = T.MultiplyAdd(T.Broadcast(3f * Cubic), square, T.Broadcast(Linear));
        return T.MultiplyAdd(x * s * (T.Broadcast(1f) - s), inner, s);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Both<T>(T x, out T value, out T slope)
        where T : struct, ILanes<T>
    {
        value = Value(x);
        slope = Slope(x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Gate<T>(T x, T square)
        where T : struct, ILanes<T> => VectorMath<T>.Sigmoid(x * T.MultiplyAdd(T.Broadcast(Cubic), square, T.Broadcast(Linear)));
}

/// <summary>max(x, 0); NaN stays NaN.</summary>
internal readonly struct ReluFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Value<T>(T x)
        where T : struct, ILanes<T> => T.Max(T.Zero, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Slope<T>(T x)
        where T : struct, ILanes<T> => T.And(T.Less(T.Zero, x), T.Broadcast(1f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Both<T>(T x, out T value, out T slope)
        where T : struct, ILanes<T>
    {
        value = Value(x);
        slope = Slope(x);
    }
}

/// <summary>x sigmoid(x).</summary>
internal readonly struct SiluFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Value<T>(T x)
        where T : struct, ILanes<T> => x * VectorMath<T>.Sigmoid(x);

    /// <summary>s (1 + x (1 - s)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Slope<T>(T x)
        where T : struct, ILanes<T>
    {
        T s = VectorMath<T>.Sigmoid(x);
        T one = T.Broadcast(1f);
        return s * T.MultiplyAdd(x, one - s, one);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Both<T>(T x, out T value, out T slope)
        where T : struct, ILanes<T>
    {
        T s = VectorMath<T>.Sigmoid(x);
        T one = T.Broadcast(1f);
        value = x * s;
        slope = s * T.MultiplyAdd(x, one - s, one);
    }
}

/// <summary>tanh(x).</summary>
internal readonly struct TanhFunction : IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Value<T>(T x)
        where T : struct, ILanes<T> => VectorMath<T>.Tanh(x);

    /// <summary>1 - tanh(x)^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Slope<T>(T x)
        where T : struct, ILanes<T>
    {
        T y = VectorMath<T>.Tanh(x);
        return T.NegatedMultiplyAdd(y, y, T.Broadcast(1f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Both<T>(T x, out T value, out T slope)
        where T : struct, ILanes<T>
    {
        value = VectorMath<T>.Tanh(x);
        slope = T.NegatedMultiplyAdd(value, value, T.Broadcast(1f));
    }
}
