using System.CommandLine;

namespace Atenea.Cli;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">The command's name.</param>
/// <param name="description">What it does, in one sentence.</param>
/// <param name="examples">Complete command lines that show its use.</param>
internal sealed class AteneaCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Complete command lines that show its use.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Adds options in the order of the help.</summary>
    public void AddOptions(params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options) Options.Add(option);
    }

    /// <summary>More for the end of the help, or null.</summary>
    public string? Notes { get; init; }

    /// <summary>Whether options that the command does not list are settings of the config, as <c>train</c> has them.</summary>
    public bool TakesSettings { get; init; }
}
