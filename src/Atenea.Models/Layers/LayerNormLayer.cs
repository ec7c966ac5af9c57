using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>Layer normalisation over the features of a row (Ba, Kiros and Hinton 2016), as <c>nn.LayerNorm</c>.</summary>
public sealed class LayerNormLayer
{
    private readonly float _epsilon;

    /// <summary>Builds the layer at <paramref name="scope"/>.</summary>
    /// <param name="scope">Where <c>weight</c> and <c>bias</c> are registered.</param>
    /// <param name="features">Length of a row.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="bias">Whether there is a bias.</param>
    public LayerNormLayer(ParameterScope scope, int features, double epsilon, bool bias = true)
    {
        Weight = scope.Add("weight", Initialization.Ones, features);
        Bias = bias ? scope.Add("bias", Initialization.Zeros, features) : null;
        _epsilon = (float)epsilon;
    }

    /// <summary>[features].</summary>
    public Parameter Weight { get; }

    /// <summary>[features], or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>x [rows, features] -> the same shape.</summary>
    public Tensor Forward(ForwardPass pass, Tensor x) => pass.Tape.LayerNorm(x, Weight, Bias, _epsilon);

    /// <summary>Norm of dropout(x) + residual, both [rows, features]: the end of a post-norm block.</summary>
    public Tensor Forward(ForwardPass pass, Tensor x, Tensor residual, float dropout) =>
        pass.Tape.ResidualLayerNorm(x, residual, Weight, Bias, _epsilon, dropout);
}
