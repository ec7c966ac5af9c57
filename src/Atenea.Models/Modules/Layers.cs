using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>y = x W^T + b, as <c>nn.Linear</c>: weight [outputs, inputs], bias [outputs].</summary>
public sealed class LinearLayer
{
    /// <summary>Builds the layer at <paramref name="scope"/>.</summary>
    /// <param name="scope">Where <c>weight</c> and <c>bias</c> are registered.</param>
    /// <param name="inputs">Features in.</param>
    /// <param name="outputs">Features out.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="deviation">Standard deviation of new weights where it is not the configuration's; else null.</param>
    public LinearLayer(ParameterScope scope, int inputs, int outputs, bool bias = true, double? deviation = null)
    {
        Weight = scope.Add("weight", Initialization.Normal with { Deviation = deviation }, outputs, inputs);
        Bias = bias ? scope.Add("bias", Initialization.Zeros, outputs) : null;
    }

    /// <summary>[outputs, inputs].</summary>
    public Parameter Weight { get; }

    /// <summary>[outputs], or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>x [rows, inputs] -> [rows, outputs], through <paramref name="activation"/>.</summary>
    public Tensor Forward(Tape tape, Tensor x, Activation activation = Activation.None) => tape.Linear(x, Weight, Bias, activation);
}

/// <summary>y = x W + b with the weight stored [inputs, outputs]: the <c>Conv1D</c> of GPT-2.</summary>
public sealed class TransposedLinearLayer
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;

    /// <summary>Builds the layer at <paramref name="scope"/>.</summary>
    /// <param name="scope">Where <c>weight</c> and <c>bias</c> are registered.</param>
    /// <param name="inputs">Features in.</param>
    /// <param name="outputs">Features out.</param>
    /// <param name="deviation">Standard deviation of new weights where it is not the configuration's; else null.</param>
    public TransposedLinearLayer(ParameterScope scope, int inputs, int outputs, double? deviation = null)
    {
        _weight = scope.Add("weight", Initialization.Normal with { Deviation = deviation }, inputs, outputs);
        _bias = scope.Add("bias", Initialization.Zeros, outputs);
    }

    /// <summary>x [rows, inputs] -> [rows, outputs], through <paramref name="activation"/>.</summary>
    public Tensor Forward(Tape tape, Tensor x, Activation activation = Activation.None) => tape.TransposedLinear(x, _weight, _bias, activation);
}

/// <summary>Several linear layers over the same input, run as one product: their outputs lie side by side.</summary>
public sealed class LinearGroup
{
    private readonly Parameter[] _weights;
    private readonly Parameter?[] _biases;

    /// <summary>Groups layers that were built at their own places.</summary>
    public LinearGroup(params ReadOnlySpan<LinearLayer> layers)
    {
        _weights = new Parameter[layers.Length];
        _biases = new Parameter?[layers.Length];
        for (int i = 0; i < layers.Length; i++)
        {
            _weights[i] = layers[i].Weight;
            _biases[i] = layers[i].Bias;
        }
    }

    /// <summary>x [rows, inputs] -> [rows, sum of outputs].</summary>
    public Tensor Forward(Tape tape, Tensor x) => tape.Linear(x, _weights, _biases);
}

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
    public Tensor Forward(Tape tape, Tensor x) => tape.LayerNorm(x, Weight, Bias, _epsilon);

    /// <summary>Norm of dropout(x) + residual, both [rows, features]: the end of a post-norm block.</summary>
    public Tensor Forward(Tape tape, Tensor x, Tensor residual, float dropout) =>
        tape.ResidualLayerNorm(x, residual, Weight, Bias, _epsilon, dropout);
}

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
    public Tensor Forward(Tape tape, Tensor x) => tape.RmsNorm(x, _weight, _epsilon);
}

/// <summary>A table of vectors looked up by id, as <c>nn.Embedding</c>: weight [entries, features].</summary>
public sealed class EmbeddingTable
{
    /// <summary>Builds the table at <paramref name="scope"/>.</summary>
    /// <param name="scope">Where <c>weight</c> is registered.</param>
    /// <param name="entries">Rows.</param>
    /// <param name="features">Length of a row.</param>
    /// <param name="paddingId">The row that gets no gradient and starts as zeros; null for none.</param>
    public EmbeddingTable(ParameterScope scope, int entries, int features, int? paddingId = null)
    {
        PaddingId = paddingId ?? -1;
        Weight = scope.Add("weight", new Initialization(InitializationKind.Normal, PaddingId), entries, features);
    }

    /// <summary>[entries, features].</summary>
    public Parameter Weight { get; }

    /// <summary>The row without gradient, or -1.</summary>
    public int PaddingId { get; }
}
