using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Atenea.Cli;

/// <summary>
/// <c>atenea bench</c>: speed on the cases of the peer kit, one JSON line per result whether or not <c>--json</c> is given.
/// </summary>
internal static class BenchCommand
{
    private const double DefaultSeconds = 20;

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var cases = new Argument<string[]>("CASE") { Arity = ArgumentArity.OneOrMore, Description = "Cases to run, in this order" };
        var seconds = new Option<double>("--seconds")
        {
            Description = "Time to measure each result for",
            HelpName = "S",
            DefaultValueFactory = _ => DefaultSeconds,
            CustomParser = ParseSeconds,
        };
        var type = OptionOf.UsualText("--dtype", "fp32", "Data type of the arithmetic", usual: "fp32");
        var lengths = OptionOf.Text("--lengths", "FILE", "File with one token count a line, for cases with length var");
        var packed = OptionOf.Flag("--packed", "gemm: with the right-hand matrix packed before, as a model's weights are");
        var text = OptionOf.Text("--text", "FILE", "tok: the text, one document a line");
        var tokenizer = OptionOf.Text("--tokenizer", "FILE", "tok: a tokenizer.json, or a tokenizer's folder");
        var command = new AteneaCommand("bench", "Measure this machine's speed on the cases of the peer kit.",
            "atenea bench gemm --seconds 3",
            "atenea bench train-bert-base-16x128 --threads 2")
        {
            Notes = $"Cases: {string.Join(", ", Benchmarks.Known)}.",
        };
        command.Arguments.Add(cases);
        command.AddOptions(seconds, type, lengths, packed, text, tokenizer);
        command.SetAction(parse =>
        {
            int threads = parse.GetValue(CommonOptions.Threads) ?? Environment.ProcessorCount;
            IEnumerable<BenchmarkResult>[] all =
            [
                .. parse.GetRequiredValue(cases).Select(name => Benchmarks.Run(new BenchmarkOptions(
                    name, threads, parse.GetValue(seconds), parse.GetRequiredValue(type), parse.GetValue(lengths), parse.GetValue(packed))
                {
                    TextFile = parse.GetValue(text),
                    TokenizerFile = parse.GetValue(tokenizer),
                })),
            ];
            foreach (BenchmarkResult result in all.SelectMany(results => results))
                terminal.WriteJson(result, CliJson.Default.BenchmarkResult, line: true);
        });
        return command;
    }

    private static double ParseSeconds(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is >= 0 and <= 1e6)
            return value;
        result.AddError($"--seconds takes a number of seconds, found '{text}'");
        return 0;
    }
}
