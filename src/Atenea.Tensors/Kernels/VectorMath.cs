using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>
/// Elementary functions on sixteen lanes, the same bits on every instruction set. Polynomials are minimax fits (Remez exchange, 40-digit
/// arithmetic) with coefficients rounded to float; the stated errors are the largest found against double precision by the tests.
/// </summary>
/// <typeparam name="T">The lanes of an instruction set.</typeparam>
internal static class VectorMath<T>
    where T : struct, ILanes<T>
{
    private const float Log2E = 1.44269504f;
    private const float Ln2 = 0.693147182f;
    private const float Ln2Residual = -1.90465430e-9f; // ln 2 - (float)ln 2

    // Beyond this distance the normal tail times anything a model produces is zero in float, and 2^n below would leave the normal range.
    private const float TailLimit = 13.1f;

    /// <summary>e^x within 1 ULP, subnormal results included; exp(-inf) = 0, exp(x) = inf from 88.73 on, NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp(T x)
    {
        x = T.Min(T.Broadcast(89f), T.Max(T.Broadcast(-104f), x)); // NaN passes: the right operand wins.
        T n = T.Round(x * T.Broadcast(Log2E));
        T r = T.NegatedMultiplyAdd(n, T.Broadcast(Ln2), x);
        r = T.NegatedMultiplyAdd(n, T.Broadcast(Ln2Residual), r);
        T half = T.Round(n * T.Broadcast(0.5f)); // 2^n in two factors, since n reaches -150 and 128
        return ExpReduced(r) * T.PowerOfTwo(half) * T.PowerOfTwo(n - half);
    }

    /// <summary>
    /// e^x for x at most 0 (softmax), within 1 ULP and in half the work of <see cref="Exp"/>: nothing has to be done for overflow, and
    /// results from the subnormal range on are 0 (x below -87.68), which also keeps later products fast.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ExpOfNonPositive(T x)
    {
        // Adding 1.5 * 2^23 rounds to an integer n and leaves n + 127, the exponent bits of 2^n, in the lowest bits. n = -127 gives 2^n =
        // 0.
        const float Rounder = 12582912f + 127f;
        x = T.Max(T.Broadcast(-88f), x); // NaN passes: the right operand wins.
        T shifted = T.MultiplyAdd(x, T.Broadcast(Log2E), T.Broadcast(Rounder));
        T n = shifted - T.Broadcast(Rounder);
        T power = T.ShiftLeft(shifted, 23);
        T r = T.NegatedMultiplyAdd(n, T.Broadcast(Ln2), x);
        r = T.NegatedMultiplyAdd(n, T.Broadcast(Ln2Residual), r);
        return T.MultiplyAdd(ExpReducedMinusOne(r), power, power);
    }

    /// <summary>The error function within 2 ULP.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Erf(T x)
    {
        T sign = T.And(x, T.BroadcastBits(0x80000000));
        T size = T.Xor(x, sign);
        T z = x * x;
        T p = T.Broadcast(-6.31512667e-4f);
        p = T.MultiplyAdd(p, z, T.Broadcast(5.05109737e-3f));
        p = T.MultiplyAdd(p, z, T.Broadcast(-2.68025510e-2f));
        p = T.MultiplyAdd(p, z, T.Broadcast(0.112827174f));
        p = T.MultiplyAdd(p, z, T.Broadcast(-0.376125723f));
        p = T.MultiplyAdd(p, z, T.Broadcast(0.128379166f));
        T near = T.MultiplyAdd(p, size, size);
        NormalTail(size * T.Broadcast(1.41421356f), out T tail, out _);
        T far = T.NegatedMultiplyAdd(T.Broadcast(2f), tail, T.Broadcast(1f));
        return T.Or(T.Select(T.Less(T.Broadcast(0.85f), size), far, near), sign);
    }

    /// <summary>The hyperbolic tangent within 2 ULP.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh(T x)
    {
        T sign = T.And(x, T.BroadcastBits(0x80000000));
        T size = T.Xor(x, sign);
        T z = x * x;
        T p = T.Broadcast(-5.71713317e-3f);
        p = T.MultiplyAdd(p, z, T.Broadcast(2.06506997e-2f));
        p = T.MultiplyAdd(p, z, T.Broadcast(-5.37435450e-2f));
        p = T.MultiplyAdd(p, z, T.Broadcast(0.133314922f));
        p = T.MultiplyAdd(p, z, T.Broadcast(-0.333332837f));
        T near = T.MultiplyAdd(p * z, size, size);
        T one = T.Broadcast(1f);
        T far = one - (T.Broadcast(2f) / (Exp(size + size) + one));
        return T.Or(T.Select(T.Less(T.Broadcast(0.625f), size), far, near), sign);
    }

    /// <summary>The natural logarithm within 1 ULP, subnormal arguments included; log(0) = -inf, log of a negative number is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log(T x)
    {
        const uint RootOfHalf = 0x3F3504F3;
        T small = T.Less(x, T.BroadcastBits(0x00800000));
        T scaled = T.Select(small, x * T.Broadcast(8388608f), x);
        T bits = T.AddBits(scaled, T.BroadcastBits(0x3F800000 - RootOfHalf));
        T exponent = T.FromInt32(T.ShiftRight(bits, 23)) - T.Select(small, T.Broadcast(150f), T.Broadcast(127f));
        T f = T.AddBits(T.And(bits, T.BroadcastBits(0x007FFFFF)), T.BroadcastBits(RootOfHalf)) - T.Broadcast(1f);
        T p = T.Broadcast(6.91702664e-2f);
        p = T.MultiplyAdd(p, f, T.Broadcast(-0.117905736f));
        p = T.MultiplyAdd(p, f, T.Broadcast(0.118725792f));
        p = T.MultiplyAdd(p, f, T.Broadcast(-0.123841859f));
        p = T.MultiplyAdd(p, f, T.Broadcast(0.142186999f));
        p = T.MultiplyAdd(p, f, T.Broadcast(-0.166692615f));
        p = T.MultiplyAdd(p, f, T.Broadcast(0.200022250f));
        p = T.MultiplyAdd(p, f, T.Broadcast(-0.249999866f));
        p = T.MultiplyAdd(p, f, T.Broadcast(0.333333105f));
        T square = f * f;
        T rest = T.MultiplyAdd(square * f, p, square * T.Broadcast(-0.5f));
        // ln 2 in two parts, the first with trailing zeros so that its product with the exponent is exact.
        rest = T.MultiplyAdd(exponent, T.Broadcast(9.05800061e-6f), rest);
        T result = T.MultiplyAdd(exponent, T.Broadcast(0.693138123f), f + rest);
        T infinity = T.Broadcast(float.PositiveInfinity);
        result = T.Select(T.Less(x, infinity), result, x);
        T notPositive = T.Select(T.Less(x, T.Zero), T.Broadcast(float.NaN), x - infinity);
        return T.Select(T.Less(T.Zero, x), result, notPositive);
    }

    /// <summary>log(1 + x) for x in [0, 1], within 2 ULP.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log1P(T x)
    {
        T one = T.Broadcast(1f);
        T u = one + x;
        return Log(u) + ((x - (u - one)) / u); // first-order correction for what rounding took from u
    }

    /// <summary>1 / (1 + e^-x), within 2.5 ULP where the result is normal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid(T x) => T.Broadcast(1f) / (T.Broadcast(1f) + Exp(T.Zero - x));

    /// <summary>
    /// The normal distribution beyond <paramref name="t"/> >= 0, to relative precision however small it is (no 1 - erf cancellation):
    /// <paramref name="tail"/> = Phi(-t), and <paramref name="kernel"/> = e^(-t^2/2). Both are exactly 0 beyond 13.1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NormalTail(T t, out T tail, out T kernel)
    {
        T limit = T.Broadcast(TailLimit);
        T outside = T.Less(limit, t);
        t = T.Min(limit, t);
        T square = t * t;
        T lost = T.NegatedMultiplyAdd(t, t, square); // square - t^2: the exponent is large, so its rounding error counts
        T n = T.Round(square * T.Broadcast(-0.5f * Log2E));
        T r = T.NegatedMultiplyAdd(n, T.Broadcast(Ln2), square * T.Broadcast(-0.5f));
        r = T.NegatedMultiplyAdd(n, T.Broadcast(Ln2Residual), r);
        r = T.MultiplyAdd(lost, T.Broadcast(0.5f), r);
        kernel = T.Select(outside, T.Zero, ExpReduced(r) * T.PowerOfTwo(n));

        // Phi(-t) e^(t^2/2) = u P(t u) with u = 1 / (1 + 0.3 t): smooth and bounded on the half line, and exact at its near end.
        T u = T.Broadcast(1f) / T.MultiplyAdd(T.Broadcast(0.3f), t, T.Broadcast(1f));
        T w = t * u;
        T p = T.Broadcast(4.05165537e-07f);
        p = T.MultiplyAdd(p, w, T.Broadcast(-4.79243954e-06f));
        p = T.MultiplyAdd(p, w, T.Broadcast(1.55254038e-05f));
        p = T.MultiplyAdd(p, w, T.Broadcast(7.47523609e-06f));
        p = T.MultiplyAdd(p, w, T.Broadcast(5.66276321e-05f));
        p = T.MultiplyAdd(p, w, T.Broadcast(-0.0011317078f));
        p = T.MultiplyAdd(p, w, T.Broadcast(-0.00218759361f));
        p = T.MultiplyAdd(p, w, T.Broadcast(0.0556330793f));
        p = T.MultiplyAdd(p, w, T.Broadcast(-0.248942152f));
        p = T.MultiplyAdd(p, w, T.Broadcast(0.5f));
        tail = u * p * kernel;
    }

    /// <summary>e^r for |r| at most ln(2)/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpReduced(T r) => ExpReducedMinusOne(r) + T.Broadcast(1f);

    /// <summary>e^r - 1 for |r| at most ln(2)/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpReducedMinusOne(T r)
    {
        T p = T.Broadcast(1.38145406e-3f);
        p = T.MultiplyAdd(p, r, T.Broadcast(8.36874545e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(4.16683890e-2f));
        p = T.MultiplyAdd(p, r, T.Broadcast(0.166665211f));
        p = T.MultiplyAdd(p, r, T.Broadcast(0.499999940f));
        return T.MultiplyAdd(p, r * r, r);
    }
}
