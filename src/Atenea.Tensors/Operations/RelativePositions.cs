namespace Atenea.Tensors;

/// <summary>
/// Which row of a table stands for a distance between two tokens (position of the query minus position of the key). Several distances may
/// share a row: far ones are put together in buckets, or taken for the farthest that the table knows.
/// </summary>
public sealed class RelativePositions
{
    private readonly int[] _rows; // pinned: operations keep its address

    /// <summary>Asks <paramref name="rowOf"/> once for every distance from -reach to reach.</summary>
    /// <param name="reach">The largest distance, one less than the tokens of the longest sequence.</param>
    /// <param name="rowOf">The row for a distance, 0 or above.</param>
    public RelativePositions(int reach, Func<int, int> rowOf)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(reach);
        Reach = reach;
        _rows = GC.AllocateUninitializedArray<int>(checked((2 * reach) + 1), pinned: true);
        for (int distance = -reach; distance <= reach; distance++) _rows[distance + reach] = rowOf(distance);
    }

    /// <summary>The largest distance that is known.</summary>
    public int Reach { get; }

    /// <summary>The row for a distance.</summary>
    /// <param name="distance">In [-<see cref="Reach"/>, <see cref="Reach"/>].</param>
    public int this[int distance] => _rows[distance + Reach];

    /// <summary>The smallest and the largest row that a sequence of this many tokens uses.</summary>
    /// <param name="length">Tokens, at least 1 and at most <see cref="Reach"/> + 1.</param>
    public (int First, int Last) RowsOf(int length)
    {
        Span<int> used = _rows.AsSpan(Reach - (length - 1), (2 * length) - 1);
        int first = used[0], last = used[0];
        foreach (int row in used)
        {
            first = Math.Min(first, row);
            last = Math.Max(last, row);
        }

        return (first, last);
    }

    /// <summary>The rows for -<see cref="Reach"/> to <see cref="Reach"/>, pinned.</summary>
    internal int[] Rows => _rows;
}
