using Atenea.Models;

namespace Atenea.Training;

/// <summary>Collects what one evaluation needs of the model's outputs, batch by batch, and scores it at the end.</summary>
public abstract class TaskScorer
{
    /// <summary>Runs a batch and takes what is needed of it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pass">The batch, on a tape that has begun an inference step.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="members">The features in the batch, in its order.</param>
    /// <param name="labelSmoothing">Share of the target that the loss spreads over all classes.</param>
    /// <returns>The batch's loss.</returns>
    public virtual ModelLoss Run(
        TaskModel model, ForwardPass pass, ModelLabels labels, ReadOnlySpan<int> members, float labelSmoothing)
    {
        ModelOutputs outputs = model.Run(pass);
        Take(outputs, pass.Batch, members);
        return model.LossOf(pass, outputs, labels, labelSmoothing);
    }

    /// <summary>Takes what is needed of outputs, which are gone with the next batch.</summary>
    /// <param name="outputs">What the model computed.</param>
    /// <param name="batch">The input.</param>
    /// <param name="members">The features in the batch, in its order.</param>
    protected abstract void Take(in ModelOutputs outputs, InputBatch batch, ReadOnlySpan<int> members);

    /// <summary>The figures, once every feature was taken.</summary>
    /// <param name="pass">Loss, counts and time of the evaluation.</param>
    public abstract EvaluationResult Result(EvaluationPass pass);
}
