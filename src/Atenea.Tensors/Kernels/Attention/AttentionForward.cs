namespace Atenea.Tensors.Kernels;

/// <summary>Forward pass of attention: context = dropout(softmax(scale Q K^T)) V, one block of queries at a time.</summary>
/// <typeparam name="T">Lanes of the instruction set.</typeparam>
internal static unsafe class AttentionForward<T>
    where T : struct, ILanes<T>
{
    /// <summary>Splits the work and runs it on the tape's team.</summary>
    public static void Run(Tape tape, ref AttentionWork work)
    {
        work.PlanForward(tape.Team.Size);
        int keys = work.Longest;
        long block = work.QueryBlock;
        long floats = ((long)AttentionWork.Pad(keys) * work.HeadSize) // keys, in panels
            + ((long)keys * work.PaddedHeadSize) // values
            + (2 * block * work.PaddedHeadSize) // queries, context
            + (block * AttentionWork.ScoreRow(keys)) // scores, then probabilities
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
        int keys = item.Length, paddedKeys = AttentionWork.Pad(keys), scoreRow = AttentionWork.ScoreRow(keys);
        nint row = work->InputRow, outputRow = (nint)work->Heads * size;
        float* input = work->Input + (item.Start * row) + ((nint)head * size);
        float* output = work->Output + (item.Start * outputRow) + ((nint)head * size);

        float* keyPanels = scratch; // [keys / 16][size][16]
        float* values = keyPanels + ((nint)paddedKeys * size); // [keys, paddedSize]
        float* queries = values + ((nint)keys * paddedSize); // [block, paddedSize]
        float* context = queries + ((nint)work->QueryBlock * paddedSize); // [block, paddedSize]
        float* scores = context + ((nint)work->QueryBlock * paddedSize); // [block, scoreRow]
        float* mask = scores + ((nint)work->QueryBlock * scoreRow); // [block, paddedKeys]

        AttentionPacking<T>.PackPanels(input + work->KeyColumn, row, keyPanels, keys, size);
        AttentionPacking<T>.CopyRows(input + work->ValueColumn, row, values, keys, keys, size, paddedSize, 1f);
        float* maxima = work->Maxima + ((nint)head * work->Tokens) + item.Start;
        float* reciprocals = work->Reciprocals + ((nint)head * work->Tokens) + item.Start;
        float* captured = work->Captured is null ? null : (float*)work->Captured[item.Sequence] + ((nint)head * keys * keys);

        float* next = head + 1 < item.EndHead ? input + size : null;
        for (int first = item.FirstQuery; first < item.EndQuery; first += work->QueryBlock)
        {
            int rows = Math.Min(work->QueryBlock, item.EndQuery - first);
            int paddedRows = AttentionProduct<T>.PadRows(rows);
            AttentionPacking<T>.CopyRows(input + (first * row), row, queries, rows, paddedRows, size, paddedSize, work->Scale);
            if (next is not null) AttentionPacking<T>.Prefetch(next + (first * row), row, rows, size);
            AttentionProduct<T>.Multiply(
                queries, paddedSize, 1, keyPanels, 16, 16 * size, scores, scoreRow, paddedRows, paddedKeys, size, accumulate: false);

            if (next is not null) AttentionPacking<T>.Prefetch(next + work->KeyColumn + (first * row), row, rows, size);
            AttentionPacking<T>.Prefetch(output + (first * outputRow), outputRow, rows, size);
            if (work->Drops)
                DropoutMask<T>.Fill(mask, work->DropoutPosition(item, head, first), rows * paddedKeys, work->Dropout);
            AttentionSoftmax<T>.Forward(
                scores,
                scoreRow,
                rows,
                keys,
                work->Drops ? mask : null,
                maxima + first,
                reciprocals + first,
                captured is null ? null : captured + ((nint)first * keys));

            if (next is not null) AttentionPacking<T>.Prefetch(next + work->ValueColumn + (first * row), row, rows, size);
            AttentionProduct<T>.Multiply(
                scores, scoreRow, 1, values, paddedSize, 16, context, paddedSize, paddedRows, paddedSize, keys, accumulate: false);
            AttentionPacking<T>.WriteScaledRows(context, paddedSize, output + (first * outputRow), outputRow, rows, size, reciprocals + first);
        }
    }
}
