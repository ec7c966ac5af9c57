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
}
