using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// An encoder with a head that says for each token whether the answer begins or ends there: <c>BertForQuestionAnswering</c> and the like.
/// </summary>
public sealed class QuestionAnsweringModel : TaskModel
{
    private readonly RowHead _head;
    private const string Starts = "start_positions";
    private const string Ends = "end_positions";
    private const int Outputs = 2;

    private QuestionAnsweringModel(HeadSite site, RowHead head)
        : base(site, ClassSuffix)
    {
        _head = head;
        // transformers gives this head as many outputs as the configuration has labels; those of a classifier that it is built from are
        // not its own.
        if (Config.NumLabels != Outputs) Config.SetLabels([.. Enumerable.Range(0, Outputs).Select(i => $"LABEL_{i}")]);
    }

    /// <summary>What follows the family's stem in the class name.</summary>
    public const string ClassSuffix = "ForQuestionAnswering";

    /// <inheritdoc/>
    public override IReadOnlyList<LabelArgument> LabelArguments { get; } = [new LabelArgument(Starts, Granularity.Sequence), new LabelArgument(Ends, Granularity.Sequence)];

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("start", 0.5), new LossTerm("end", 0.5)];

    /// <summary>Builds a model with newly drawn weights.</summary>
    /// <param name="config">The configuration; copied.</param>
    /// <param name="seed">The weights depend on it and on the parameters' names alone.</param>
    /// <exception cref="Errors.AteneaException">
    /// The family is unknown (ATN0501) or has no such class (ATN0509), or a value makes no sense (ATN0410, ATN0502, ATN0503).
    /// </exception>
    public static QuestionAnsweringModel FromConfig(ModelConfig config, ulong seed) => WithNewWeights(Create(config.Clone(), ModelRegistry.FamilyOf(config)), seed);

    /// <summary>Runs the model.</summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="batch">The input.</param>
    /// <param name="capture">Collects hidden states and attention on the way; null for none.</param>
    /// <returns>[tokens, 2]: in column 0 the logits of the start, in column 1 those of the end.</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public Tensor Forward(Tape tape, InputBatch batch, EncoderCapture? capture = null) =>
        _head(tape, Encoder.Forward(tape, batch, capture).LastHiddenState);

    /// <inheritdoc/>
    public override ModelOutputs Run(Tape tape, InputBatch batch, EncoderCapture? capture = null)
    {
        Tensor spans = Forward(tape, batch, capture);
        return new ModelOutputs(
            new ModelOutput("start_logits", spans, Granularity.Token, Column: 0), new ModelOutput("end_logits", spans, Granularity.Token, Column: 1));
    }

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts)
    {
        counts[0] += CountOf(batch, labels.Ids(Starts, batch.Sequences, "sequences"));
        counts[1] += CountOf(batch, labels.Ids(Ends, batch.Sequences, "sequences"));
    }

    /// <inheritdoc/>
    /// <remarks>A label is a place within its sequence; one beyond its end counts for nothing (the answer was cut off).</remarks>
    public override ModelLoss LossOf(Tape tape, in ModelOutputs outputs, InputBatch batch, ModelLabels labels, float labelSmoothing = 0)
    {
        Tensor spans = outputs.First.Values;
        Loss start = tape.PositionCrossEntropy(spans, 0, batch.Offsets, labels.Ids(Starts, batch.Sequences, "sequences"), labelSmoothing);
        Loss end = tape.PositionCrossEntropy(spans, 1, batch.Offsets, labels.Ids(Ends, batch.Sequences, "sequences"), labelSmoothing);
        return Both(start, end);
    }

    /// <summary>How many positions lie within their sequences.</summary>
    private static long CountOf(InputBatch batch, ReadOnlySpan<int> positions)
    {
        long count = 0;
        for (int s = 0; s < positions.Length; s++)
        {
            if ((uint)positions[s] < (uint)(batch.Offsets[s + 1] - batch.Offsets[s])) count++;
        }

        return count;
    }

    internal static QuestionAnsweringModel Create(ModelConfig config, ModelFamily family) =>
        HeadSite.Build(config, family, family.Prefix, site => new QuestionAnsweringModel(site, site.Require(family.CreateQuestionAnsweringHead, ClassSuffix)(site)));
}
