namespace Atenea.Tensors;

/// <summary>
/// Forward pass of attention: context = dropout(softmax(scale Q K^T)) V, one block of queries at a time over the keys that it sees.
/// </summary>
/// <typeparam name="T">Lanes of the instruction set.</typeparam>
internal static unsafe class AttentionForward<T>
    where T : struct, ILanes<T>
{
    /// <summary>Splits the work and runs it on the tape's team.</summary>
    public static void Run(Tape tape, ref AttentionWork work)
    {
        work.PlanForward(tape.Team.Size);
        if (work.Relative is not null) work.Relative->Prepare<T>(tape, work, backward: false);
        int keys = work.Longest;
        long block = work.QueryBlock;
        long floats = ((long)AttentionWork.Pad(keys) * work.HeadSize) // keys, in panels
            + ((long)keys * work.PaddedHeadSize) // values
            + (2 * block * work.PaddedHeadSize) // queries, context
            + (block * AttentionWork.ScoreRow(work.MostVisible)) // scores, then probabilities
            + (work.Relative is null ? 0 : 16 + RelativeWork.TurnedFloats(work.QueryBlock))
            + work.MaskFloats;
        work.Run(tape, floats, &Worker);
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
        int size = work->HeadSize, paddedSize = work->PaddedHeadSize;
        int keys = item.Length, paddedKeys = AttentionWork.Pad(keys), scoreRow = AttentionWork.ScoreRow(work->Visibility.Most(work->QueryBlock, keys));
        nint row = work->InputRow, outputRow = (nint)work->Heads * size;
        int keyHead = head / work->HeadsPerKey;
        float* input = work->Input + (item.Start * row);
        float* query = input + (head * work->HeadColumns);
        float* key = input + work->KeyColumn + (keyHead * work->HeadColumns);
        float* value = input + work->ValueColumn + (keyHead * work->HeadColumns);
        float* output = work->Output + (item.Start * outputRow) + ((nint)head * size);

        float* keyPanels = scratch; // [keys / 16][size][16]
        float* values = keyPanels + ((nint)paddedKeys * size); // [keys, paddedSize]
        float* queries = values + ((nint)keys * paddedSize); // [block, paddedSize]
        float* context = queries + ((nint)work->QueryBlock * paddedSize); // [block, paddedSize]
        float* scores = context + ((nint)work->QueryBlock * paddedSize) + (work->Relative is null ? 0 : 16); // [block, scoreRow]
        float* mask = scores + ((nint)work->QueryBlock * scoreRow); // [block, padded visible keys]
        float* turned = mask + work->MaskFloats;

        if (head == item.FirstHead || head % work->HeadsPerKey == 0)
        {
            if (work->Rotary is null)
            {
                AttentionPacking<T>.PackPanels(key, row, keyPanels, keys, size);
            }
            else
            {
                // The values' memory is free until they come.
                AttentionRotary<T>.CopyTurned(work, key, values, 0, keys, keys, 1f);
                AttentionPacking<T>.PackPanels(values, paddedSize, keyPanels, keys, size);
            }

            AttentionPacking<T>.CopyRows(value, row, values, keys, keys, size, paddedSize, 1f);
        }

        float* maxima = work->Maxima + ((nint)head * work->Tokens) + item.Start;
        float* reciprocals = work->Reciprocals + ((nint)head * work->Tokens) + item.Start;
        float* captured = work->Captured is null ? null : (float*)work->Captured[item.Sequence] + ((nint)head * keys * keys);

        bool nextQuery = head + 1 < item.EndHead, nextKey = nextQuery && (head + 1) % work->HeadsPerKey == 0;
        for (int first = item.FirstQuery; first < item.EndQuery; first += work->QueryBlock)
        {
            int rows = Math.Min(work->QueryBlock, item.EndQuery - first);
            int paddedRows = AttentionProduct<T>.PadRows(rows);
            work->Visibility.Range(first, rows, keys, out int begin, out int end);
            int visible = end - begin;
            AttentionRotary<T>.CopyTurned(work, query + (first * row), queries, first, rows, paddedRows, work->Scale);
            if (nextQuery) AttentionPacking<T>.Prefetch(query + work->HeadColumns + (first * row), row, rows, size);
            bool begun = work->Relative is not null;
            if (begun) RelativeScores<T>.Begin(work->Relative, head, first, rows, keys, queries, keyPanels, scores, scoreRow, turned);
            AttentionProduct<T>.Multiply(
                queries, paddedSize, 1, keyPanels + ((nint)begin * size), 16, 16 * size, scores, scoreRow, paddedRows, AttentionWork.Pad(visible), size, accumulate: begun);
            work->Visibility.Hide(scores, scoreRow, first, rows, begin, end);

            if (nextKey) AttentionPacking<T>.Prefetch(key + work->HeadColumns + (first * row), row, rows, size);
            AttentionPacking<T>.Prefetch(output + (first * outputRow), outputRow, rows, size);
            if (work->Drops) work->FillMask<T>(mask, item, head, first, rows, begin, end);
            AttentionSoftmax<T>.Forward(scores, scoreRow, rows, visible, maxima + first, reciprocals + first);
            if (captured is not null) Capture(scores, scoreRow, captured + ((nint)first * keys), keys, rows, begin, end, reciprocals + first);
            if (work->Drops) AttentionSoftmax<T>.Multiply(scores, scoreRow, rows, visible, mask);

            if (nextKey) AttentionPacking<T>.Prefetch(value + work->HeadColumns + (first * row), row, rows, size);
            AttentionProduct<T>.Multiply(
                scores, scoreRow, 1, values + ((nint)begin * paddedSize), paddedSize, 16, context, paddedSize, paddedRows, paddedSize, visible, accumulate: false);
            AttentionPacking<T>.WriteScaledRows(context, paddedSize, output + (first * outputRow), outputRow, rows, size, reciprocals + first);
        }
    }

    // Probabilities before dropout, [rows, keys]: zero outside of [begin, end).
    private static void Capture(float* scores, int scoreRow, float* captured, int keys, int rows, int begin, int end, float* reciprocals)
    {
        if (end - begin < keys) new Span<float>(captured, rows * keys).Clear();
        AttentionPacking<T>.WriteScaledRows(scores, scoreRow, captured + begin, keys, rows, end - begin, reciprocals);
    }
}
