using System.Text.Json.Serialization;

namespace Atenea.Cli;

/// <summary>One line of the benchmark's output, with the keys of the peer kit.</summary>
/// <param name="Case">Name of the case.</param>
/// <param name="DataType">Data type of the arithmetic.</param>
/// <param name="Threads">Threads computed on.</param>
/// <param name="Unit">Unit of the rates.</param>
/// <param name="Median">Median rate of the measured steps.</param>
/// <param name="Min">Lowest rate.</param>
/// <param name="Max">Highest rate.</param>
/// <param name="Runs">Number of measured steps.</param>
internal sealed record BenchmarkResult(
    string Case,
    [property: JsonPropertyName("dtype")] string DataType,
    int Threads,
    string Unit,
    double Median,
    double Min,
    double Max,
    int Runs)
{
    /// <summary>Sizes [rows, inner, columns] of a matrix product.</summary>
    public IReadOnlyList<int>? Shape { get; init; }

    /// <summary>Tokens of all steps, without padding.</summary>
    public long? RealTokens { get; init; }

    /// <summary>Parameters of the model.</summary>
    [JsonPropertyName("params")]
    public long? ParameterCount { get; init; }

    /// <summary>Sums the measured rates up.</summary>
    /// <param name="options">What was run.</param>
    /// <param name="unit">Unit of the rates.</param>
    /// <param name="rates">One rate per measured step.</param>
    public static BenchmarkResult From(BenchmarkOptions options, string unit, IReadOnlyList<double> rates)
    {
        double[] sorted = [.. rates.Order()];
        double median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return new BenchmarkResult(options.Case, options.DataType, options.Threads, unit,
            Math.Round(median, 3), Math.Round(sorted[0], 3), Math.Round(sorted[^1], 3), sorted.Length);
    }
}
