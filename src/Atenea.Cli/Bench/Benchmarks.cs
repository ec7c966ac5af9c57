using Atenea.Errors;

namespace Atenea.Cli;

/// <summary>The benchmark cases by name.</summary>
internal static class Benchmarks
{
    /// <summary>What can be asked for, for help and error messages.</summary>
    public static readonly IReadOnlyList<string> Known = [GemmBenchmark.Name, TokenizerBenchmark.Name, ModelCase.Form];

    private static readonly string[] KnownTypes = ["fp32"];

    /// <summary>Checks a case at once and runs it when its results are asked for, one after another.</summary>
    /// <exception cref="AteneaException">ATN0801 unknown case, ATN0802 unknown data type.</exception>
    public static IEnumerable<BenchmarkResult> Run(BenchmarkOptions options)
    {
        RequireKnownType(options);
        if (options.Case == GemmBenchmark.Name) return GemmBenchmark.Run(options);
        if (options.Case == TokenizerBenchmark.Name) return TokenizerBenchmark.Run(options);
        if (ModelCase.Parse(options.Case) is { } model) return ModelBenchmark.Run(options, model, model.Lengths(options.LengthsFile));
        throw new AteneaException(Catalogue.BenchmarkUnknown, $"'{options.Case}'", "bench", $"known are {string.Join(", ", Known)}");
    }

    private static void RequireKnownType(BenchmarkOptions options)
    {
        if (!KnownTypes.Contains(options.DataType, StringComparer.Ordinal))
        {
            throw new AteneaException(Catalogue.BenchmarkTypeUnknown, $"'{options.DataType}'", options.Case,
                $"use {string.Join(" or ", KnownTypes.Select(k => $"--dtype {k}"))}");
        }
    }
}
