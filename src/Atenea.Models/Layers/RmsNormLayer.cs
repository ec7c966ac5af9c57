using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>RMS normalisation over the features of a row (Zhang and Sennrich 2019).</summary>
public sealed class RmsNormLayer
{
    private readonly Parameter _weight;
    private readonly float _epsilon;

    /// <summary>Builds the layer at <paramref name="scope"/>.</summary>
    /// <param name="scope">Where <c>weight</c> is registered.</param>
    /// <param name="features">Length of a row.</param>
    /// <param name="epsilon">Added to the mean of squares.</param>
    public RmsNormLayer(ParameterScope scope, int features, double epsilon)
    {
        _weight = scope.Add("weight", Initialization.Ones, features);
        _epsilon = (float)epsilon;
    }

    /// <summary>x [rows, features] -> the same shape.</summary>
    public Tensor Forward(ForwardPass pass, Tensor x) => pass.Tape.RmsNorm(x, _weight, _epsilon);
}
