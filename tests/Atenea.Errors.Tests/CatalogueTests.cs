using System.Text.RegularExpressions;

namespace Atenea.Errors.Tests;

public partial class CatalogueTests
{
    [Fact]
    public void Every_code_is_well_formed_and_unique()
    {
        ErrorCode[] codes = [.. CatalogueEntries.All.Select(entry => entry.Code)];
        Assert.NotEmpty(codes);
        Assert.All(codes, c => Assert.Matches("^ATN0[1-8][0-9]{2}$", c.Id));
        Assert.Equal(codes.Length, codes.Select(c => c.Id).Distinct().Count());
        Assert.All(codes, c => Assert.Contains(c.ExitCode, new[] { ErrorCode.BadInput, ErrorCode.RunFailed }));
        Assert.All(codes, c => Assert.False(string.IsNullOrWhiteSpace(c.Remedy)));
    }

    [Fact]
    public void Every_code_is_used_somewhere()
    {
        HashSet<string> used = [];
        foreach (string file in Directory.EnumerateFiles(Repository.File("src"), "*.cs", SearchOption.AllDirectories))
        {
            IEnumerable<string> code = File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal));
            foreach (Match entry in code.SelectMany(line => Entry().Matches(line))) used.Add(entry.Groups[1].Value);
        }

        Assert.Empty(CatalogueEntries.All.Select(entry => entry.Name).Except(used));
    }

    [Fact]
    public void A_message_names_code_value_place_and_remedy()
    {
        var error = new AteneaException(Catalogue.ShapeMismatch, "4 columns, expected 3", "model.safetensors: a.weight");
        Assert.Contains("ATN0602", error.Message, StringComparison.Ordinal);
        Assert.Contains("4 columns", error.Message, StringComparison.Ordinal);
        Assert.Contains("a.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains(Catalogue.ShapeMismatch.Remedy, error.Message, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\bCatalogue\.([A-Za-z0-9]+)")]
    private static partial Regex Entry();
}
