using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>Dropout and one linear layer over each row: the token classifiers and question answering heads of most families.</summary>
public sealed class LinearRowHead
{
    private readonly LinearLayer _layer;
    private readonly float _dropout;

    /// <summary>Builds the layer at <paramref name="scope"/>.</summary>
    /// <param name="scope">For example <c>classifier</c> or <c>qa_outputs</c>.</param>
    /// <param name="inputs">Features in.</param>
    /// <param name="outputs">Outputs per row.</param>
    /// <param name="dropout">Dropout before the layer.</param>
    public LinearRowHead(ParameterScope scope, int inputs, int outputs, float dropout = 0)
    {
        _layer = new LinearLayer(scope.Head, inputs, outputs);
        _dropout = dropout;
    }

    /// <summary>A <see cref="RowHead"/>: [rows, inputs] -> [rows, outputs].</summary>
    public Tensor Forward(Tape tape, Tensor states) => _layer.Forward(tape, tape.Dropout(states, _dropout));
}
