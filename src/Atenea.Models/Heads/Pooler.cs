using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// BERT's pooler: the first token's vector through a linear layer and tanh, as trained by next sentence prediction. Its weights count as
/// a head's: checkpoints of masked language models lack them.
/// </summary>
public sealed class Pooler
{
    private readonly LinearLayer _dense;

    /// <summary>Builds the layer at <paramref name="scope"/>.</summary>
    public Pooler(ParameterScope scope, int hiddenSize)
    {
        HiddenSize = hiddenSize;
        _dense = new LinearLayer(scope.Head, hiddenSize, hiddenSize);
    }

    /// <summary>Length of the vectors that it takes and gives.</summary>
    public int HiddenSize { get; }

    /// <summary>An encoder's output for a batch -> [sequences, hidden] in (-1, 1).</summary>
    public Tensor Forward(Tape tape, EncoderOutput output, InputBatch batch) =>
        Forward(tape, tape.SelectRows(output.LastHiddenState, batch.FirstTokens));

    /// <summary>First tokens' vectors [sequences, hidden] -> [sequences, hidden] in (-1, 1).</summary>
    public Tensor Forward(Tape tape, Tensor firstTokens) => _dense.Forward(tape, firstTokens, Activation.Tanh);
}
