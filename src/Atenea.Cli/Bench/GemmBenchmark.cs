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
        foreach ((int rows, int depth, int columns) in Shapes)
        {
            var random = new Random(0);
            using var a = new AlignedFloats(rows * depth, random);
            using var b = new AlignedFloats(depth * columns, random);
            using var c = new AlignedFloats(rows * columns, random);
            using PackedMatrix? packed = options.Packed ? PackedMatrix.FromRows(backend, b.Span, depth, columns) : null;
            double billions = 2.0 * rows * depth * columns / 1e9;
            int repetitions = Math.Max(1, (int)(BillionsPerStep / billions));
            IReadOnlyList<double> rates = Timing.Measure(Math.Min(options.Seconds, LongestSeconds), billions * repetitions, () =>
            {
                for (int i = 0; i < repetitions; i++)
                {
                    if (packed is null)
                        Gemm.Multiply(backend, a.Span, b.Span, c.Span, rows, depth, columns);
                    else
                        Gemm.Multiply(backend, a.Span, packed, c.Span, rows);
                }
            });
            yield return BenchmarkResult.From(options, "GFLOP/s", rates) with { Shape = [rows, depth, columns] };
        }
    }
}
