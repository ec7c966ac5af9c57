using System.Text.Json;
using Atenea.Tensors;

namespace Atenea.Models.Tests;

public sealed class ParameterSetTests
{
    [Theory]
    [InlineData("bert-base-gelu")]
    [InlineData("bert-seq-cls")]
    public void Names_and_order_are_those_of_named_parameters(string name)
    {
        string folder = Golden.File("cases", name);
        using JsonDocument facts = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "case.json")));
        using Model model = name.Contains("base", StringComparison.Ordinal)
            ? ModelLoader.Load<BaseModel>(folder)
            : ModelLoader.Load<SequenceClassifier>(folder);
        IEnumerable<string?> expected = facts.RootElement.GetProperty("parameters").EnumerateArray().Select(entry => entry.GetString());
        Assert.Equal(expected, model.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(facts.RootElement.GetProperty("model_class").GetString(), model.ClassName);
        Assert.True(model.LoadReport!.IsExact);
    }

    [Fact]
    public void A_scope_joins_names_with_dots_and_knows_its_part()
    {
        using var set = new ParameterSet();
        ParameterScope scope = set.Root / "bert" / "";
        Parameter weight = (scope / "encoder.layer" / 3).Add("weight", Initialization.Normal, 2, 5);
        Parameter bias = (scope / "pooler").Head.Add("bias", Initialization.Zeros, 5);
        Assert.Equal(["bert.encoder.layer.3.weight", "bert.pooler.bias"], set.Select(parameter => parameter.Name));
        Assert.Equal((ParameterPart.Encoder, ParameterPart.Head), (set.PartOf(weight), set.PartOf(bias)));
        Assert.Equal(15, set.Elements);
        weight.RequiresGradient = false;
        Assert.Equal(5, set.TrainableElements);
        Assert.Same(weight, set["bert.encoder.layer.3.weight"]);
        Assert.False(set.TryGet("bert", out _));
        Assert.Throws<ArgumentException>(() => (scope / "pooler").Add("bias", Initialization.Zeros, 5));
    }
}
