using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// An encoder with a head that gives one output per label for each sequence: <c>BertForSequenceClassification</c> and the like. Single
/// label, several labels and regression differ in the loss alone (<see cref="ClassificationLoss"/>). Where config.json does not say what
/// the outputs mean, ids and numbers decide (<see cref="ClassificationLoss.Resolve"/>).
/// </summary>
public sealed class SequenceClassifier : SequenceModel
{
    private SequenceClassifier(HeadSite site)
        : base(site, site.Family.CreateSequenceHead!(site), Granularity.Sequence) => Labels = site.Config.Labels;

    /// <summary>The registration of the task.</summary>
    public static ModelTask Task { get; } = new(
        "text-classification", "sequence classification", "ForSequenceClassification", typeof(SequenceClassifier),
        static family => family.CreateSequenceHead is not null, static site => new SequenceClassifier(site))
    {
        Aliases = ["sentiment-analysis"],
    };

    /// <summary>The label names by id.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>What the outputs mean; null when config.json does not say (see <see cref="ClassificationLoss.Resolve"/>).</summary>
    public ProblemType? ProblemType
    {
        get => Config.ProblemType;
        set => Config.ProblemType = value;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("labels")];

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts) => counts[0] += IsSingleLabel(labels)
        ? ClassificationLoss.CountOf(labels.Ids(ModelLabels.Usual, batch.Sequences, "sequences"))
        : labels.Numbers(ModelLabels.Usual).Length;

    /// <inheritdoc/>
    public override ModelLoss LossOf(ForwardPass pass, in ModelOutputs outputs, ModelLabels labels, float labelSmoothing = 0)
    {
        Tensor logits = outputs.First.Values;
        if (IsSingleLabel(labels)) return CrossEntropy(pass, logits, labels.Ids(ModelLabels.Usual), labelSmoothing);
        ReadOnlySpan<float> targets = labels.Numbers(ModelLabels.Usual);
        return pass.NewLoss().Add(LossTerms[0], ClassificationLoss.OfNumbers(pass.Tape, ProblemOf(labels), logits, targets));
    }

    private bool IsSingleLabel(ModelLabels labels) => ProblemOf(labels) == Hub.ProblemType.SingleLabelClassification;

    private ProblemType ProblemOf(ModelLabels labels) =>
        ClassificationLoss.Resolve(ProblemType, Labels.Count, labels.AreIds(ModelLabels.Usual));
}
