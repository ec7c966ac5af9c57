namespace Atenea.Tensors;

/// <summary>
/// Forward pass of attention: context = dropout(softmax(scale Q K^T)) V, one block of queries at a time over the keys that it sees.
/// </summary>
/// <typeparam name="T">Lanes of the instruction set.</typeparam>
internal static unsafe class AttentionForward<T>
    where T : struct, ILanes<T>
{
    /// <summary>Splits the work and runs it on the workspace's team.</summary>
    public static void Run(Workspace workspace, ref AttentionWork work)
    {
        work.PlanForward(workspace.Team.Size);
        if (work.Relative is not null) work.Relative->Prepare<T>(workspace, work, backward: false);
        int keys = work.Longest;
        long block = work.QueryBlock;
        long floats = ((long)AttentionWork.Pad(keys) * work.HeadSize) // keys, in panels
            + ((long)keys * work.PaddedHeadSize) // values
            + (2 * block * work.PaddedHeadSize) // queries, context
            + (block * AttentionWork.ScoreRow(work.MostVisible)) // scores, then probabilities
            + (work.Relative is null ? 0 : 16 + RelativeWork.TurnedFloats(work.QueryBlock))
            + work.MaskFloats;
        work.Run(workspace, floats, &Worker);
    }

    private static void Worker(void* state, int worker)
    {
        var work = (AttentionWork*)state;
        while (work->Take(out AttentionItem item))
        {
            if (item.FirstQuery == item.EndQuery) continue;
            for (int head = item.FirstHead; head < item.EndHead; head++) Head(work, item, head, work->ScratchOf(worker));
        }
    }

    private static void Head(AttentionWork* work, in AttentionItem item, int head, float* scratch)
    {
        int size = work->HeadSize, paddedSize = work->PaddedHeadSize, keys = item.Keys;
        int scoreRow = AttentionWork.ScoreRow(work->Visibility.Most(work->QueryBlock, keys));
        nint queryRow = work->Queries.Row, outputRow = (nint)work->Heads * size;
        float* query = work->Queries.At(item.Start, head);
        float* output = work->Output + (item.Start * outputRow) + ((nint)head * size);
        float* maxima = work->Maxima + ((nint)head * work->Tokens) + item.Start;
        float* reciprocals = work->Reciprocals + ((nint)head * work->Tokens) + item.Start;

        float* keyPanels = scratch; // [keys / 16][size][16]
        float* values = keyPanels + ((nint)AttentionWork.Pad(keys) * size); // [keys, paddedSize]
        float* queries = values + ((nint)keys * paddedSize); // [block, paddedSize]
        float* context = queries + ((nint)work->QueryBlock * paddedSize); // [block, paddedSize]
        float* scores = context + ((nint)work->QueryBlock * paddedSize) + (work->Relative is null ? 0 : 16); // [block, scoreRow]
        float* mask = scores + ((nint)work->QueryBlock * scoreRow); // [block, padded visible keys]
        float* turned = mask + work->MaskFloats;

        if (head == item.FirstHead || head % work->HeadsPerKey == 0) PackKeys(work, item, head / work->HeadsPerKey, keyPanels, values);
        bool nextQuery = head + 1 < item.EndHead, nextKey = nextQuery && (head + 1) % work->HeadsPerKey == 0;
        for (int first = item.FirstQuery; first < item.EndQuery; first += work->QueryBlock)
        {
            int rows = Math.Min(work->QueryBlock, item.EndQuery - first), position = item.Position + first;
            int paddedRows = AttentionProduct<T>.PadRows(rows);
            work->Visibility.Range(position, rows, keys, out int begin, out int end);
            int visible = end - begin;
            AttentionRotary<T>.CopyTurned(work, query + (first * queryRow), queryRow, queries, position, rows, paddedRows, work->Scale);
            if (nextQuery) AttentionPacking<T>.Prefetch(query + work->Queries.Head + (first * queryRow), queryRow, rows, size);
            bool begun = work->Relative is not null;
            if (begun) RelativeScores<T>.Begin(work->Relative, head, first, rows, keys, queries, keyPanels, scores, scoreRow, turned);
            AttentionProduct<T>.Multiply(
                queries, paddedSize, 1, keyPanels + ((nint)begin * size), 16, 16 * size,
                scores, scoreRow, paddedRows, AttentionWork.Pad(visible), size, accumulate: begun);
            if (work->Scores is not null)
            {
                float* captured = work->Scores + work->Captured(item, head, first);
                AttentionCaptures<T>.CopyScores(work, captured, keys, scores, scoreRow, position, rows, begin, end);
            }

            work->Visibility.Hide(scores, scoreRow, position, rows, begin, end);

            if (nextKey) PrefetchKeys(work, work->Keys, item, head + 1, first, rows);
            AttentionPacking<T>.Prefetch(output + (first * outputRow), outputRow, rows, size);
            if (work->Drops) work->FillMask<T>(mask, item, head, first, rows, begin, end);
            AttentionSoftmax<T>.Forward(scores, scoreRow, rows, visible, maxima + first, reciprocals + first);
            if (work->Probabilities is not null)
            {
                float* captured = work->Probabilities + work->Captured(item, head, first);
                AttentionCaptures<T>.CopyProbabilities(captured, keys, scores, scoreRow, rows, begin, end, reciprocals + first);
            }

            if (work->Drops) AttentionSoftmax<T>.Multiply(scores, scoreRow, rows, visible, mask);

            if (nextKey) PrefetchKeys(work, work->Values, item, head + 1, first, rows);
            AttentionProduct<T>.Multiply(
                scores, scoreRow, 1, values + ((nint)begin * paddedSize), paddedSize, 16,
                context, paddedSize, paddedRows, paddedSize, visible, accumulate: false);
            AttentionPacking<T>.WriteScaledRows(
                context, paddedSize, output + (first * outputRow), outputRow, rows, size, reciprocals + first);
        }
    }

    /// <summary>Packs the keys and values that the item's queries see; each lies where it would if all were packed.</summary>
    private static void PackKeys(AttentionWork* work, in AttentionItem item, int keyHead, float* keyPanels, float* values)
    {
        int size = work->HeadSize, paddedSize = work->PaddedHeadSize;
        work->Visibility.Range(item.Position + item.FirstQuery, item.EndQuery - item.FirstQuery, item.Keys, out int begin, out int end);
        float* key = work->Keys.At(item.KeyStart + begin, keyHead);
        keyPanels += (nint)begin * size;
        values += (nint)begin * paddedSize;
        if (work->Rotary is null)
        {
            AttentionPacking<T>.PackPanels(key, work->Keys.Row, keyPanels, end - begin, size);
        }
        else
        {
            // The values' memory is free until they come.
            AttentionRotary<T>.CopyTurned(work, key, work->Keys.Row, values, begin, end - begin, end - begin, 1f);
            AttentionPacking<T>.PackPanels(values, paddedSize, keyPanels, end - begin, size);
        }

        float* value = work->Values.At(item.KeyStart + begin, keyHead);
        AttentionPacking<T>.CopyRows(value, work->Values.Row, values, end - begin, end - begin, size, paddedSize, 1f);
    }

    /// <summary>
    /// Asks for the next head's keys or values, as many rows as a block of queries has; where they end it asks for too much.
    /// </summary>
    private static void PrefetchKeys(
        AttentionWork* work, in AttentionPart part, in AttentionItem item, int nextHead, int first, int rows) =>
        AttentionPacking<T>.Prefetch(part.At(item.KeyStart + first, nextHead / work->HeadsPerKey), part.Row, rows, work->HeadSize);
}
