namespace Atenea.Tensors.Tests;

/// <summary>Every lane operation of every instruction set against its scalar meaning.</summary>
public sealed unsafe class LanesTests
{
    private static readonly float[] Special =
    [
        0f, -0f, 1f, -1f, 1.5f, 2.5f, -2.5f, 3.4e38f, -3.4e38f, 1e-40f,
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0.1f, 16777216f, -123456.7f,
    ];

    [Fact]
    public void Portable() => All<LanesPortable>();

    [Fact]
    public void Best_available()
    {
        if (Backend.Available.Contains("avx2")) All<Lanes256>();
        if (Backend.Available.Contains("avx512")) All<Lanes512>();
    }

    private static void All<T>()
        where T : struct, ILanes<T>
    {
        var random = new Random(5);
        float* a = stackalloc float[16], b = stackalloc float[16], c = stackalloc float[16];
        for (int round = 0; round < 200; round++)
        {
            for (int i = 0; i < 16; i++)
            {
                a[i] = round < 16 ? Special[i] : Value(random);
                b[i] = round < 16 ? Special[(i + round) % 16] : Value(random);
                c[i] = Value(random);
            }

            T x = T.Load(a), y = T.Load(b), z = T.Load(c);
            Same(x + y, a, b, c, (p, q, _) => p + q);
            Same(x - y, a, b, c, (p, q, _) => p - q);
            Same(x * y, a, b, c, (p, q, _) => p * q);
            Same(x / y, a, b, c, (p, q, _) => p / q);
            Same(T.MultiplyAdd(x, y, z), a, b, c, MathF.FusedMultiplyAdd);
            Same(T.NegatedMultiplyAdd(x, y, z), a, b, c, (p, q, r) => MathF.FusedMultiplyAdd(-p, q, r));
            Same(T.Max(x, y), a, b, c, (p, q, _) => p > q ? p : q);
            Same(T.Min(x, y), a, b, c, (p, q, _) => p < q ? p : q);
            Same(T.Sqrt(x), a, b, c, (p, _, _) => MathF.Sqrt(p));
            Same(T.Round(z), a, b, c, (_, _, r) => MathF.Round(r, MidpointRounding.ToEven));
            Same(T.And(x, y), a, b, c, (p, q, _) => Float(Bits(p) & Bits(q)));
            Same(T.Or(x, y), a, b, c, (p, q, _) => Float(Bits(p) | Bits(q)));
            Same(T.Xor(x, y), a, b, c, (p, q, _) => Float(Bits(p) ^ Bits(q)));
            Same(T.Xor(x, y, z), a, b, c, (p, q, r) => Float(Bits(p) ^ Bits(q) ^ Bits(r)));
            Same(T.Less(x, y), a, b, c, (p, q, _) => p < q ? Float(uint.MaxValue) : 0f);
            Same(T.Select(T.Less(x, y), x, z), a, b, c, (p, q, r) => p < q ? p : r);
            Same(T.ShiftRight(x, 9), a, b, c, (p, _, _) => Float(Bits(p) >> 9));
            Same(T.ShiftLeft(x, 3), a, b, c, (p, _, _) => Float(Bits(p) << 3));
            Same(T.AddBits(x, y), a, b, c, (p, q, _) => Float(unchecked(Bits(p) + Bits(q))));
            Same(T.FromInt32(x), a, b, c, (p, _, _) => (int)Bits(p));
            Pairs(T.MultiplyEven(x, y), a, b, (p, q, _, _) => (ulong)Bits(p) * Bits(q));
            Pairs(T.OddToEven(x), a, b, (_, _, p, _) => Bits(p));
            Pairs(T.Interleave(x, y), a, b, (p, q, _, _) => Bits(p) | ((ulong)Bits(q) << 32));
            Same(T.Broadcast(c[3]), a, b, c, (_, _, _) => c[3]);
            Same(T.BroadcastBits(0xABCDEF01), a, b, c, (_, _, _) => Float(0xABCDEF01));
            Same(T.Zero, a, b, c, (_, _, _) => 0f);
            for (int i = 0; i < 16; i++) b[i] = (i * 17) - 126 + (round % 2);
            Same(T.PowerOfTwo(T.Min(T.Load(b), T.Broadcast(127))), a, b, c, (_, q, _) => MathF.ScaleB(1, (int)Math.Min(q, 127)));
            Reductions<T>(c);
            Partials<T>(c);
        }
    }

    /// <summary>The fixed tree: lane i with i + 8, then 4, 2, 1.</summary>
    private static void Reductions<T>(float* c)
        where T : struct, ILanes<T>
    {
        float[] sum = [.. new ReadOnlySpan<float>(c, 16)], largest = [.. sum];
        for (int half = 8; half >= 1; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                sum[i] += sum[i + half];
                largest[i] = Math.Max(largest[i], largest[i + half]);
            }
        }

        Assert.Equal(Bits(sum[0]), Bits(T.Load(c).Sum()));
        Assert.Equal(Bits(largest[0]), Bits(T.Load(c).HorizontalMax()));
    }

    private static void Partials<T>(float* c)
        where T : struct, ILanes<T>
    {
        float* loaded = stackalloc float[16];
        float* stored = stackalloc float[18];
        for (int count = 0; count <= 16; count++)
        {
            T.LoadPartial(c, count).Store(loaded);
            for (int i = 0; i < 16; i++) Assert.Equal(i < count ? c[i] : 0f, loaded[i]);
            LaneTail<T>.Load(c, count, T.Broadcast(7)).Store(loaded);
            for (int i = 0; i < 16; i++) Assert.Equal(i < count ? c[i] : 7f, loaded[i]);
            new Span<float>(stored, 18).Fill(-9);
            T.Load(c).StorePartial(stored + 1, count);
            for (int i = 0; i < 18; i++) Assert.Equal(i >= 1 && i <= count ? c[i - 1] : -9f, stored[i]);
        }
    }

    private static void Same<T>(T actual, float* a, float* b, float* c, Func<float, float, float, float> meaning,
        [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(actual))] string what = "")
        where T : struct, ILanes<T>
    {
        float* lanes = stackalloc float[16];
        actual.Store(lanes);
        for (int i = 0; i < 16; i++)
        {
            float expected = meaning(a[i], b[i], c[i]);
            bool same = Bits(expected) == Bits(lanes[i]) || (float.IsNaN(expected) && float.IsNaN(lanes[i]));
            if (!same) Assert.Fail($"{typeof(T).Name}: {what} of {a[i]:R}, {b[i]:R}, {c[i]:R} is {lanes[i]:R}, expected {expected:R}");
        }
    }

    /// <summary>Checks neighbouring lanes as 64-bit numbers, made from the even lanes of a and b and the odd lanes of a and b.</summary>
    private static void Pairs<T>(T actual, float* a, float* b, Func<float, float, float, float, ulong> meaning)
        where T : struct, ILanes<T>
    {
        ulong* pairs = stackalloc ulong[8];
        actual.Store((float*)pairs);
        for (int i = 0; i < 8; i++) Assert.Equal(meaning(a[2 * i], b[2 * i], a[(2 * i) + 1], b[(2 * i) + 1]), pairs[i]);
    }

    private static float Value(Random random) => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 7)));

    private static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    private static float Float(uint bits) => BitConverter.UInt32BitsToSingle(bits);
}
