using Atenea.Hub;

namespace Atenea.Models;

/// <summary>
/// A family's entry in the <see cref="ModelRegistry"/>: its names, and how its parts are built from a configuration. A head that is null
/// is one that transformers has no class for.
/// </summary>
/// <param name="ModelType"><c>model_type</c> of its config.json.</param>
/// <param name="Prefix">Where its encoder lives in the checkpoint of a model with a head, for example <c>bert</c>.</param>
/// <param name="ClassStem">What its class names in transformers begin with, for example <c>Bert</c>.</param>
public sealed record ModelFamily(string ModelType, string Prefix, string ClassStem)
{
    /// <summary>Builds the encoder at a scope.</summary>
    public required Func<ModelConfig, ParameterScope, Encoder> CreateEncoder { get; init; }

    /// <summary>Builds the pooler of the bare encoder at the encoder's scope, where the family has one.</summary>
    public Func<ModelConfig, ParameterScope, Pooler>? CreatePooler { get; init; }

    /// <summary>Builds the head of <see cref="SequenceClassifier"/>.</summary>
    public Func<HeadSite, SequenceHead>? CreateSequenceHead { get; init; }

    /// <summary>Builds the head of a token classifier: an output per label for each token.</summary>
    public Func<HeadSite, RowFunction>? CreateTokenHead { get; init; }

    /// <summary>Builds the head of a masked language model: an output per word for each token.</summary>
    public Func<HeadSite, RowFunction>? CreateMaskedLanguageHead { get; init; }

    /// <summary>Builds the head of extractive question answering: two outputs for each token, start and end.</summary>
    public Func<HeadSite, RowFunction>? CreateQuestionAnsweringHead { get; init; }

    /// <summary>Builds the heads of pretraining: masked words, and the order of two sentences.</summary>
    public Func<HeadSite, PretrainingHead>? CreatePretrainingHead { get; init; }

    /// <summary>Builds the head of next sentence prediction: two outputs for each sequence.</summary>
    public Func<HeadSite, SequenceHead>? CreateNextSentenceHead { get; init; }

    /// <summary>Builds the head of ELECTRA's discriminator: one output for each token.</summary>
    public Func<HeadSite, RowFunction>? CreateDiscriminatorHead { get; init; }

    /// <summary>Builds the head of a multiple choice model: one output for each sequence.</summary>
    public Func<HeadSite, SequenceHead>? CreateMultipleChoiceHead { get; init; }

    /// <summary>Builds the head of a causal language model: an output per word for each token.</summary>
    public Func<HeadSite, RowFunction>? CreateCausalLanguageHead { get; init; }

    /// <summary>Whether decoders are tied to the word table when config.json does not say (<c>tie_word_embeddings</c>).</summary>
    public bool TiesWordEmbeddings { get; init; } = true;

    /// <summary>
    /// Class names that are not <see cref="ClassStem"/> and the usual ending, by that ending: <c>ForCausalLM</c> is <c>GPT2LMHeadModel</c>
    /// in GPT-2.
    /// </summary>
    public IReadOnlyDictionary<string, string> ClassNames { get; init; } = new Dictionary<string, string>();

    /// <summary>The name in transformers of the class with this ending, for example <c>ForSequenceClassification</c>.</summary>
    public string ClassNameOf(string suffix) => ClassNames.GetValueOrDefault(suffix, ClassStem + suffix);
}
