namespace Atenea.Pipelines;

/// <summary>
/// Cuts a window of sequences into batches of similar lengths that hold about the same number of tokens. The engine needs no padding, so
/// the order is not for saving work but for even batches: attention's cost and memory grow with the longest sequence.
/// </summary>
internal static class TokenBudget
{
    /// <summary>The batches, each the numbers of its sequences, longest sequences first (the largest memory need comes first).</summary>
    /// <param name="lengths">Number of tokens of each sequence.</param>
    /// <param name="tokens">A batch takes no further sequence once it would hold more; a single longer sequence is a batch of its
    /// own.</param>
    public static IEnumerable<int[]> Split(IReadOnlyList<int> lengths, int tokens)
    {
        int[] order = [.. Enumerable.Range(0, lengths.Count).OrderByDescending(i => lengths[i]).ThenBy(i => i)];
        int start = 0, sum = 0;
        for (int i = 0; i < order.Length; i++)
        {
            int length = lengths[order[i]];
            if (i > start && sum + length > tokens)
            {
                yield return order[start..i];
                (start, sum) = (i, 0);
            }

            sum += length;
        }

        if (start < order.Length) yield return order[start..];
    }
}
