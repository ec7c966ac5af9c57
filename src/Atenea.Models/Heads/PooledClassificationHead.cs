using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>The head of BERT's and ALBERT's sequence classifiers: pooler, dropout, one linear layer with an output per label.</summary>
public sealed class PooledClassificationHead : SequenceHead
{
    private readonly Pooler _pooler;
    private readonly LinearLayer _classifier;
    private readonly float _dropout;

    /// <summary>Builds the head.</summary>
    /// <param name="pooler">The encoder's pooler.</param>
    /// <param name="scope">Where the linear layer's parameters are registered.</param>
    /// <param name="config">Gives the number of labels and the dropout: <c>classifier_dropout</c>, else <c>hidden_dropout_prob</c>.</param>
    public PooledClassificationHead(Pooler pooler, ParameterScope scope, ModelConfig config)
    {
        _pooler = pooler;
        _classifier = new LinearLayer(scope.Head, config.Size("hidden_size", 768), config.NumLabels);
        _dropout = config.Has("classifier_dropout")
            ? BertSettings.Dropout(config, "classifier_dropout", 0)
            : BertSettings.Dropout(config, "hidden_dropout_prob", 0.1);
    }

    /// <inheritdoc/>
    public override Pooler Pooler => _pooler;

    /// <summary>First tokens' vectors [sequences, hidden] -> logits [sequences, labels].</summary>
    public override Tensor Forward(Tape tape, Tensor states, InputBatch batch) =>
        _classifier.Forward(tape, tape.Dropout(_pooler.Forward(tape, states), _dropout));
}
