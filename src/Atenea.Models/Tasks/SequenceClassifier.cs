using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// An encoder with a head that gives one output per label for each sequence: <c>BertForSequenceClassification</c> and the like. Single
/// label, several labels and regression differ in the loss alone (<see cref="ClassificationLoss"/>).
/// </summary>
public sealed class SequenceClassifier : TaskModel
{
    private readonly SequenceHead _head;

    private SequenceClassifier(HeadSite site, SequenceHead head)
        : base(site, ClassSuffix)
    {
        _head = head;
        Labels = site.Config.Labels;
    }

    /// <summary>What follows the family's stem in the class name.</summary>
    public const string ClassSuffix = "ForSequenceClassification";

    /// <inheritdoc/>
    public override Pooler? Pooler => _head.Pooler;

    /// <summary>The label names by id.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>What the outputs mean; null when config.json does not say (see <see cref="ClassificationLoss.Resolve"/>).</summary>
    public ProblemType? ProblemType
    {
        get => Config.ProblemType;
        set => Config.ProblemType = value;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LabelArgument> LabelArguments { get; } = [new LabelArgument(ModelLabels.Usual, Granularity.Sequence)];

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("labels")];

    /// <summary>Builds a model with newly drawn weights.</summary>
    /// <param name="config">The configuration; copied. Its <c>id2label</c> gives the labels.</param>
    /// <param name="seed">The weights depend on it and on the parameters' names alone.</param>
    /// <exception cref="Errors.AteneaException">The family is unknown (ATN0501) or a value makes no sense (ATN0410, ATN0502,
    /// ATN0503).</exception>
    public static SequenceClassifier FromConfig(ModelConfig config, ulong seed) =>
        WithNewWeights(Create(config.Clone(), ModelRegistry.FamilyOf(config)), seed);

    /// <summary>Runs the model.</summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="batch">The input.</param>
    /// <param name="capture">
    /// Collects hidden states and attention on the way; null for none. The logits are the same to the last bit (but for dropout's choice),
    /// only with a capture the last block runs over every token.
    /// </param>
    /// <returns>Logits, [sequences, labels].</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public Tensor Forward(Tape tape, InputBatch batch, EncoderCapture? capture = null) => _head.Run(tape, Encoder, batch, capture);

    /// <inheritdoc/>
    public override ModelOutputs Run(Tape tape, InputBatch batch, EncoderCapture? capture = null) =>
        ModelOutputs.Logits(Forward(tape, batch, capture), Granularity.Sequence);

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts) =>
        counts[0] += ProblemOf(labels) == Hub.ProblemType.SingleLabelClassification
            ? ClassificationLoss.CountOf(labels.Ids(ModelLabels.Usual, batch.Sequences, "sequences"))
            : labels.Numbers(ModelLabels.Usual).Length;

    /// <inheritdoc/>
    /// <remarks>Where config.json does not say what the outputs mean, ids and numbers decide
    /// (<see cref="ClassificationLoss.Resolve"/>).</remarks>
    public override ModelLoss LossOf(Tape tape, in ModelOutputs outputs, InputBatch batch, ModelLabels labels, float labelSmoothing = 0)
    {
        Tensor logits = outputs.First.Values;
        ProblemType problem = ProblemOf(labels);
        var criterion = new ClassificationLoss(problem, labelSmoothing);
        return Single(problem == Hub.ProblemType.SingleLabelClassification
            ? criterion.Compute(tape, logits, labels.Ids(ModelLabels.Usual))
            : criterion.Compute(tape, logits, labels.Numbers(ModelLabels.Usual)));
    }

    private ProblemType ProblemOf(ModelLabels labels) =>
        ClassificationLoss.Resolve(ProblemType, Labels.Count, labels.AreIds(ModelLabels.Usual));

    internal static SequenceClassifier Create(ModelConfig config, ModelFamily family) =>
        HeadSite.Build(config, family, family.Prefix, site => new SequenceClassifier(site, site.Require(family.CreateSequenceHead, ClassSuffix)(site)));
}
