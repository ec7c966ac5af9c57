namespace Atenea.Tensors.Tests;

/// <summary>The activations in float64, straight from their definitions.</summary>
internal static class ExactActivation
{
    public static double Of(Activation activation, double x) => activation switch
    {
        Activation.None => x,
        Activation.Gelu => x * NormalDistribution.Cumulative(x),
        Activation.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        Activation.Relu => Math.Max(x, 0),
        Activation.Silu => x / (1 + Math.Exp(-x)),
        Activation.Tanh => Math.Tanh(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };
}
