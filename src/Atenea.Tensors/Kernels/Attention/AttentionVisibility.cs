namespace Atenea.Tensors;

/// <summary>
/// Which keys a query sees: so many before and after its own position. Blocks of keys that none of a block's queries sees are never
/// computed; in those at the edges, the scores of hidden keys become minus infinity, whose exponential is exactly 0. So which queries share
/// a block does not change a bit.
/// </summary>
/// <param name="Before">Keys before the query's own.</param>
/// <param name="After">Keys after it.</param>
internal readonly unsafe record struct AttentionVisibility(int Before, int After)
{
    // More than any sequence has, and still without overflow when added to a position.
    private const int Unlimited = 1 << 29;

    /// <summary>What settings say.</summary>
    public static AttentionVisibility Of(in AttentionSettings settings) =>
        new(Math.Min(settings.KeysBefore ?? Unlimited, Unlimited), Math.Min(settings.KeysAfter ?? Unlimited, Unlimited));

    /// <summary>Whether a query of [first, first + queries), by their positions, may not see one of the keys.</summary>
    public bool Limits(int first, int queries, int keys) => Before < first + queries - 1 || After < keys - 1 - first;

    /// <summary>Whether a query sees a key, both by their positions.</summary>
    public bool Shows(int query, int key) => key >= query - Before && key <= query + After;

    /// <summary>Whether each of the queries [first, first + queries), by their positions, sees a key.</summary>
    public bool ShowsAll(int first, int queries, int keys) => keys > 0 && (long)first + queries - 1 - Before < keys;

    /// <summary>The most keys, from a multiple of sixteen on, that a block of queries sees together.</summary>
    public int Most(int queries, int length) => Math.Min(length, Math.Min(Before, Unlimited) + Math.Min(After, Unlimited) + queries + 15);

    /// <summary>The keys [begin, end) that queries at positions [first, first + rows) see; begin is a multiple of sixteen.</summary>
    public void Range(int first, int rows, int length, out int begin, out int end)
    {
        begin = Math.Max(0, first - Before) & ~15;
        end = Math.Min(length, first + rows + After);
    }

    /// <summary>Makes the scores of hidden keys minus infinity.</summary>
    /// <param name="scores">[rows, scoreRow].</param>
    /// <param name="scoreRow">Floats between rows.</param>
    /// <param name="first">Position of the first row's query.</param>
    /// <param name="rows">Queries.</param>
    /// <param name="begin">Position of the first column's key.</param>
    /// <param name="end">Position after the last column's key.</param>
    public void Hide(float* scores, int scoreRow, int first, int rows, int begin, int end)
    {
        for (int query = first; query < first + rows; query++, scores += scoreRow)
        {
            int hiddenBefore = query - Before - begin, visibleEnd = query + After + 1;
            if (hiddenBefore > 0) new Span<float>(scores, hiddenBefore).Fill(float.NegativeInfinity);
            if (visibleEnd < end) new Span<float>(scores + (visibleEnd - begin), end - visibleEnd).Fill(float.NegativeInfinity);
        }
    }
}
