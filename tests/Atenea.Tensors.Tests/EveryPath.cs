using System.Runtime.InteropServices;
using Atenea.Tensors.Reference;

namespace Atenea.Tensors.Tests;

/// <summary>
/// Runs a computation on every back end of this processor and with 1, 2, 3 and 7 threads, and demands the same bits each time; and on the
/// reference, which must agree within rounding.
/// </summary>
internal static class EveryPath
{
    private static readonly int[] TeamSizes = [1, 2, 3, 7];

    /// <summary>The results, one array per tensor, after all paths gave the same.</summary>
    /// <param name="run">The computation.</param>
    /// <param name="rounding">How far the reference may be, relative to the largest element of a result (at least 1); null where the
    /// computation itself asks for bits that the reference cannot have.</param>
    public static float[][] SameBits(Func<Tape, float[][]> run, double? rounding = 2e-5)
    {
        float[][]? expected = null;
        foreach (string name in Backend.Available)
        {
            foreach (int size in TeamSizes)
            {
                using Backend backend = Backend.Create(name, size);
                using var tape = new Tape(backend);
                float[][] actual = run(tape);
                expected ??= actual;
                for (int i = 0; i < expected.Length; i++) AssertSame(expected[i], actual[i], $"result {i} with {name} on {size} threads");
            }
        }

        if (rounding is null) return expected!;
        using var reference = new ReferenceBackend();
        using var slow = new Tape(reference);
        float[][] exact = run(slow);
        for (int i = 0; i < expected!.Length; i++) AssertClose(exact[i], expected[i], rounding.Value, $"result {i} against the reference");
        return expected;
    }

    public static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        ReadOnlySpan<uint> a = MemoryMarshal.Cast<float, uint>(expected), b = MemoryMarshal.Cast<float, uint>(actual);
        int at = a.CommonPrefixLength(b);
        if (at < a.Length) Assert.Fail($"{what}: element {at} is {actual[at]:R}, expected {expected[at]:R}");
    }

    private static void AssertClose(float[] expected, float[] actual, double rounding, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double bound = rounding * Math.Max(1, expected.Length == 0 ? 0 : expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs((double)expected[i] - actual[i]) <= bound))
                Assert.Fail($"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R}");
        }
    }
}
