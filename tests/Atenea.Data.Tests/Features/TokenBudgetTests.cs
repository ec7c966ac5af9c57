namespace Atenea.Data.Tests;

public class TokenBudgetTests
{
    [Fact]
    public void Every_sequence_is_in_one_batch_and_no_batch_of_several_exceeds_the_budget()
    {
        var random = new Random(3);
        for (int round = 0; round < 50; round++)
        {
            int[] lengths = [.. Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(1, 200))];
            int budget = random.Next(1, 400);
            int[][] batches = [.. TokenBudget.Split(lengths, budget).Select(batch => batch.ToArray())];
            Assert.Equal(Enumerable.Range(0, lengths.Length), batches.SelectMany(b => b).Order());
            Assert.All(batches, b => Assert.True(b.Length == 1 || b.Sum(i => lengths[i]) <= budget));
            int[] inOrder = [.. batches.SelectMany(b => b).Select(i => lengths[i])];
            Assert.Equal(inOrder.OrderDescending(), inOrder);
        }
    }
}
