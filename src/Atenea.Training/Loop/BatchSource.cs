using Atenea.Data;
using Atenea.Models;

namespace Atenea.Training;

/// <summary>The micro-batches of a run. Any of them can be asked for at any time, and is always the same.</summary>
internal abstract class BatchSource
{
    /// <summary>Puts a micro-batch and its labels into empty buffers.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="micro">The micro-batch within the epoch, from 0.</param>
    /// <param name="batch">Receives the sequences.</param>
    /// <param name="labels">Receives their labels.</param>
    /// <returns>Number of features in it.</returns>
    public abstract int Fill(int epoch, int micro, InputBatch batch, ModelLabels labels);

    /// <summary>The places of a micro-batch's rows in their source, for messages.</summary>
    public abstract IEnumerable<string> Places(int epoch, int micro);
}

/// <summary>The micro-batches that a task makes of its features in the order of a sampler.</summary>
internal sealed class TaskBatches(TrainingTask task, FeatureSet features, BatchSampler sampler) : BatchSource
{
    /// <inheritdoc/>
    public override int Fill(int epoch, int micro, InputBatch batch, ModelLabels labels)
    {
        ReadOnlySpan<int> members = sampler.Rows(epoch, micro);
        task.Fill(batch, labels, features, members, epoch);
        return members.Length;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Places(int epoch, int micro) => [.. sampler.Rows(epoch, micro).ToArray().Select(features.Place)];
}
