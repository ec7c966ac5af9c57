namespace Atenea.Cli;

/// <summary>How a benchmark case is run.</summary>
/// <param name="Case">Its name, that of the peer kit.</param>
/// <param name="Threads">Threads to compute on.</param>
/// <param name="Seconds">Time to measure for, after two steps that do not count; at least five steps are measured.</param>
/// <param name="DataType">Data type of the arithmetic: <c>fp32</c>.</param>
/// <param name="LengthsFile">For a length <c>var</c>: a file with one token count a line.</param>
/// <param name="Packed">For <c>gemm</c>: the right-hand matrix is packed before, as the weights of a model are.</param>
internal sealed record BenchmarkOptions(string Case, int Threads, double Seconds, string DataType, string? LengthsFile, bool Packed)
{
    /// <summary>For <c>tok</c>: the text, one document a line.</summary>
    public string? TextFile { get; init; }

    /// <summary>For <c>tok</c>: a tokenizer.json, or a tokenizer's folder.</summary>
    public string? TokenizerFile { get; init; }
}
