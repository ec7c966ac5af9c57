namespace Atenea.Data.Tests;

public class BatchSamplerTests
{
    [Fact]
    public void An_epoch_is_the_permutation_of_seed_plus_epoch()
    {
        BatchSampler sampler = BatchSampler.Shuffled(rows: 103, batchSize: 16, seed: 42);
        Assert.Equal(7, sampler.BatchesPerEpoch);
        foreach (int epoch in new[] { 0, 1, 5, 0 })
        {
            var expected = new int[103];
            new TorchGenerator(42 + epoch).Permute(expected);
            var seen = new List<int>();
            for (int step = 0; step < sampler.BatchesPerEpoch; step++) seen.AddRange(sampler.Rows(epoch, step));
            Assert.Equal(expected, seen);
        }
    }

    [Fact]
    public void Any_step_can_be_asked_for_first()
    {
        BatchSampler whole = BatchSampler.Shuffled(50, 8, 7);
        _ = whole.Rows(0, 0);
        int[] expected = whole.Rows(3, 4).ToArray();
        Assert.Equal(expected, BatchSampler.Shuffled(50, 8, 7).Rows(3, 4).ToArray());
    }

    [Fact]
    public void The_last_batch_is_short_or_left_out()
    {
        BatchSampler kept = BatchSampler.Shuffled(10, 4, 1);
        Assert.Equal(3, kept.BatchesPerEpoch);
        Assert.Equal(2, kept.Rows(0, 2).Length);
        BatchSampler dropped = BatchSampler.Shuffled(10, 4, 1, dropLast: true);
        Assert.Equal(2, dropped.BatchesPerEpoch);
        Assert.Throws<ArgumentOutOfRangeException>(() => dropped.Rows(0, 2).Length);
        Assert.Equal(0, BatchSampler.Shuffled(3, 4, 1, dropLast: true).BatchesPerEpoch);
        Assert.Equal(0, BatchSampler.Sequential(0, 4).BatchesPerEpoch);
        Assert.Throws<ArgumentOutOfRangeException>(() => BatchSampler.Sequential(3, 0));
    }

    [Fact]
    public void Rows_may_keep_their_order()
    {
        Assert.Equal([3, 4], BatchSampler.Sequential(5, 3).Rows(9, 1).ToArray());
    }
}
