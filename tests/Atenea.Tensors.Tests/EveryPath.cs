namespace Atenea.Tensors.Tests;

/// <summary>Tests that force an instruction set change a process-wide setting, so they run one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EveryPath
{
    public const string Name = "Every instruction set";

    /// <summary>Runs <paramref name="compute"/> on every instruction set of this processor and with 1, 2, 3 and 7 threads.</summary>
    public static IEnumerable<(InstructionSet Set, int Threads, T Result)> Run<T>(Func<WorkerTeam, T> compute)
    {
        InstructionSet before = Isa.Current;
        try
        {
            foreach (InstructionSet set in Isa.Available)
            {
                Isa.Force(set);
                foreach (int threads in new[] { 1, 2, 3, 7 })
                {
                    using var team = new WorkerTeam(threads);
                    yield return (set, threads, compute(team));
                }
            }
        }
        finally
        {
            Isa.Force(before);
        }
    }

    /// <summary>Asserts that every path gives the bits of the first one, and returns them.</summary>
    public static float[] SameBits(Func<WorkerTeam, float[]> compute)
    {
        float[]? first = null;
        foreach ((InstructionSet set, int threads, float[] result) in Run(compute))
        {
            first ??= result;
            Assert.Equal(first.Length, result.Length);
            for (int i = 0; i < first.Length; i++)
            {
                Assert.True(
                    BitConverter.SingleToInt32Bits(first[i]) == BitConverter.SingleToInt32Bits(result[i]),
                    $"{set} on {threads} threads differs at {i}: {result[i]:R}, expected {first[i]:R}");
            }
        }

        return first!;
    }
}
