using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// An encoder that gives each choice of a question one output: <c>BertForMultipleChoice</c>. Each choice is a sequence; those of a question
/// follow one another in the batch.
/// </summary>
public sealed class MultipleChoiceModel : TaskModel
{
    private readonly SequenceHead _head;

    private MultipleChoiceModel(HeadSite site, SequenceHead head)
        : base(site, ClassSuffix) => _head = head;

    /// <summary>What follows the family's stem in the class name.</summary>
    public const string ClassSuffix = "ForMultipleChoice";

    /// <inheritdoc/>
    public override Pooler? Pooler => _head.Pooler;

    /// <inheritdoc/>
    public override IReadOnlyList<LabelArgument> LabelArguments { get; } = [new LabelArgument(ModelLabels.Usual, Granularity.Question)];

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("choice")];

    /// <summary>Builds a model with newly drawn weights.</summary>
    /// <param name="config">The configuration; copied.</param>
    /// <param name="seed">The weights depend on it and on the parameters' names alone.</param>
    /// <exception cref="Errors.AteneaException">
    /// The family is unknown (ATN0501) or has no such class (ATN0509), or a value makes no sense (ATN0410, ATN0502, ATN0503).
    /// </exception>
    public static MultipleChoiceModel FromConfig(ModelConfig config, ulong seed) => WithNewWeights(Create(config.Clone(), ModelRegistry.FamilyOf(config)), seed);

    /// <summary>Runs the model.</summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="batch">The input.</param>
    /// <param name="capture">Collects hidden states and attention on the way; null for none.</param>
    /// <returns>Logits, [sequences, 1]: all choices of all questions.</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public Tensor Forward(Tape tape, InputBatch batch, EncoderCapture? capture = null) =>
        _head.Run(tape, Encoder, batch, capture);

    /// <inheritdoc/>
    public override ModelOutputs Run(Tape tape, InputBatch batch, EncoderCapture? capture = null) =>
        ModelOutputs.Logits(Forward(tape, batch, capture), Granularity.Question);

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts) =>
        counts[0] += ClassificationLoss.CountOf(Right(batch, labels));

    /// <inheritdoc/>
    /// <remarks>One label per question, the number of the right choice; every question of the batch has as many choices.</remarks>
    public override ModelLoss LossOf(Tape tape, in ModelOutputs outputs, InputBatch batch, ModelLabels labels, float labelSmoothing = 0)
    {
        ReadOnlySpan<int> ids = Right(batch, labels);
        Tensor questions = outputs.First.Values.Reshape(ids.Length, batch.Sequences / ids.Length);
        return Single(ClassificationLoss.CrossEntropy(tape, questions, ids, labelSmoothing));
    }

    /// <summary>The number of the right choice of each question.</summary>
    private static ReadOnlySpan<int> Right(InputBatch batch, ModelLabels labels)
    {
        ReadOnlySpan<int> ids = labels.Ids(ModelLabels.Usual);
        if (!ids.IsEmpty && batch.Sequences % ids.Length == 0) return ids;
        throw new AteneaException(Catalogue.LabelsDoNotFit,
            $"{batch.Sequences} choices do not divide evenly over {ids.Length} questions");
    }

    internal static MultipleChoiceModel Create(ModelConfig config, ModelFamily family) =>
        HeadSite.Build(config, family, family.Prefix, site => new MultipleChoiceModel(site, site.Require(family.CreateMultipleChoiceHead, ClassSuffix)(site)));
}
