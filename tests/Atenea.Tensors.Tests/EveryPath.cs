using System.Runtime.InteropServices;

namespace Atenea.Tensors.Tests;

/// <summary>
/// Runs a computation on every back end of this processor and with 1, 2, 3 and 7 threads, and demands the same bits each time; and on the
/// reference, which must agree within rounding.
/// </summary>
internal static class EveryPath
{
    private static readonly int[] TeamSizes = [1, 2, 3, 7];

    /// <summary>The results, one array per tensor, after all paths gave the same.</summary>
    public static float[][] SameBits(Func<Tape, float[][]> run)
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

        return expected!;
    }

    public static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        ReadOnlySpan<uint> a = MemoryMarshal.Cast<float, uint>(expected), b = MemoryMarshal.Cast<float, uint>(actual);
        int at = a.CommonPrefixLength(b);
        if (at < a.Length) Assert.Fail($"{what}: element {at} is {actual[at]:R}, expected {expected[at]:R}");
    }
}
