using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models.Tests;

public sealed class ActivationsTests
{
    [Theory]
    [InlineData("gelu", Activation.Gelu)]
    [InlineData("gelu_new", Activation.GeluTanh)]
    [InlineData("gelu_pytorch_tanh", Activation.GeluTanh)]
    [InlineData("relu", Activation.Relu)]
    [InlineData("silu", Activation.Silu)]
    [InlineData("swish", Activation.Silu)]
    [InlineData("tanh", Activation.Tanh)]
    public void Names_of_transformers_are_known(string name, Activation expected) =>
        Assert.Equal(expected, Activations.Read(Config(name), "hidden_act", "relu"));

    [Fact]
    public void An_absent_key_means_the_default() =>
        Assert.Equal(Activation.Relu, Activations.Read(ModelConfig.Parse("{}", "config.json"), "hidden_act", "relu"));

    [Fact]
    public void An_unknown_name_is_refused_with_the_nearest_one()
    {
        AteneaException error = Assert.Throws<AteneaException>(() => Activations.Read(Config("rellu"), "hidden_act", "gelu"));
        Assert.Equal(Catalogue.UnknownActivation, error.Code);
        Assert.Contains("'rellu'", error.Message, StringComparison.Ordinal);
        Assert.Contains("config.json: hidden_act", error.Message, StringComparison.Ordinal);
        Assert.Contains("relu", error.Remedy, StringComparison.Ordinal);
    }

    private static ModelConfig Config(string name) => ModelConfig.Parse($$"""{"hidden_act": "{{name}}"}""", "config.json");
}
