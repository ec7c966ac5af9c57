namespace Atenea.Data;

/// <summary>
/// Cuts sequences into batches of similar lengths that hold about the same number of tokens, for whoever asks a model without training it:
/// no result depends on what shares a batch. The engine needs no padding, so the order is not for saving work but for even batches:
/// attention's cost and memory grow with the longest sequence, and memory is at its peak in the first batch.
/// </summary>
public static class TokenBudget
{
    /// <summary>
    /// Tokens of a batch unless something else is asked for: enough to keep every thread at work and the weights in use, few enough for
    /// activations to stay in the cache of a large processor.
    /// </summary>
    public const int Usual = 2048;

    /// <summary>The batches, each the numbers of its sequences, the longest first, equal ones in their own order.</summary>
    /// <param name="lengths">Number of tokens of each sequence.</param>
    /// <param name="tokens">
    /// A batch takes no further sequence once it would hold more; a single longer sequence is a batch of its own.
    /// </param>
    public static IEnumerable<ReadOnlyMemory<int>> Split(IReadOnlyList<int> lengths, int tokens = Usual)
    {
        int[] order = [.. Enumerable.Range(0, lengths.Count).OrderByDescending(i => lengths[i])];
        int start = 0, sum = 0;
        for (int i = 0; i < order.Length; i++)
        {
            int length = lengths[order[i]];
            if (i > start && sum + length > tokens)
            {
                yield return order.AsMemory(start, i - start);
                (start, sum) = (i, 0);
            }

            sum += length;
        }

        if (start < order.Length) yield return order.AsMemory(start);
    }
}
