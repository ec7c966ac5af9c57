namespace Atenea.Models;

/// <summary>
/// A model with a head: it names its outputs and takes labels by name, so that training and verification treat every task alike.
/// </summary>
public abstract class TaskModel : Model
{
    /// <summary>Takes what the head is built on.</summary>
    protected TaskModel(HeadSite site)
        : base(site)
    {
    }

    /// <summary>The labels that the loss is computed from.</summary>
    public abstract IReadOnlyList<LabelArgument> LabelArguments { get; }

    /// <summary>The terms of the loss, in the order of <see cref="ModelLoss"/>.</summary>
    public abstract IReadOnlyList<LossTerm> LossTerms { get; }

    /// <summary>
    /// Adds up how many items each term of the loss will count, from the labels alone: what the losses of all micro-batches of an optimizer
    /// step are divided by is known before the first of them runs.
    /// </summary>
    /// <param name="batch">The input.</param>
    /// <param name="labels">Every one of <see cref="LabelArguments"/>.</param>
    /// <param name="counts">One number per entry of <see cref="LossTerms"/>; the items are added to it.</param>
    /// <exception cref="Errors.AteneaException">The labels do not fit the input (ATN0507).</exception>
    public abstract void Count(InputBatch batch, ModelLabels labels, Span<long> counts);

    /// <summary>Runs the model and names what it computes.</summary>
    /// <param name="pass">The pass; its tape has begun a step.</param>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public abstract ModelOutputs Run(ForwardPass pass);

    /// <summary>The loss of outputs, as the class of transformers computes it.</summary>
    /// <param name="pass">The pass of the outputs.</param>
    /// <param name="outputs">What <see cref="Run"/> gave.</param>
    /// <param name="labels">Every one of <see cref="LabelArguments"/>.</param>
    /// <param name="labelSmoothing">Share of the target spread over all classes; without a meaning for losses that are no
    /// cross-entropy.</param>
    /// <exception cref="Errors.AteneaException">The labels do not fit the outputs (ATN0507).</exception>
    public abstract ModelLoss LossOf(ForwardPass pass, in ModelOutputs outputs, ModelLabels labels, float labelSmoothing = 0);

    /// <summary>
    /// Forward pass and loss in one, for training: what no label asks for is left out, where the task allows it. The same loss as
    /// <see cref="LossOf"/> of <see cref="Run"/>, but for dropout's choice.
    /// </summary>
    /// <param name="pass">The pass; its tape has begun a step.</param>
    /// <param name="labels">Every one of <see cref="LabelArguments"/>.</param>
    /// <param name="labelSmoothing">As for <see cref="LossOf"/>.</param>
    /// <exception cref="Errors.AteneaException">The labels do not fit the outputs (ATN0507), or as for <see cref="Run"/>.</exception>
    public virtual ModelLoss Loss(ForwardPass pass, ModelLabels labels, float labelSmoothing = 0) =>
        LossOf(pass, Run(pass), labels, labelSmoothing);
}
