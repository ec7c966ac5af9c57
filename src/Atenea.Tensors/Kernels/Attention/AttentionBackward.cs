namespace Atenea.Tensors;

/// <summary>
/// Backward pass of attention. The probabilities P are computed again from Q, K and the rows' largest scores and sums; with the dropped-out
/// probabilities D = P * mask / (1 - rate): dV = D^T dO, dP = (dO V^T) * mask / (1 - rate), dS = P * (dP - rowsum(dO * O)), dQ = scale dS
/// K, dK = scale dS^T Q (Dao et al. 2022, appendix B.2).
/// </summary>
/// <typeparam name="T">Lanes of the instruction set.</typeparam>
internal static unsafe class AttentionBackward<T>
    where T : struct, ILanes<T>
{
    /// <summary>Splits the work and runs it on the workspace's team.</summary>
    public static void Run(Workspace workspace, ref AttentionWork work)
    {
        work.PlanBackward(workspace.Team.Size);
        if (work.Relative is not null) work.Relative->Prepare<T>(workspace, work, backward: true);
        long keys = AttentionWork.Pad(work.Longest);
        long block = work.QueryBlock;
        long floats = (2 * keys * work.HeadSize) // keys and values, in panels
            + (3 * keys * work.PaddedHeadSize) // keys, gradients of keys and of values
            + (3 * block * work.PaddedHeadSize) // queries, their gradients, gradients of the context
            + (2 * block * AttentionWork.ScoreRow(work.MostVisible)) // probabilities, gradients of scores
            + 64 // row products
            + work.MaskFloats;
        if (work.Relative is null)
        {
            work.Run(workspace, floats, &Worker);
            return;
        }

        floats += RelativeFloats(block, AttentionWork.ScoreRow(work.MostVisible));
        work.Run(workspace, floats, &RelativeWorker);
    }

    private static void Worker(void* state, int worker)
    {
        var work = (AttentionWork*)state;
        while (work->Take(out AttentionItem item))
        {
            if (item.Queries == 0) continue;
            for (int head = item.FirstHead; head < item.EndHead; head++) Head(work, item, head, work->ScratchOf(worker));
        }
    }

    /// <summary>
    /// With relative positions a worker takes one head of a group of sequences: their gradients of distances meet in one place.
    /// </summary>
    private static void RelativeWorker(void* state, int worker)
    {
        var work = (AttentionWork*)state;
        RelativeWork* relative = work->Relative;
        while (relative->Take(out int group, out int head))
        {
            RelativeShare share = relative->ShareOf(group, head);
            share.Clear(relative->Entries, work->PaddedHeadSize);
            for (int s = relative->Groups[group]; s < relative->Groups[group + 1]; s++)
            {
                var item = new AttentionItem { Sequence = s, FirstHead = head, EndHead = head + 1 };
                work->Locate(ref item);
                item.EndQuery = item.Queries;
                if (item.Queries > 0) Head(work, item, head, work->ScratchOf(worker), share);
            }
        }
    }

    private static long RelativeFloats(long block, long scoreRow) =>
        16 + RelativeWork.TurnedFloats((int)block) + ((RelativeScores<T>.RowsBefore + RelativeScores<T>.RowsAfter) * scoreRow);

    private static void Head(AttentionWork* work, in AttentionItem item, int head, float* scratch, in RelativeShare share = default)
    {
        int size = work->HeadSize, paddedSize = work->PaddedHeadSize;
        int keys = item.Keys, paddedKeys = AttentionWork.Pad(keys), keyHead = head / work->HeadsPerKey;
        int scoreRow = AttentionWork.ScoreRow(work->Visibility.Most(work->QueryBlock, keys));
        nint queryRow = work->Queries.Row, outputRow = (nint)work->Heads * size;
        nint outputStart = (item.Start * outputRow) + ((nint)head * size);
        float* output = work->Output + outputStart;
        float* outputGradient = work->OutputGradient + outputStart;
        float* maxima = work->Maxima + ((nint)head * work->Tokens) + item.Start;
        float* reciprocals = work->Reciprocals + ((nint)head * work->Tokens) + item.Start;

        nint panels = (nint)paddedKeys * size, perKey = (nint)paddedKeys * paddedSize;
        nint perQuery = (nint)work->QueryBlock * paddedSize, perScore = (nint)work->QueryBlock * scoreRow;
        float* keyPanels = scratch; // [keys / 16][size][16]
        float* valuePanels = keyPanels + panels; // [keys / 16][size][16]
        float* keyRows = valuePanels + panels; // [paddedKeys, paddedSize]
        float* keyGradient = keyRows + perKey; // [paddedKeys, paddedSize]
        float* valueGradient = keyGradient + perKey; // [paddedKeys, paddedSize]
        float* queries = valueGradient + perKey; // [block, paddedSize], times scale
        float* queryGradient = queries + perQuery; // [block, paddedSize]
        float* contextGradient = queryGradient + perQuery; // [block, paddedSize]
        float* products = contextGradient + perQuery; // [block]
        float* mask = products + 64; // [block, padded visible keys]
        int lineBefore = 0, rowsBefore = 0, rowsAfter = 0; // around scores and their gradient
        if (work->Relative is not null)
            (lineBefore, rowsBefore, rowsAfter) = (16, RelativeScores<T>.RowsBefore, RelativeScores<T>.RowsAfter);
        float* probabilities = mask + work->MaskFloats + lineBefore; // [block, scoreRow]
        float* scoreGradientRoom = probabilities + perScore; // rows before, block, rows after
        float* scoreGradient = scoreGradientRoom + ((nint)rowsBefore * scoreRow); // [block, scoreRow]
        float* turned = scoreGradient + perScore + ((nint)rowsAfter * scoreRow);
        if (work->Relative is not null) new Span<float>(scoreGradientRoom, checked((int)(turned - scoreGradientRoom))).Clear();

        bool firstOfKey = head % work->HeadsPerKey == 0, lastOfKey = (head + 1) % work->HeadsPerKey == 0;
        bool limited = work->Visibility.Limits(item.Position, item.Queries, keys);
        work->Visibility.Range(item.Position, item.Queries, keys, out int firstKey, out int endKey);
        int seen = endKey - firstKey;
        nint firstRow = (nint)firstKey * paddedSize, firstPanel = (nint)firstKey * size;
        if (firstOfKey)
        {
            float* key = work->Keys.At(item.KeyStart + firstKey, keyHead);
            float* value = work->Values.At(item.KeyStart + firstKey, keyHead);
            AttentionRotary<T>.CopyTurned(work, key, work->Keys.Row, keyRows + firstRow, firstKey, seen, seen, 1f);
            AttentionPacking<T>.PackPanels(keyRows + firstRow, paddedSize, keyPanels + firstPanel, seen, size);
            AttentionPacking<T>.PackPanels(value, work->Values.Row, valuePanels + firstPanel, seen, size);
            if (limited) new Span<float>(keyGradient, checked((int)(2 * perKey))).Clear(); // and of values: no block writes all rows
        }

        bool nextQuery = head + 1 < item.EndHead;
        for (int first = 0; first < item.Queries; first += work->QueryBlock)
        {
            int rows = Math.Min(work->QueryBlock, item.Queries - first), position = item.Position + first;
            int paddedRows = AttentionProduct<T>.PadRows(rows);
            work->Visibility.Range(position, rows, keys, out int begin, out int end);
            int visible = end - begin, paddedVisible = AttentionWork.Pad(visible), visibleRows = AttentionProduct<T>.PadRows(visible);
            nint beginRow = (nint)begin * paddedSize, beginPanel = (nint)begin * size;
            bool addToKeys = first > 0 || !firstOfKey || limited;
            float* query = work->Queries.At(item.Start + first, head);
            float* gradient = outputGradient + (first * outputRow);
            if (nextQuery) PrefetchNextHead(work, item, gradient, output + (first * outputRow), first, rows, head);
            AttentionRotary<T>.CopyTurned(work, query, queryRow, queries, position, rows, paddedRows, work->Scale);
            AttentionPacking<T>.CopyRows(gradient, outputRow, contextGradient, rows, paddedRows, size, paddedSize, 1f);
            bool begun = work->Relative is not null;
            if (begun)
                RelativeScores<T>.Begin(work->Relative, head, first, rows, keys, queries, keyPanels, probabilities, scoreRow, turned);
            AttentionProduct<T>.Multiply(
                queries, paddedSize, 1, keyPanels + beginPanel, 16, 16 * size,
                probabilities, scoreRow, paddedRows, paddedVisible, size, accumulate: begun);
            AttentionProduct<T>.Multiply(
                contextGradient, paddedSize, 1, valuePanels + beginPanel, 16, 16 * size,
                scoreGradient, scoreRow, paddedRows, paddedVisible, size, accumulate: false);
            work->Visibility.Hide(probabilities, scoreRow, position, rows, begin, end);

            AttentionSoftmax<T>.RowProducts(gradient, output + (first * outputRow), outputRow, rows, size, products);
            if (work->Drops) work->FillMask<T>(mask, item, head, first, rows, begin, end);
            bool captured = work->ProbabilityGradient is not null;
            if (captured)
            {
                nint at = work->Captured(item, head, first);
                AttentionCaptures<T>.AddToProbabilities(
                    work->ProbabilityGradient + at, keys, scoreGradient, scoreRow, work->Drops ? mask : null, rows, begin, end,
                    work->Probabilities + at, products);
            }

            AttentionSoftmax<T>.Backward(
                probabilities, scoreGradient, scoreRow, rows, visible, work->Drops && !captured ? mask : null,
                maxima + first, reciprocals + first, products);
            if (work->Drops && captured) AttentionSoftmax<T>.Multiply(probabilities, scoreRow, rows, visible, mask);
            if (work->ScoreGradient is not null)
            {
                float* arrived = work->ScoreGradient + work->Captured(item, head, first);
                AttentionCaptures<T>.AddToScores(work, arrived, keys, scoreGradient, scoreRow, position, rows, begin, end);
            }

            // Transposed products: row j of A is column j of the scores.
            AttentionProduct<T>.Multiply(
                probabilities, 1, scoreRow, contextGradient, paddedSize, 16,
                valueGradient + beginRow, paddedSize, visibleRows, paddedSize, rows, addToKeys);
            AttentionProduct<T>.Multiply(
                scoreGradient, 1, scoreRow, queries, paddedSize, 16,
                keyGradient + beginRow, paddedSize, visibleRows, paddedSize, rows, addToKeys);
            AttentionProduct<T>.Multiply(
                scoreGradient, scoreRow, 1, keyRows + beginRow, paddedSize, 16,
                queryGradient, paddedSize, paddedRows, paddedSize, visible, accumulate: false);
            if (begun)
            {
                RelativeScores<T>.Backward(
                    work->Relative, share, head, first, rows, keys, scoreGradient, scoreRow, queries, keyRows, queryGradient, keyGradient);
            }

            float* target = work->Queries.GradientAt(item.Start + first, head);
            AttentionRotary<T>.WriteTurnedBack(work, queryGradient, work->Queries, target, position, rows, work->Scale);
        }

        if (!lastOfKey) return;
        float* keyTarget = work->Keys.GradientAt(item.KeyStart + firstKey, keyHead);
        float* valueTarget = work->Values.GradientAt(item.KeyStart + firstKey, keyHead);
        AttentionRotary<T>.WriteTurnedBack(work, keyGradient + firstRow, work->Keys, keyTarget, firstKey, seen, 1f);
        if (valueTarget is null) return;
        AttentionPacking<T>.WriteRows(
            valueGradient + firstRow, paddedSize, valueTarget, work->Values.Row, seen, size, 1f, work->Values.Gradient.Accumulate);
    }

    private static void PrefetchNextHead(
        AttentionWork* work, in AttentionItem item, float* outputGradient, float* output, int first, int rows, int head)
    {
        int size = work->HeadSize, next = head + 1;
        nint outputRow = (nint)work->Heads * size;
        AttentionPacking<T>.Prefetch(outputGradient + size, outputRow, rows, size);
        AttentionPacking<T>.Prefetch(output + size, outputRow, rows, size);
        Prefetch(work->Queries, item.Start + first, next, rows, size);
        if (next % work->HeadsPerKey != 0) return;
        Prefetch(work->Keys, item.KeyStart + first, next / work->HeadsPerKey, rows, size);
        Prefetch(work->Values, item.KeyStart + first, next / work->HeadsPerKey, rows, size);
    }

    private static void Prefetch(in AttentionPart part, int row, int head, int rows, int size)
    {
        AttentionPacking<T>.Prefetch(part.At(row, head), part.Row, rows, size);
        if (!part.Gradient.IsUnwanted) AttentionPacking<T>.Prefetch(part.GradientAt(row, head), part.Row, rows, size);
    }
}
