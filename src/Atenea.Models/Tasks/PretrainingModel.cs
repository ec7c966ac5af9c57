using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// An encoder with the two heads that BERT and ALBERT were pretrained with, masked words and the order of two sentences:
/// <c>BertForPreTraining</c>,
/// <c>AlbertForPreTraining</c>.
/// </summary>
public sealed class PretrainingModel : TaskModel
{
    private readonly PretrainingHead _head;
    private readonly LabelledTokens _labelled = new();

    private PretrainingModel(HeadSite site, PretrainingHead head)
        : base(site, ClassSuffix)
    {
        _head = head;
        LabelArguments = [new LabelArgument(ModelLabels.Usual, Granularity.Token), new LabelArgument(head.OrderLabels, Granularity.Sequence)];
        LossTerms = [new LossTerm("mlm"), new LossTerm(head.OrderTerm)];
    }

    /// <summary>What follows the family's stem in the class name.</summary>
    public const string ClassSuffix = "ForPreTraining";

    /// <inheritdoc/>
    public override Pooler? Pooler => _head.Order.Pooler;

    /// <inheritdoc/>
    public override IReadOnlyList<LabelArgument> LabelArguments { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; }

    /// <summary>Builds a model with newly drawn weights.</summary>
    /// <param name="config">The configuration; copied.</param>
    /// <param name="seed">The weights depend on it and on the parameters' names alone.</param>
    /// <exception cref="Errors.AteneaException">
    /// The family is unknown (ATN0501) or has no such class (ATN0509), or a value makes no sense (ATN0410, ATN0502, ATN0503).
    /// </exception>
    public static PretrainingModel FromConfig(ModelConfig config, ulong seed) => WithNewWeights(Create(config.Clone(), ModelRegistry.FamilyOf(config)), seed);

    /// <inheritdoc/>
    public override ModelOutputs Run(Tape tape, InputBatch batch, EncoderCapture? capture = null)
    {
        Tensor states = Encoder.Forward(tape, batch, capture).LastHiddenState;
        return new ModelOutputs(
            new ModelOutput("prediction_logits", _head.MaskedLanguage(tape, states), Granularity.Token),
            new ModelOutput(_head.OrderOutput, _head.Order.FromAll(tape, states, batch), Granularity.Sequence));
    }

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts)
    {
        counts[0] += ClassificationLoss.CountOf(labels.Ids(ModelLabels.Usual, batch.Tokens, "tokens"));
        counts[1] += ClassificationLoss.CountOf(labels.Ids(_head.OrderLabels, batch.Sequences, "sequences"));
    }

    /// <inheritdoc/>
    /// <remarks>The sum of both means.</remarks>
    public override ModelLoss LossOf(Tape tape, in ModelOutputs outputs, InputBatch batch, ModelLabels labels, float labelSmoothing = 0)
    {
        ReadOnlySpan<int> words = labels.Ids(ModelLabels.Usual, batch.Tokens, "tokens");
        Loss masked = ClassificationLoss.CrossEntropy(tape, outputs.First.Values, words, labelSmoothing);
        return Both(masked, OrderLoss(tape, outputs.Second!.Value.Values, batch, labels, labelSmoothing));
    }

    /// <inheritdoc/>
    public override ModelLoss Loss(Tape tape, InputBatch batch, ModelLabels labels, float labelSmoothing = 0)
    {
        _labelled.Take(labels.Ids(ModelLabels.Usual, batch.Tokens, "tokens"));
        Tensor states = Encoder.Forward(tape, batch).LastHiddenState;
        Tensor decoded = _head.MaskedLanguage(tape, tape.SelectRows(states, _labelled.Rows));
        Loss masked = ClassificationLoss.CrossEntropy(tape, decoded, _labelled.Labels, labelSmoothing);
        return Both(masked, OrderLoss(tape, _head.Order.FromAll(tape, states, batch), batch, labels, labelSmoothing));
    }

    internal static PretrainingModel Create(ModelConfig config, ModelFamily family) =>
        HeadSite.Build(config, family, family.Prefix, site => new PretrainingModel(site, site.Require(family.CreatePretrainingHead, ClassSuffix)(site)));

    private Loss OrderLoss(Tape tape, Tensor logits, InputBatch batch, ModelLabels labels, float labelSmoothing) =>
        ClassificationLoss.CrossEntropy(tape, logits, labels.Ids(_head.OrderLabels, batch.Sequences, "sequences"), labelSmoothing);
}
