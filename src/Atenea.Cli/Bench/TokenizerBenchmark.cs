using Atenea.Errors;
using Atenea.Tokenizers;

namespace Atenea.Cli;

/// <summary>Text to ids, one document a line, as the peer kit's case of this name measures it.</summary>
internal static class TokenizerBenchmark
{
    /// <summary>The case's name.</summary>
    public const string Name = "tok";

    /// <summary>Checks the files at once and measures when asked.</summary>
    /// <exception cref="AteneaException">ATN0103 a file is not named; ATN03xx the tokenizer cannot be read.</exception>
    public static IEnumerable<BenchmarkResult> Run(BenchmarkOptions options)
    {
        string text = options.TextFile ?? throw Missing("a text", "--text");
        string file = options.TokenizerFile ?? throw Missing("a tokenizer", "--tokenizer");
        Tokenizer tokenizer = Directory.Exists(file) ? Tokenizer.FromDirectory(file) : Tokenizer.FromFile(file);
        string content = File.Exists(text) ? File.ReadAllText(text) : throw new AteneaException(Catalogue.FileMissing, $"'{text}'");
        return Measure(options, new TokenizerThroughput(tokenizer, content, options.Threads));
    }

    private static AteneaException Missing(string what, string option) =>
        new(Catalogue.ArgumentWrong, $"tok needs {what}", "atenea bench", $"give {option} FILE");

    private static IEnumerable<BenchmarkResult> Measure(BenchmarkOptions options, TokenizerThroughput work)
    {
        long expected = work.Encode();
        IReadOnlyList<double> rates = Timing.Measure(options.Seconds, work.Megabytes, () =>
        {
            long count = work.Encode();
            if (count != expected) throw new AteneaException(Catalogue.Internal, $"{count} ids where the first pass gave {expected}");
        });
        yield return BenchmarkResult.From(options, "MB/s", rates);
    }
}
