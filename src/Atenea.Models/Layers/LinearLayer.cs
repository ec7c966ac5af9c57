using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>How a linear layer's weight lies in the checkpoint.</summary>
public enum WeightLayout
{
    /// <summary>[outputs, inputs], as <c>nn.Linear</c> has it.</summary>
    OutputsInputs,

    /// <summary>[inputs, outputs], as the <c>Conv1D</c> of GPT-2 has it.</summary>
    InputsOutputs,
}

/// <summary>y = x W^T + b, as <c>nn.Linear</c>: bias [outputs], weight [outputs, inputs] or the other way round.</summary>
public sealed class LinearLayer
{
    private readonly LinearAdapter? _adapter;
    private readonly WeightLayout _layout;

    /// <summary>Builds the layer at <paramref name="scope"/>.</summary>
    /// <param name="scope">Where <c>weight</c> and <c>bias</c> are registered.</param>
    /// <param name="inputs">Features in.</param>
    /// <param name="outputs">Features out.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="deviation">Standard deviation of new weights where it is not the configuration's; else null.</param>
    /// <param name="layout">How the weight lies in the checkpoint.</param>
    public LinearLayer(
        ParameterScope scope, int inputs, int outputs, bool bias = true, double? deviation = null, WeightLayout layout = default)
    {
        (int rows, int columns) = layout == WeightLayout.OutputsInputs ? (outputs, inputs) : (inputs, outputs);
        Weight = scope.Add("weight", Initialization.Normal with { Deviation = deviation }, rows, columns);
        Bias = bias ? scope.Add("bias", Initialization.Zeros, outputs) : null;
        _layout = layout;
        _adapter = scope.LinearAdapter(Weight, inputs, outputs);
    }

    /// <summary>Builds a layer of parameters that are there already: a decoder that is tied to the word table.</summary>
    /// <param name="scope">The layer's own place, for adapters.</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or null.</param>
    public LinearLayer(ParameterScope scope, Parameter weight, Parameter? bias)
    {
        Weight = weight;
        Bias = bias;
        _adapter = scope.LinearAdapter(weight, weight.Columns, weight.Rows);
    }

    /// <summary>[outputs, inputs], or [inputs, outputs].</summary>
    public Parameter Weight { get; }

    /// <summary>[outputs], or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>Whether an adapter changes what the layer computes.</summary>
    internal bool IsAdapted => _adapter is not null;

    /// <summary>Whether the weight is [outputs, inputs].</summary>
    internal bool HasUsualLayout => _layout == WeightLayout.OutputsInputs;

    /// <summary>x [rows, inputs] -> [rows, outputs], through <paramref name="activation"/>.</summary>
    public Tensor Forward(ForwardPass pass, Tensor x, Activation activation = Activation.None)
    {
        if (_adapter is null || pass.LeavesAdaptersOut) return Product(pass.Tape, x, activation);
        Tensor adapted = _adapter(pass, x, Product(pass.Tape, x, Activation.None));
        if (activation == Activation.None) return adapted;
        Tensor activated = pass.Tape.Activate(adapted, activation);
        pass.Tape.Release(adapted);
        return activated;
    }

    /// <summary>x [rows, inputs] -> [rows, outputs] with a bias that was computed, [1, outputs], in place of the layer's own.</summary>
    internal Tensor Forward(ForwardPass pass, Tensor x, Tensor bias)
    {
        Tensor y = pass.Tape.Linear(x, Weight, bias);
        return _adapter is null || pass.LeavesAdaptersOut ? y : _adapter(pass, x, y);
    }

    private Tensor Product(Tape tape, Tensor x, Activation activation) => HasUsualLayout
        ? tape.Linear(x, Weight, Bias, activation)
        : tape.TransposedLinear(x, Weight, Bias, activation);
}
