using Atenea.Tensors.Reference;

namespace Atenea.Tensors.Tests;

public sealed unsafe class VectorMathTests
{
    // A stride that shares no factor with the lane count: about three million of the 2^32 floats, every exponent and both signs.
    private const uint Stride = 1409;

    public enum Function
    {
        Exp,
        ExpOfNonPositive,
        Erf,
        Tanh,
        Log,
        Log1P,
        Sigmoid,
        Gelu,
        GeluTanh,
        Silu,
    }

    [Theory]
    [InlineData(Function.Exp, 1.0)]
    [InlineData(Function.ExpOfNonPositive, 1.0)]
    [InlineData(Function.Erf, 2.0)]
    [InlineData(Function.Tanh, 2.0)]
    [InlineData(Function.Log, 1.0)]
    [InlineData(Function.Log1P, 2.0)]
    [InlineData(Function.Sigmoid, 2.5)]
    [InlineData(Function.Gelu, 6.0)]
    [InlineData(Function.GeluTanh, 11.0)]
    [InlineData(Function.Silu, 3.0)]
    public void Stays_within_its_error_bound_over_all_floats(Function function, double bound)
    {
        double worst = 0;
        float worstAt = 0;
        float* x = stackalloc float[16];
        float* y = stackalloc float[16];
        for (ulong first = 0; first <= uint.MaxValue; first += 16 * Stride)
        {
            for (uint lane = 0; lane < 16; lane++) x[lane] = BitConverter.UInt32BitsToSingle((uint)(first + lane * Stride));
            Evaluate(function, Backend.Available[^1], x, y);
            for (int lane = 0; lane < 16; lane++)
            {
                double exact = Exact(function, x[lane]);
                if (!InDomain(function, x[lane], exact))
                {
                    if (double.IsNaN(x[lane])) Assert.True(float.IsNaN(y[lane]), $"{function}({x[lane]}) = {y[lane]}");
                    continue;
                }

                double error = Math.Abs(exact) > float.MaxValue && float.IsInfinity(y[lane]) ? 0 : Math.Abs(y[lane] - exact) / Ulp(exact);
                if (!(error <= worst)) (worst, worstAt) = (error, x[lane]);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{function}: {worst:F3} ULP at {worstAt:R}");
        Assert.True(worst <= bound, $"{function}({worstAt:R}) is {worst:F3} ULP off");
    }

    [Theory]
    [InlineData(Function.Exp)]
    [InlineData(Function.ExpOfNonPositive)]
    [InlineData(Function.Erf)]
    [InlineData(Function.Tanh)]
    [InlineData(Function.Log)]
    [InlineData(Function.Log1P)]
    [InlineData(Function.Sigmoid)]
    [InlineData(Function.Gelu)]
    [InlineData(Function.GeluTanh)]
    [InlineData(Function.Silu)]
    public void Gives_the_same_bits_on_every_instruction_set(Function function)
    {
        float* x = stackalloc float[16];
        float* expected = stackalloc float[16];
        float* actual = stackalloc float[16];
        for (ulong first = 0; first <= uint.MaxValue; first += 16 * 4 * Stride)
        {
            for (uint lane = 0; lane < 16; lane++) x[lane] = BitConverter.UInt32BitsToSingle((uint)(first + lane * 4 * Stride));
            Evaluate(function, "portable", x, expected);
            foreach (string set in Backend.Available)
            {
                Evaluate(function, set, x, actual);
                for (int lane = 0; lane < 16; lane++)
                {
                    if (float.IsNaN(expected[lane]) && float.IsNaN(actual[lane])) continue; // the payload of a NaN is the processor's own
                    if (BitConverter.SingleToUInt32Bits(expected[lane]) != BitConverter.SingleToUInt32Bits(actual[lane]))
                        Assert.Fail($"{function}({x[lane]:R}): {expected[lane]:R} portable, {actual[lane]:R} {set}");
                }
            }
        }
    }

    [Fact]
    public void Exp_at_its_limits()
    {
        Assert.Equal(0f, One(Function.Exp, float.NegativeInfinity));
        Assert.Equal(float.PositiveInfinity, One(Function.Exp, float.PositiveInfinity));
        Assert.Equal(float.PositiveInfinity, One(Function.Exp, 88.73f));
        Assert.Equal(float.MaxValue, One(Function.Exp, 88.7228317f), float.MaxValue * 1e-4f);
        Assert.Equal(float.Epsilon, One(Function.Exp, -103.5f));
        Assert.Equal(0f, One(Function.Exp, -104.1f));
        Assert.Equal(1f, One(Function.Exp, 0f));
        Assert.True(float.IsNaN(One(Function.Exp, float.NaN)));
    }

    [Fact]
    public void Exp_of_non_positive_at_its_limits()
    {
        Assert.Equal(1f, One(Function.ExpOfNonPositive, 0f));
        Assert.Equal(1f, One(Function.ExpOfNonPositive, -0f));
        Assert.NotEqual(0f, One(Function.ExpOfNonPositive, -87.33f));
        foreach (float x in new[] { -87.69f, -88f, -104f, -2e4f, float.MinValue, float.NegativeInfinity })
            Assert.Equal(0, BitConverter.SingleToInt32Bits(One(Function.ExpOfNonPositive, x)));
        Assert.True(float.IsNaN(One(Function.ExpOfNonPositive, float.NaN)));
    }

    [Fact]
    public void Log_at_its_limits()
    {
        Assert.Equal(float.NegativeInfinity, One(Function.Log, 0f));
        Assert.Equal(float.NegativeInfinity, One(Function.Log, -0f));
        Assert.Equal(float.PositiveInfinity, One(Function.Log, float.PositiveInfinity));
        Assert.True(float.IsNaN(One(Function.Log, -1f)));
        Assert.True(float.IsNaN(One(Function.Log, float.NaN)));
        Assert.Equal(0f, One(Function.Log, 1f));
        Assert.Equal(-103.278929f, One(Function.Log, float.Epsilon), 1e-5f);
    }

    [Fact]
    public void Odd_functions_keep_the_sign_of_zero_and_saturate()
    {
        foreach (Function f in new[] { Function.Erf, Function.Tanh })
        {
            Assert.True(float.IsNegative(One(f, -0f)));
            Assert.Equal(1f, One(f, float.PositiveInfinity));
            Assert.Equal(-1f, One(f, float.NegativeInfinity));
            Assert.Equal(-One(f, 0.3f), One(f, -0.3f));
            Assert.Equal(-One(f, 3f), One(f, -3f));
        }
    }

    private static float One(Function f, float value)
    {
        float* x = stackalloc float[16];
        float* y = stackalloc float[16];
        new Span<float>(x, 16).Fill(value);
        Evaluate(f, Backend.Available[^1], x, y);
        return y[7];
    }

    /// <summary>
    /// Where a relative bound makes sense: finite, not beyond float's range, and for products with a tail, not subnormal.
    /// </summary>
    private static bool InDomain(Function f, float x, double exact) => f switch
    {
        Function.Exp => !float.IsNaN(x),
        Function.ExpOfNonPositive => x <= 0 && exact > 1.2e-38,
        Function.Log => x > 0 && !float.IsInfinity(x),
        Function.Log1P => x is >= 0 and <= 1,
        Function.Sigmoid => Math.Abs(exact) > 1.2e-38 && float.IsFinite(x),
        Function.Gelu => x > -12.5f && float.IsFinite(x) && Math.Abs(x) > 1e-37f,
        Function.GeluTanh => x > -3f && float.IsFinite(x) && Math.Abs(x) > 1e-37f,
        Function.Silu => x > -80f && float.IsFinite(x) && Math.Abs(x) > 1e-37f,
        _ => !float.IsNaN(x) && (x == 0 || Math.Abs(x) > 1e-37f),
    };

    private static double Exact(Function f, double x) => f switch
    {
        Function.Exp or Function.ExpOfNonPositive => Math.Exp(x),
        Function.Erf => Math.Abs(x) > 6 ? Math.Sign(x) : NormalDistribution.Erf(x),
        Function.Tanh => Math.Tanh(x),
        Function.Log => Math.Log(x),
        Function.Log1P => x < 1e-4 ? x - x * x / 2 + x * x * x / 3 : Math.Log(1 + x),
        Function.Sigmoid => 1 / (1 + Math.Exp(-x)),
        Function.Gelu => x > 7 ? x : x < -14 ? 0 : x * NormalDistribution.Cumulative(x),
        Function.GeluTanh => x / (1 + Math.Exp(-2 * Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
        Function.Silu => x / (1 + Math.Exp(-x)),
        _ => throw new ArgumentOutOfRangeException(nameof(f)),
    };

    private static double Ulp(double value)
    {
        float size = (float)Math.Min(Math.Abs(value), float.MaxValue);
        double next = MathF.BitIncrement(size);
        return Math.Max(float.Epsilon, double.IsFinite(next) ? next - size : size - (double)MathF.BitDecrement(size));
    }

    private static void Evaluate(Function f, string set, float* x, float* y)
    {
        switch (set)
        {
            case "avx512": Evaluate<Lanes512>(f, x, y); break;
            case "avx2": Evaluate<Lanes256>(f, x, y); break;
            default: Evaluate<LanesPortable>(f, x, y); break;
        }
    }

    private static void Evaluate<T>(Function f, float* x, float* y)
        where T : struct, ILanes<T>
    {
        T v = T.Load(x);
        T result = f switch
        {
            Function.Exp => VectorMath<T>.Exp(v),
            Function.ExpOfNonPositive => VectorMath<T>.ExpOfNonPositive(v),
            Function.Erf => VectorMath<T>.Erf(v),
            Function.Tanh => VectorMath<T>.Tanh(v),
            Function.Log => VectorMath<T>.Log(v),
            Function.Log1P => VectorMath<T>.Log1P(v),
            Function.Sigmoid => VectorMath<T>.Sigmoid(v),
            Function.Gelu => GeluFunction.Value(v),
            Function.GeluTanh => GeluTanhFunction.Value(v),
            Function.Silu => SiluFunction.Value(v),
            _ => throw new ArgumentOutOfRangeException(nameof(f)),
        };
        result.Store(y);
    }
}
