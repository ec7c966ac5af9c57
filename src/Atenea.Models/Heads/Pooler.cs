using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// BERT's pooler: the first token's vector through a linear layer and tanh, as trained by next sentence prediction. Its weights count as
/// a head's: checkpoints of masked language models lack them. DeBERTa's has dropout before the layer, and its configuration names the
/// activation.
/// </summary>
public sealed class Pooler
{
    private readonly LinearLayer _dense;
    private readonly Activation _activation;
    private readonly float _inputDropout;

    /// <summary>Builds the layer at <paramref name="scope"/>.</summary>
    public Pooler(ParameterScope scope, int hiddenSize, Activation activation = Activation.Tanh, float inputDropout = 0)
    {
        _activation = activation;
        _inputDropout = inputDropout;
        HiddenSize = hiddenSize;
        _dense = new LinearLayer(scope.Head, hiddenSize, hiddenSize);
    }

    /// <summary>Length of the vectors that it takes and gives.</summary>
    public int HiddenSize { get; }

    /// <summary>First tokens' vectors [sequences, hidden] -> [sequences, hidden].</summary>
    public Tensor Forward(ForwardPass pass, Tensor firstTokens) =>
        _dense.Forward(pass, pass.Tape.Dropout(firstTokens, _inputDropout), _activation);
}
