using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>The head over BERT's and ALBERT's pooler: pooler, dropout, one linear layer.</summary>
public sealed class PooledClassificationHead : SequenceHead
{
    private readonly LinearLayer _classifier;
    private readonly float _dropout;

    /// <summary>Builds the head of a sequence classifier, with an output per label.</summary>
    /// <param name="pooler">The encoder's pooler.</param>
    /// <param name="scope">Where the linear layer's parameters are registered.</param>
    /// <param name="config">Gives the number of labels and the dropout (<see cref="EncoderSettings.ClassifierDropout"/>).</param>
    public PooledClassificationHead(Pooler pooler, ParameterScope scope, ModelConfig config)
        : this(pooler, scope, config.NumLabels, EncoderSettings.ClassifierDropout(config))
    {
    }

    /// <summary>Builds a head.</summary>
    /// <param name="pooler">The encoder's pooler.</param>
    /// <param name="scope">Where the linear layer's parameters are registered.</param>
    /// <param name="outputs">Outputs per sequence.</param>
    /// <param name="dropout">Dropout before the linear layer.</param>
    public PooledClassificationHead(Pooler pooler, ParameterScope scope, int outputs, float dropout)
    {
        Pooler = pooler;
        _classifier = new LinearLayer(scope.Head, pooler.HiddenSize, outputs);
        _dropout = dropout;
    }

    /// <inheritdoc/>
    public override Pooler Pooler { get; }

    /// <summary>First tokens' vectors [sequences, hidden] -> [sequences, outputs].</summary>
    public override Tensor Forward(ForwardPass pass, Tensor states) =>
        _classifier.Forward(pass, pass.Tape.Dropout(Pooler.Forward(pass, states), _dropout));
}
