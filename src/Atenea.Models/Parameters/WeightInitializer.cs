using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>Draws the weights of a model that no checkpoint gives.</summary>
internal static class WeightInitializer
{
    private const double DefaultDeviation = 0.02;

    /// <summary>Every parameter of a model.</summary>
    public static void DrawAll(Model model, ulong seed)
    {
        foreach (Parameter parameter in model.Parameters) Draw(model, parameter, seed);
    }

    /// <summary>One parameter of a model.</summary>
    /// <exception cref="Errors.AteneaException">The configuration's <c>initializer_range</c> is negative (ATN0410).</exception>
    public static void Draw(Model model, Parameter parameter, ulong seed) =>
        model.Parameters.InitializationOf(parameter).Fill(parameter, Deviation(model.Config), seed);

    private static double Deviation(ModelConfig config)
    {
        const string Key = "initializer_range";
        double range = config.Number(Key, DefaultDeviation);
        if (range < 0) throw config.Invalid(Key, $"{range}, expected a standard deviation");
        return range == 0 ? DefaultDeviation : range; // transformers takes 0 for "not said", too.
    }
}
