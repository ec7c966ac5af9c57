using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// A model with a head that gives each token a row of outputs. Unless a class says otherwise its labels are one id per token, and its loss
/// is the cross-entropy over the tokens that have one: in training nothing else is decoded.
/// </summary>
public abstract class TokenModel : TaskModel
{
    private readonly RowFunction _head;

    private protected TokenModel(HeadSite site, RowFunction head)
        : base(site) => _head = head;

    /// <inheritdoc/>
    public override IReadOnlyList<LabelArgument> LabelArguments { get; } = [new LabelArgument(ModelLabels.Usual, Granularity.Token)];

    /// <summary>Runs the model.</summary>
    /// <param name="pass">The pass; its tape has begun a step.</param>
    /// <returns>Logits, [tokens, outputs].</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public Tensor Forward(ForwardPass pass) => _head(pass, Encoder.Forward(pass));

    /// <summary>Runs the model for some tokens alone, with the same bits but less work.</summary>
    /// <param name="pass">The pass; its tape has begun a step.</param>
    /// <param name="rows">Numbers of tokens in the batch, in any order.</param>
    /// <returns>Logits, [rows, outputs].</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public Tensor ForwardRows(ForwardPass pass, ReadOnlySpan<int> rows) => _head(pass, Encoder.ForwardRows(pass, rows));

    /// <inheritdoc/>
    public override ModelOutputs Run(ForwardPass pass) => ModelOutputs.Logits(Forward(pass), Granularity.Token);

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts) =>
        counts[0] += ClassificationLoss.CountOf(LabelsOf(batch, labels));

    /// <inheritdoc/>
    public override ModelLoss LossOf(ForwardPass pass, in ModelOutputs outputs, ModelLabels labels, float labelSmoothing = 0)
    {
        Take(pass.Labelled, pass.Batch, LabelsOf(pass.Batch, labels));
        return CrossEntropy(pass, pass.Tape.SelectRows(outputs.First.Values, pass.Labelled.Rows), labelSmoothing);
    }

    /// <inheritdoc/>
    public override ModelLoss Loss(ForwardPass pass, ModelLabels labels, float labelSmoothing = 0)
    {
        Take(pass.Labelled, pass.Batch, LabelsOf(pass.Batch, labels));
        return CrossEntropy(pass, ForwardRows(pass, pass.Labelled.Rows), labelSmoothing);
    }

    /// <summary>The tokens whose outputs are compared with a label.</summary>
    /// <param name="labelled">Receives them.</param>
    /// <param name="batch">The input.</param>
    /// <param name="labels">One label per token.</param>
    private protected virtual void Take(LabelledTokens labelled, InputBatch batch, ReadOnlySpan<int> labels) => labelled.Take(labels);

    /// <summary>One id per token.</summary>
    private protected static ReadOnlySpan<int> LabelsOf(InputBatch batch, ModelLabels labels) =>
        labels.Ids(ModelLabels.Usual, batch.Tokens, "tokens");

    private ModelLoss CrossEntropy(ForwardPass pass, Tensor logits, float labelSmoothing) =>
        pass.NewLoss().Add(LossTerms[0], ClassificationLoss.CrossEntropy(pass.Tape, logits, pass.Labelled.Labels, labelSmoothing));
}
