using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>Draws the weights of a model that no checkpoint gives.</summary>
internal static class WeightInitializer
{
    /// <summary>Every parameter of a model.</summary>
    public static void DrawAll(Model model, ulong seed)
    {
        foreach (Parameter parameter in model.Parameters) Draw(model, parameter, seed);
    }

    /// <summary>One parameter of a model.</summary>
    public static void Draw(Model model, Parameter parameter, ulong seed) =>
        model.Parameters.InitializationOf(parameter).Fill(parameter, model.Config.Number("initializer_range", 0.02), seed);
}
