using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Models.Tests;

public sealed class ModelRegistryTests
{
    [Theory]
    [InlineData("brt")]
    [InlineData("t5")]
    public void An_unknown_family_is_refused_with_the_known_ones(string type)
    {
        ModelConfig config = ModelConfig.Parse($$"""{"model_type": "{{type}}"}""", "folder/config.json");
        AteneaException error = Assert.Throws<AteneaException>(() => ModelRegistry.FamilyOf(config));
        Assert.Equal(Catalogue.UnknownModelType, error.Code);
        Assert.Contains($"'{type}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("folder/config.json", error.Message, StringComparison.Ordinal);
        Assert.All(ModelRegistry.Families, family => Assert.Contains(family.ModelType, error.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_family_is_found_by_its_type() =>
        Assert.All(ModelRegistry.Families, family =>
            Assert.Same(family, ModelRegistry.FamilyOf(ModelConfig.Parse($$"""{"model_type": "{{family.ModelType}}"}""", "config.json"))));
}
