namespace Atenea.Tensors.Reference;

/// <summary>The activations in float64, straight from their definitions.</summary>
public static class ExactActivation
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

    /// <summary>The derivative.</summary>
    public static double Slope(Activation activation, double x)
    {
        switch (activation)
        {
            case Activation.None: return 1;
            case Activation.Gelu: return NormalDistribution.Cumulative(x) + (x * NormalDistribution.Density(x));
            case Activation.GeluTanh:
                double tanh = Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)));
                return (0.5 * (1 + tanh)) + (0.5 * x * (1 - (tanh * tanh)) * Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * x * x)));
            case Activation.Relu: return x > 0 ? 1 : 0;
            case Activation.Silu:
                double sigmoid = 1 / (1 + Math.Exp(-x));
                return sigmoid + (x * sigmoid * (1 - sigmoid));
            case Activation.Tanh: return 1 - (Math.Tanh(x) * Math.Tanh(x));
            default: throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }
}
