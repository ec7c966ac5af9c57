using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// A model with a head: it names its outputs and takes labels by name, so that training and verification treat every task alike.
/// </summary>
public abstract class TaskModel : Model
{
    private protected TaskModel(HeadSite site, string classSuffix)
        : base(site, classSuffix)
    {
    }

    /// <summary>The labels that the loss is computed from.</summary>
    public abstract IReadOnlyList<LabelArgument> LabelArguments { get; }

    /// <summary>The terms of the loss, in the order of <see cref="ModelLoss"/>.</summary>
    public abstract IReadOnlyList<LossTerm> LossTerms { get; }

    /// <summary>The loss that is filled anew by every forward pass.</summary>
    private protected ModelLoss Terms { get; } = new();

    /// <summary>
    /// Adds up how many items each term of the loss will count, from the labels alone: what the losses of all micro-batches of an optimizer
    /// step are divided by is known before the first of them runs.
    /// </summary>
    /// <param name="batch">The input.</param>
    /// <param name="labels">Every one of <see cref="LabelArguments"/>.</param>
    /// <param name="counts">One number per entry of <see cref="LossTerms"/>; the items are added to it.</param>
    /// <exception cref="Errors.AteneaException">The labels do not fit the input (ATN0507).</exception>
    public abstract void Count(InputBatch batch, ModelLabels labels, Span<long> counts);

    /// <summary>Runs the model over every token and names what it computes.</summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="batch">The input.</param>
    /// <param name="capture">Collects hidden states and attention on the way; null for none.</param>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public abstract ModelOutputs Run(Tape tape, InputBatch batch, EncoderCapture? capture = null);

    /// <summary>The loss of outputs, as the class of transformers computes it.</summary>
    /// <param name="tape">The tape of the outputs.</param>
    /// <param name="outputs">What <see cref="Run"/> gave for <paramref name="batch"/>.</param>
    /// <param name="batch">The input.</param>
    /// <param name="labels">Every one of <see cref="LabelArguments"/>.</param>
    /// <param name="labelSmoothing">Share of the target spread over all classes; without a meaning for losses that are no
    /// cross-entropy.</param>
    /// <exception cref="Errors.AteneaException">The labels do not fit the outputs (ATN0507).</exception>
    public abstract ModelLoss LossOf(Tape tape, in ModelOutputs outputs, InputBatch batch, ModelLabels labels, float labelSmoothing = 0);

    /// <summary>
    /// Forward pass and loss in one, for training: what no label asks for is left out, where the task allows it. The same loss as
    /// <see cref="LossOf"/> of <see cref="Run"/>, but for dropout's choice.
    /// </summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="batch">The input.</param>
    /// <param name="labels">Every one of <see cref="LabelArguments"/>.</param>
    /// <param name="labelSmoothing">As for <see cref="LossOf"/>.</param>
    /// <exception cref="Errors.AteneaException">The labels do not fit the outputs (ATN0507), or as for <see cref="Run"/>.</exception>
    public virtual ModelLoss Loss(Tape tape, InputBatch batch, ModelLabels labels, float labelSmoothing = 0) =>
        LossOf(tape, Run(tape, batch), batch, labels, labelSmoothing);

    /// <summary>A loss of one term.</summary>
    private protected ModelLoss Single(Loss loss)
    {
        Terms.Clear();
        return Terms.Add(LossTerms[0], loss);
    }

    /// <summary>A loss of two terms.</summary>
    private protected ModelLoss Both(Loss first, Loss second)
    {
        Terms.Clear();
        return Terms.Add(LossTerms[0], first).Add(LossTerms[1], second);
    }
}
