using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// An encoder with a head that says for each token whether the answer begins or ends there: <c>BertForQuestionAnswering</c> and the like.
/// In column 0 of its outputs are the logits of the start, in column 1 those of the end. A label is a place within its sequence; one beyond
/// its end counts for nothing (the answer was cut off).
/// </summary>
public sealed class QuestionAnsweringModel : TokenModel
{
    private const string Starts = "start_positions";
    private const string Ends = "end_positions";
    private const int Outputs = 2;

    private QuestionAnsweringModel(HeadSite site)
        : base(site, site.Family.CreateQuestionAnsweringHead!(site))
    {
        // transformers gives this head as many outputs as the configuration has labels; those of a classifier that it is built from are
        // not its own.
        if (Config.NumLabels != Outputs) Config.SetLabels([.. Enumerable.Range(0, Outputs).Select(i => $"LABEL_{i}")]);
    }

    /// <summary>The registration of the task.</summary>
    public static ModelTask Task { get; } = new(
        "question-answering", "question answering", "ForQuestionAnswering", typeof(QuestionAnsweringModel),
        static family => family.CreateQuestionAnsweringHead is not null, static site => new QuestionAnsweringModel(site));

    /// <inheritdoc/>
    public override IReadOnlyList<LabelArgument> LabelArguments { get; } =
        [new LabelArgument(Starts, Granularity.Sequence), new LabelArgument(Ends, Granularity.Sequence)];

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("start", 0.5), new LossTerm("end", 0.5)];

    /// <inheritdoc/>
    public override ModelOutputs Run(ForwardPass pass)
    {
        Tensor spans = Forward(pass);
        return new ModelOutputs(
            new ModelOutput("start_logits", spans, Granularity.Token, Column: 0),
            new ModelOutput("end_logits", spans, Granularity.Token, Column: 1));
    }

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts)
    {
        counts[0] += CountOf(batch, labels, Starts);
        counts[1] += CountOf(batch, labels, Ends);
    }

    /// <inheritdoc/>
    public override ModelLoss LossOf(ForwardPass pass, in ModelOutputs outputs, ModelLabels labels, float labelSmoothing = 0)
    {
        Tensor spans = outputs.First.Values;
        Loss Choice(int column, string name) => pass.Tape.PositionCrossEntropy(
            spans, column, pass.Batch.Offsets, labels.Ids(name, pass.Batch.Sequences, "sequences"), labelSmoothing);
        return pass.NewLoss().Add(LossTerms[0], Choice(0, Starts)).Add(LossTerms[1], Choice(1, Ends));
    }

    /// <inheritdoc/>
    public override ModelLoss Loss(ForwardPass pass, ModelLabels labels, float labelSmoothing = 0) =>
        LossOf(pass, Run(pass), labels, labelSmoothing);

    /// <summary>How many positions lie within their sequences.</summary>
    private static long CountOf(InputBatch batch, ModelLabels labels, string name)
    {
        ReadOnlySpan<int> positions = labels.Ids(name, batch.Sequences, "sequences");
        long count = 0;
        for (int s = 0; s < positions.Length; s++)
        {
            if ((uint)positions[s] < (uint)(batch.Offsets[s + 1] - batch.Offsets[s])) count++;
        }

        return count;
    }
}
