using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// An encoder that says whether the second text of a pair follows the first one (output 0) or not (output 1):
/// <c>BertForNextSentencePrediction</c>.
/// </summary>
public sealed class NextSentencePredictor : TaskModel
{
    private readonly SequenceHead _head;

    private NextSentencePredictor(HeadSite site, SequenceHead head)
        : base(site, ClassSuffix) => _head = head;

    /// <summary>What follows the family's stem in the class name.</summary>
    public const string ClassSuffix = "ForNextSentencePrediction";

    /// <inheritdoc/>
    public override Pooler? Pooler => _head.Pooler;

    /// <inheritdoc/>
    public override IReadOnlyList<LabelArgument> LabelArguments { get; } = [new LabelArgument(ModelLabels.Usual, Granularity.Sequence)];

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("nsp")];

    /// <summary>Builds a model with newly drawn weights.</summary>
    /// <param name="config">The configuration; copied.</param>
    /// <param name="seed">The weights depend on it and on the parameters' names alone.</param>
    /// <exception cref="Errors.AteneaException">
    /// The family is unknown (ATN0501) or has no such class (ATN0509), or a value makes no sense (ATN0410, ATN0502, ATN0503).
    /// </exception>
    public static NextSentencePredictor FromConfig(ModelConfig config, ulong seed) => WithNewWeights(Create(config.Clone(), ModelRegistry.FamilyOf(config)), seed);

    /// <summary>Runs the model.</summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="batch">The input.</param>
    /// <param name="capture">Collects hidden states and attention on the way; null for none.</param>
    /// <returns>Logits, [sequences, 2].</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public Tensor Forward(Tape tape, InputBatch batch, EncoderCapture? capture = null) =>
        _head.Run(tape, Encoder, batch, capture);

    /// <inheritdoc/>
    public override ModelOutputs Run(Tape tape, InputBatch batch, EncoderCapture? capture = null) =>
        ModelOutputs.Logits(Forward(tape, batch, capture), Granularity.Sequence);

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts) =>
        counts[0] += ClassificationLoss.CountOf(labels.Ids(ModelLabels.Usual, batch.Sequences, "sequences"));

    /// <inheritdoc/>
    public override ModelLoss LossOf(Tape tape, in ModelOutputs outputs, InputBatch batch, ModelLabels labels, float labelSmoothing = 0)
    {
        ReadOnlySpan<int> ids = labels.Ids(ModelLabels.Usual, batch.Sequences, "sequences");
        return Single(ClassificationLoss.CrossEntropy(tape, outputs.First.Values, ids, labelSmoothing));
    }

    internal static NextSentencePredictor Create(ModelConfig config, ModelFamily family) =>
        HeadSite.Build(config, family, family.Prefix, site => new NextSentencePredictor(site, site.Require(family.CreateNextSentenceHead, ClassSuffix)(site)));
}
