using Atenea.Errors;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// An encoder that gives each choice of a question one output: <c>BertForMultipleChoice</c>. Each choice is a sequence; those of a question
/// follow one another in the batch. There is one label per question, the number of the right choice, and every question of a batch has as
/// many choices.
/// </summary>
public sealed class MultipleChoiceModel : SequenceModel
{
    private MultipleChoiceModel(HeadSite site)
        : base(site, site.Family.CreateMultipleChoiceHead!(site), Granularity.Question)
    {
    }

    /// <summary>The registration of the task.</summary>
    public static ModelTask Task { get; } = new(
        "multiple-choice", "multiple choice", "ForMultipleChoice", typeof(MultipleChoiceModel),
        static family => family.CreateMultipleChoiceHead is not null, static site => new MultipleChoiceModel(site));

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("choice")];

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts) =>
        counts[0] += ClassificationLoss.CountOf(Right(batch, labels));

    /// <inheritdoc/>
    public override ModelLoss LossOf(ForwardPass pass, in ModelOutputs outputs, ModelLabels labels, float labelSmoothing = 0)
    {
        ReadOnlySpan<int> right = Right(pass.Batch, labels);
        Tensor questions = outputs.First.Values.Reshape(right.Length, pass.Batch.Sequences / right.Length);
        return CrossEntropy(pass, questions, right, labelSmoothing);
    }

    /// <summary>The number of the right choice of each question.</summary>
    private static ReadOnlySpan<int> Right(InputBatch batch, ModelLabels labels)
    {
        ReadOnlySpan<int> ids = labels.Ids(ModelLabels.Usual);
        if (!ids.IsEmpty && batch.Sequences % ids.Length == 0) return ids;
        throw new AteneaException(
            Catalogue.LabelsDoNotFit, $"{batch.Sequences} choices do not divide evenly over {ids.Length} questions");
    }
}
