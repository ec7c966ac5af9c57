using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>The names that config.json uses for activation functions.</summary>
public static class Activations
{
    private static readonly Dictionary<string, Activation> ByName = new(StringComparer.Ordinal)
    {
        ["gelu"] = Activation.Gelu,
        ["gelu_python"] = Activation.Gelu,
        ["gelu_new"] = Activation.GeluTanh,
        ["gelu_pytorch_tanh"] = Activation.GeluTanh,
        ["gelu_fast"] = Activation.GeluTanh,
        ["relu"] = Activation.Relu,
        ["silu"] = Activation.Silu,
        ["swish"] = Activation.Silu,
        ["tanh"] = Activation.Tanh,
        ["linear"] = Activation.None,
    };

    /// <summary>The function that a key of a configuration names.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="key">For example <c>hidden_act</c>.</param>
    /// <param name="absent">The name that stands when the key is absent.</param>
    /// <exception cref="AteneaException">The name is unknown (ATN0502).</exception>
    public static Activation Read(ModelConfig config, string key, string absent)
    {
        string name = config.Text(key, absent);
        if (ByName.TryGetValue(name, out Activation activation)) return activation;
        throw new AteneaException(Catalogue.UnknownActivation, $"'{name}' is not one of {string.Join(", ", ByName.Keys)}",
            $"{config.Source}: {key}", Suggestion.DidYouMean(name, ByName.Keys));
    }
}
