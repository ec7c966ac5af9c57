using Atenea.Tensors;

namespace Atenea.Cli;

/// <summary>
/// Matrix products of the sizes that BERT has. The whole product is timed, packing included, unless packed weights are asked for.
/// </summary>
internal static class GemmBenchmark
{
    /// <summary>The case's name.</summary>
    public const string Name = "gemm";

    private const double LongestSeconds = 3;
    private const double BillionsPerStep = 4; // Small products are repeated within a step, so that the clock's grain does not matter.

    private static readonly (int Rows, int Depth, int Columns)[] Shapes =
        [(2048, 768, 768), (2048, 768, 3072), (2048, 3072, 768), (128, 768, 768), (768, 2048, 768), (512, 64, 512), (2048, 2048, 2048)];

    /// <summary>Measures every size.</summary>
    public static IEnumerable<BenchmarkResult> Run(BenchmarkOptions options)
    {
        using var backend = Backend.Create(threads: options.Threads);
        using var tape = new Tape(backend);
        foreach ((int rows, int depth, int columns) in Shapes)
        {
            var random = new Random(0);
            tape.Begin(TapeMode.Inference);
            Tensor a = tape.Input(Values(random, rows * depth), rows, depth);
            float[] values = Values(random, depth * columns);
            Tensor b = tape.Input(values, depth, columns);
            using var weight = new Parameter("b", depth, columns);
            weight.CopyFrom(values);
            double billions = 2.0 * rows * depth * columns / 1e9;
            int repetitions = Math.Max(1, (int)(BillionsPerStep / billions));
            IReadOnlyList<double> rates = Timing.Measure(Math.Min(options.Seconds, LongestSeconds), billions * repetitions, () =>
            {
                for (int i = 0; i < repetitions; i++)
                    tape.Release(options.Packed ? tape.TransposedLinear(a, weight, null) : tape.Multiply(a, b));
            });
            yield return BenchmarkResult.From(options, "GFLOP/s", rates) with { Shape = [rows, depth, columns] };
        }
    }

    // In [-1, 1).
    private static float[] Values(Random random, int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (random.NextSingle() * 2) - 1;
        return values;
    }
}
