using System.CommandLine;
using System.Text.RegularExpressions;
using Atenea.Training;

namespace Atenea.Cli.Tests;

public partial class DocumentationTests
{
    public static TheoryData<string> Files =>
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(Atenea.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Atenea.Root, f)),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_link_to_a_file_leads_somewhere(string file)
    {
        string path = Path.Combine(Atenea.Root, file);
        foreach (Match link in Link().Matches(File.ReadAllText(path)))
        {
            string target = link.Groups["target"].Value.Split('#')[0];
            if (target.Length == 0 || target.Contains("://", StringComparison.Ordinal)) continue;
            string full = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, target));
            Assert.True(File.Exists(full) || Directory.Exists(full), $"{file}: {target}");
        }
    }

    [Fact]
    public void Every_English_page_has_a_Spanish_one()
    {
        string docs = Path.Combine(Atenea.Root, "docs");
        foreach (string page in Directory.EnumerateFiles(docs, "*.md"))
            Assert.True(File.Exists(Path.Combine(docs, "es", Path.GetFileName(page))), page);
    }

    [Theory]
    [InlineData("docs/configuration.md")]
    [InlineData("docs/es/configuration.md")]
    public void Every_key_of_a_config_is_documented_and_no_other(string file)
    {
        string[] documented = [.. Key().Matches(File.ReadAllText(Path.Combine(Atenea.Root, file))).Select(m => m.Groups["key"].Value)];
        Assert.Equal(ConfigSchema.Keys.Select(k => k.Path), documented);
    }

    [Theory]
    [InlineData("docs/command-line.md")]
    [InlineData("docs/es/command-line.md")]
    public void Every_command_and_option_is_documented(string file)
    {
        string[] sections = File.ReadAllText(Path.Combine(Atenea.Root, file)).Split("\n## ");
        foreach (Command command in Application.CreateRoot(new Terminal(), []).Subcommands)
        {
            string section = Assert.Single(sections, s => s.StartsWith(command.Name + "\n", StringComparison.Ordinal));
            foreach (Option option in command.Options.Concat(command.Subcommands.SelectMany(c => c.Options)))
                Assert.Matches($"\\| `{option.Name}[ `]", section);
            Assert.Contains($"./atenea {command.Name}", section, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\| `(?<key>[a-z_.0-9]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Key();
}
