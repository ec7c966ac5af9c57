namespace Atenea.Tensors;

/// <summary>
/// The terms of relative positions in attention, on one head's block of scores; see <see cref="RelativeTerms"/> for what they are and
/// <see cref="RelativeWork"/> for the tables. With c the entry of a table at which a block of sixteen begins, query . key of the distance
/// of query i to key j is element (i, j - i + 15) of queries times sixteen and more entries from c on: a matrix whose rows are shifted by
/// one against each other, which is another distance between rows and nothing more. So neither pass needs a gather: products are added to
/// the scores, and read from their gradient, through skewed strides; what falls beside the keys lands in, or comes as zero from, the gap
/// between rows.
/// </summary>
/// <typeparam name="T">Lanes of the instruction set.</typeparam>
internal static unsafe class RelativeScores<T>
    where T : struct, ILanes<T>
{
    /// <summary>Rows of zeros that the gradient of the scores has before and after a block for <see cref="Backward"/>.</summary>
    public const int RowsBefore = 16, RowsAfter = 20;

    // What the skew of sixteen rows reaches to the left of the first key.
    private const int Skew = 15;

    /// <summary>Begins a block of scores with its terms; the product of queries and keys is then added to it.</summary>
    /// <param name="work">The tables.</param>
    /// <param name="head">The head.</param>
    /// <param name="first">Position of the block's first query, a multiple of sixteen.</param>
    /// <param name="rows">Queries of the block.</param>
    /// <param name="keys">Keys, all of the sequence.</param>
    /// <param name="queries">[rows, padded head size], times scale.</param>
    /// <param name="keyPanels">Keys in panels of sixteen.</param>
    /// <param name="scores">[rows, scoreRow], with sixteen floats of anybody's before it.</param>
    /// <param name="scoreRow">Floats between rows, at least sixteen more than the padded keys.</param>
    /// <param name="turned">Memory for <see cref="RelativeWork.TurnedFloats"/>.</param>
    public static void Begin(
        RelativeWork* work,
        int head,
        int first,
        int rows,
        int keys,
        float* queries,
        float* keyPanels,
        float* scores,
        int scoreRow,
        float* turned)
    {
        int paddedKeys = AttentionWork.Pad(keys), size = work->HeadSize, padded = work->PaddedHeadSize;
        nint table = (nint)head * work->Entries;
        float* queryPanels = work->QueryPanels + (table * size);
        if (work->Bias is not null) CopyBias(work->BiasLines + table + (work->Entries / 2) - 1 - first, rows, paddedKeys, scores, scoreRow);
        else if (work->Queries is not null) TurnedProducts(work, queryPanels, first, rows, keys, keyPanels, scores, scoreRow, turned);
        else for (int i = 0; i < rows; i++) new Span<float>(scores + ((nint)i * scoreRow), paddedKeys).Clear();

        if (work->Keys is null) return;
        int columns = AttentionWork.Pad(keys + Skew);
        for (int i = 0; i < rows; i += 16)
        {
            AttentionProduct<T>.Multiply(
                queries + ((nint)i * padded),
                padded,
                1,
                work->KeyPanels + ((table + work->FallingEntry(first + i)) * size),
                16,
                16 * size,
                scores + ((nint)i * scoreRow) - Skew,
                scoreRow + 1,
                AttentionProduct<T>.PadRows(Math.Min(16, rows - i)),
                columns,
                size,
                accumulate: true);
        }
    }

    /// <summary>
    /// The terms' share of the gradients of queries and keys, and the gradients of the distances, from a block's gradient of the scores.
    /// With dS of query i and key j at distance d: dQuery[i] += scale dS keys[d], dKeys[d] += dS scale query[i], dKey[j] += dS scale
    /// queries[d], dQueries[d] += scale dS key[j], dBias[d] += dS.
    /// </summary>
    /// <param name="work">The tables.</param>
    /// <param name="share">Where the distances' gradients are collected.</param>
    /// <param name="head">The head.</param>
    /// <param name="first">Position of the block's first query.</param>
    /// <param name="rows">Queries of the block.</param>
    /// <param name="keys">Keys, all of the sequence.</param>
    /// <param name="scoreGradient">
    /// [rows, scoreRow]; zeros in the padding and in the gap after the keys, in <see cref="RowsBefore"/> rows before; those after become
    /// zero here.
    /// </param>
    /// <param name="scoreRow">Floats between rows.</param>
    /// <param name="queries">[rows, padded head size], times scale.</param>
    /// <param name="keyRows">[keys, padded head size].</param>
    /// <param name="queryGradient">[rows, padded head size], without the factor of the scores; added to.</param>
    /// <param name="keyGradient">[padded keys, padded head size], added to.</param>
    public static void Backward(
        RelativeWork* work,
        in RelativeShare share,
        int head,
        int first,
        int rows,
        int keys,
        float* scoreGradient,
        int scoreRow,
        float* queries,
        float* keyRows,
        float* queryGradient,
        float* keyGradient)
    {
        int padded = work->PaddedHeadSize;
        nint table = (nint)head * work->Entries;
        if (share.Bias is not null)
            AddBias(share.Bias + (work->Entries / 2) - 1 - first, rows, AttentionWork.Pad(keys), scoreGradient, scoreRow);
        for (int i = 0; share.Keys is not null && i < rows; i += 16)
        {
            int count = Math.Min(16, rows - i);
            nint entry = work->FallingEntry(first + i);
            float* skewed = scoreGradient + ((nint)i * scoreRow) - Skew;
            float* query = queries + ((nint)i * padded);
            AttentionProduct<T>.Multiply(
                skewed, scoreRow + 1, 1, work->KeyRows + ((table + entry) * padded), padded, 16,
                queryGradient + ((nint)i * padded), padded, AttentionProduct<T>.PadRows(count), padded, keys + Skew, accumulate: true);
            AttentionProduct<T>.Multiply(
                skewed, 1, scoreRow + 1, query, padded, 16,
                share.Keys + (entry * padded), padded, AttentionProduct<T>.PadRows(keys + Skew), padded, count, accumulate: true);
        }

        if (share.Queries is null) return;
        new Span<float>(scoreGradient + ((nint)rows * scoreRow), RowsAfter * scoreRow).Clear();
        for (int j = 0; j < keys; j += 16)
        {
            int count = Math.Min(16, keys - j);
            nint entry = work->RisingEntry(first, j);
            float* skewed = scoreGradient - ((nint)Skew * scoreRow) + j;
            AttentionProduct<T>.Multiply(
                skewed, scoreRow + 1, scoreRow, work->QueryRows + ((table + entry) * padded), padded, 16,
                keyGradient + ((nint)j * padded), padded, AttentionProduct<T>.PadRows(count), padded, rows + Skew, accumulate: true);
            AttentionProduct<T>.Multiply(
                skewed, scoreRow, scoreRow + 1, keyRows + ((nint)j * padded), padded, 16,
                share.Queries + (entry * padded), padded, AttentionProduct<T>.PadRows(rows + Skew), padded, count, accumulate: true);
        }
    }

    // The distances of one query fall by one from key to key: a stretch of the line, one to the left for the next query.
    private static void CopyBias(float* line, int rows, int paddedKeys, float* scores, int scoreRow)
    {
        for (int i = 0; i < rows; i++, line--, scores += scoreRow)
        {
            for (int j = 0; j < paddedKeys; j += 16) T.Load(line + j).Store(scores + j);
        }
    }

    private static void AddBias(float* line, int rows, int paddedKeys, float* gradient, int scoreRow)
    {
        for (int i = 0; i < rows; i++, line--, gradient += scoreRow)
        {
            for (int j = 0; j < paddedKeys; j += 16) (T.Load(line + j) + T.Load(gradient + j)).Store(line + j);
        }
    }

    // Sixteen keys times the queries of all distances to them, a row for each key: transposed on the way into the scores, where keys lie
    // side by side.
    private static void TurnedProducts(
        RelativeWork* work, float* queryPanels, int first, int rows, int keys, float* keyPanels, float* scores, int scoreRow, float* turned)
    {
        int size = work->HeadSize, columns = AttentionWork.Pad(((rows + 7) & ~7) + Skew);
        for (int j = 0; j < keys; j += 16)
        {
            AttentionProduct<T>.Multiply(
                keyPanels + ((nint)j * size), 1, 16, queryPanels + ((nint)work->RisingEntry(first, j) * size), 16, 16 * size,
                turned, columns, 16, columns, size, accumulate: false);
            AttentionPacking<T>.TransposeSixteen(turned + Skew, columns - 1, scores + j, scoreRow, rows);
        }
    }
}
