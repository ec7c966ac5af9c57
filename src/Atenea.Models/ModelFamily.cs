using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>A family's entry in the <see cref="ModelRegistry"/>: its names, and how its parts are built from a configuration.</summary>
/// <param name="ModelType"><c>model_type</c> of its config.json.</param>
/// <param name="Prefix">Where its encoder lives in the checkpoint of a model with a head, for example <c>bert</c>.</param>
/// <param name="ClassStem">What its class names in transformers begin with, for example <c>Bert</c>.</param>
public sealed record ModelFamily(string ModelType, string Prefix, string ClassStem)
{
    /// <summary>Builds the encoder at a scope.</summary>
    public required Func<ModelConfig, ParameterScope, Encoder> CreateEncoder { get; init; }

    /// <summary>Builds the pooler of the bare encoder at the encoder's scope, where the family has one.</summary>
    public required Func<ModelConfig, ParameterScope, Pooler>? CreatePooler { get; init; }

    /// <summary>Builds the head of a sequence classifier: given the configuration, the encoder's scope and the model's scope.</summary>
    public required Func<ModelConfig, ParameterScope, ParameterScope, SequenceHead> CreateSequenceHead { get; init; }
}

/// <summary>The head of a sequence classifier.</summary>
/// <param name="Forward">From the first tokens' vectors [sequences, hidden] to logits [sequences, labels].</param>
/// <param name="Pooler">The encoder's pooler if the head uses it, else null.</param>
public sealed record SequenceHead(Func<Tape, Tensor, Tensor> Forward, Pooler? Pooler);
