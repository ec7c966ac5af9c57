namespace Atenea.Tensors;

/// <summary>Element-wise functions, alone or fused behind a <c>Linear</c>.</summary>
public enum Activation
{
    /// <summary>x.</summary>
    None,

    /// <summary>Exact GELU, x * Phi(x), by erf (Hendrycks and Gimpel 2016). <c>gelu</c> in config.json.</summary>
    Gelu,

    /// <summary>The tanh form of GELU. <c>gelu_new</c>, <c>gelu_pytorch_tanh</c>.</summary>
    GeluTanh,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x * sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,
}
