using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>Several linear layers over the same input, run as one product: their outputs lie side by side.</summary>
public sealed class LinearGroup
{
    private readonly LinearLayer[] _layers;
    private readonly Parameter[] _weights;
    private readonly Parameter?[] _biases;
    private readonly bool _adapted;

    /// <summary>Groups layers that were built at their own places.</summary>
    /// <exception cref="ArgumentException">The weight of one is not [outputs, inputs].</exception>
    public LinearGroup(params ReadOnlySpan<LinearLayer> layers)
    {
        _layers = layers.ToArray();
        if (!Array.TrueForAll(_layers, layer => layer.HasUsualLayout))
            throw new ArgumentException("layers of a group have weights [outputs, inputs]", nameof(layers));
        _weights = Array.ConvertAll(_layers, layer => layer.Weight);
        _biases = Array.ConvertAll(_layers, layer => layer.Bias);
        _adapted = Array.Exists(_layers, layer => layer.IsAdapted);
    }

    /// <summary>x [rows, inputs] -> [rows, sum of outputs].</summary>
    public Tensor Forward(ForwardPass pass, Tensor x)
    {
        if (!_adapted || pass.LeavesAdaptersOut) return pass.Tape.Linear(x, _weights, _biases);
        var parts = new Tensor[_layers.Length];
        for (int i = 0; i < parts.Length; i++) parts[i] = _layers[i].Forward(pass, x);
        Tensor joined = pass.Tape.Concatenate(parts);
        foreach (Tensor part in parts) pass.Tape.Release(part);
        return joined;
    }
}
