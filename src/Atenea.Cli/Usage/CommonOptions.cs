using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

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

    /// <summary>Worker threads; 0 when not given, which means one per processor. Results do not depend on it.</summary>
    public static Option<int> Threads { get; } = CreateThreads();

    /// <summary>Longest sequence in tokens; 0 when not given.</summary>
    public static Option<int> MaxLength() => new("--max-length")
    {
        Description = "Longest text in tokens, special ones included; longer ones are cut. If left out, as the model was trained, or as it allows",
        HelpName = "N",
        CustomParser = result => Parse(result, 1, LongestText),
    };

    private static Option<int> CreateThreads()
    {
        var option = new Option<int>("--threads")
        {
            Description = "Threads to compute on; as many as processors if left out. Results do not depend on it",
            HelpName = "N",
            Recursive = true,
            CustomParser = result => Parse(result, 1, MostThreads),
        };
        return option;
    }

    /// <summary>Reads a whole number in a range; a wrong one is an error of the parse.</summary>
    /// <param name="result">The option's tokens.</param>
    /// <param name="least">Smallest allowed.</param>
    /// <param name="most">Largest allowed.</param>
    public static int Parse(ArgumentResult result, int least, int most)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most) return value;
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} takes a whole number from {least} to {most}, found '{text}'");
        return 0;
    }
}
