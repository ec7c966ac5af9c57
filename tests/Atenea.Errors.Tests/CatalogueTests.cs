using System.Text.RegularExpressions;

namespace Atenea.Errors.Tests;

public class CatalogueTests
{
    [Fact]
    public void Every_code_is_well_formed_and_unique()
    {
        Assert.NotEmpty(Catalogue.All);
        Assert.All(Catalogue.All, c => Assert.Matches(new Regex("^ATN0[1-8][0-9]{2}$"), c.Id));
        Assert.Equal(Catalogue.All.Count, Catalogue.All.Select(c => c.Id).Distinct().Count());
        Assert.All(Catalogue.All, c => Assert.Contains(c.ExitCode, new[] { 2, 3 }));
        Assert.All(Catalogue.All, c => Assert.False(string.IsNullOrWhiteSpace(c.Remedy)));
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
}
