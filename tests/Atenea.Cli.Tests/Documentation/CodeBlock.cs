using System.Text.RegularExpressions;

namespace Atenea.Cli.Tests;

/// <summary>A fenced block of a Markdown file, with the hidden comment before it that says how it is tested.</summary>
/// <param name="Language">What follows the fence: sh, csharp, json ...</param>
/// <param name="Code">The lines within.</param>
/// <param name="Directive">What follows <c>test:</c> in a comment just before the fence; null without one.</param>
internal sealed partial record CodeBlock(string Language, string Code, string? Directive)
{
    private const string Append = "append ";

    /// <summary>Arguments that are added to every command of the block, to make it shorter.</summary>
    public string AddedArguments => Directive?.StartsWith(Append, StringComparison.Ordinal) == true ? " " + Directive[Append.Length..] : "";

    /// <summary>Whether the block is left out, as its directive explains.</summary>
    public bool IsNotRun => Directive?.StartsWith("not run", StringComparison.Ordinal) == true;

    /// <summary>The commands of a shell block, each on one line.</summary>
    public IEnumerable<string> Commands =>
        Code.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line + AddedArguments);

    /// <summary>All blocks of a file.</summary>
    public static IReadOnlyList<CodeBlock> Read(string path)
    {
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        return [.. Pattern().Matches(text).Select(m => new CodeBlock(
            m.Groups["language"].Value,
            m.Groups["code"].Value,
            m.Groups["directive"] is { Success: true } d ? d.Value : null))];
    }

    [GeneratedRegex(@"(?:<!-- test: (?<directive>[^\n]*?) -->\n)?```(?<language>[a-z]+)\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Pattern();
}
