using System.CommandLine;

namespace Atenea.Cli;

/// <summary>Options that every command has.</summary>
internal static class CommonOptions
{
    private const int MostThreads = 1024;
    private const int LongestText = 1 << 20;

    /// <summary>Results as JSON.</summary>
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print the result as JSON, for programs",
        Recursive = true,
    };

    /// <summary>Worker threads; null when not given, which means one per processor. Results do not depend on it.</summary>
    public static Option<int?> Threads { get; } = CreateThreads();

    /// <summary>The worker threads that were asked for; 0 for one per processor.</summary>
    public static int ThreadsOf(ParseResult parse) => parse.GetValue(Threads) ?? 0;

    /// <summary>Longest sequence in tokens; null when not given.</summary>
    /// <param name="ifLeftOut">What it is then.</param>
    public static Option<int?> MaxLength(string ifLeftOut = "as the model was trained, or as it allows") => OptionOf.Number(
        "--max-length",
        $"Longest text in tokens, special ones included; longer ones are cut. If left out, {ifLeftOut}",
        least: 1,
        LongestText);

    private static Option<int?> CreateThreads()
    {
        const string Description = "Threads to compute on; as many as processors if left out. Results do not depend on it";
        Option<int?> option = OptionOf.Number("--threads", Description, least: 1, MostThreads);
        option.Recursive = true;
        return option;
    }
}
