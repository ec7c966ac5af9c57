namespace Atenea.Data;

/// <summary>
/// Says which rows make up which batch. Any batch of any epoch can be asked for, so a run that was interrupted goes on where it stopped.
/// </summary>
/// <example><code>
/// BatchSampler sampler = BatchSampler.Shuffled(rows: 3257, batchSize: 16, seed: 42);
/// ReadOnlySpan&lt;int&gt; rows = sampler.Rows(epoch: 0, step: 0);
/// </code></example>
public sealed class BatchSampler
{
    private readonly int[] _order;
    private readonly long? _seed;
    private int _orderOfEpoch = -1;

    private BatchSampler(int[] order, int batchSize, long? seed, bool dropLast)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        _order = order;
        _seed = seed;
        BatchSize = batchSize;
        BatchesPerEpoch = (order.Length / batchSize) + (!dropLast && order.Length % batchSize > 0 ? 1 : 0);
    }

    /// <summary>Rows per batch; the last batch of an epoch may have fewer.</summary>
    public int BatchSize { get; }

    /// <summary>Batches per epoch.</summary>
    public int BatchesPerEpoch { get; }

    /// <summary>
    /// The order of training: epoch e, from 0, goes through <c>torch.randperm(rows)</c> of a generator seeded with seed + e, as the Hugging
    /// Face trainer does.
    /// </summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="batchSize">Rows per batch.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="dropLast">Whether a last batch that is not full is left out.</param>
    public static BatchSampler Shuffled(int rows, int batchSize, long seed, bool dropLast = false) =>
        new(new int[rows], batchSize, seed, dropLast);

    /// <summary>The rows in their own order.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="batchSize">Rows per batch.</param>
    public static BatchSampler Sequential(int rows, int batchSize) => new([.. Enumerable.Range(0, rows)], batchSize, null, false);

    /// <summary>The rows of a batch. The span is valid until another epoch is asked for.</summary>
    /// <param name="epoch">The epoch, from 0. Without shuffling all are alike.</param>
    /// <param name="step">The batch within the epoch, from 0.</param>
    public ReadOnlySpan<int> Rows(int epoch, int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, BatchesPerEpoch);
        if (_seed is { } seed && _orderOfEpoch != epoch)
        {
            new TorchGenerator(seed + epoch).Permute(_order);
            _orderOfEpoch = epoch;
        }

        int start = step * BatchSize;
        return _order.AsSpan(start, Math.Min(BatchSize, _order.Length - start));
    }
}
