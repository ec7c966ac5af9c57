namespace Atenea.Models;

/// <summary>
/// An encoder that says whether the second text of a pair follows the first one (output 0) or not (output 1):
/// <c>BertForNextSentencePrediction</c>.
/// </summary>
public sealed class NextSentencePredictor : SequenceModel
{
    private NextSentencePredictor(HeadSite site)
        : base(site, site.Family.CreateNextSentenceHead!(site), Granularity.Sequence)
    {
    }

    /// <summary>The registration of the task.</summary>
    public static ModelTask Task { get; } = new(
        "next-sentence", "next sentence prediction", "ForNextSentencePrediction", typeof(NextSentencePredictor),
        static family => family.CreateNextSentenceHead is not null, static site => new NextSentencePredictor(site))
    {
        Aliases = ["next-sentence-prediction"],
    };

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("nsp")];

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts) =>
        counts[0] += ClassificationLoss.CountOf(LabelsOf(batch, labels));

    /// <inheritdoc/>
    public override ModelLoss LossOf(ForwardPass pass, in ModelOutputs outputs, ModelLabels labels, float labelSmoothing = 0) =>
        CrossEntropy(pass, outputs.First.Values, LabelsOf(pass.Batch, labels), labelSmoothing);

    private static ReadOnlySpan<int> LabelsOf(InputBatch batch, ModelLabels labels) =>
        labels.Ids(ModelLabels.Usual, batch.Sequences, "sequences");
}
