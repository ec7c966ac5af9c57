namespace Atenea.Tensors.Kernels;

/// <summary>
/// Backward pass of attention. The probabilities P are computed again from Q, K and the rows' largest scores and sums; with the dropped-out
/// probabilities D = P * mask / (1 - rate): dV = D^T dO, dP = (dO V^T) * mask / (1 - rate), dS = P * (dP - rowsum(dO * O)), dQ = scale dS K,
/// dK = scale dS^T Q (Dao et al. 2022, appendix B.2).
/// </summary>
/// <typeparam name="T">Lanes of the instruction set.</typeparam>
internal static unsafe class AttentionBackward<T>
    where T : struct, ILanes<T>
{
    /// <summary>Splits the work and runs it on the tape's team.</summary>
    public static void Run(Tape tape, ref AttentionWork work)
    {
        work.PlanBackward(tape.Team.Size);
        long keys = AttentionWork.Pad(work.Longest);
        long block = work.QueryBlock;
        long floats = (2 * keys * work.HeadSize) // keys and values, in panels
            + (3 * keys * work.PaddedHeadSize) // keys, gradients of keys and of values
            + (3 * block * work.PaddedHeadSize) // queries, their gradients, gradients of the context
            + (2 * block * AttentionWork.ScoreRow((int)keys)) // probabilities, gradients of scores
            + 64 // row products
            + work.MaskFloats;
        work.Run(tape, floats, &Worker);
    }

    private static void Worker(void* state, int worker)
    {
        var work = (AttentionWork*)state;
        while (work->Take(out AttentionItem item))
        {
            if (item.Length == 0) continue;
            for (int head = item.FirstHead; head < item.EndHead; head++) Head(work, item, head, work->ScratchOf(worker));
        }
    }

    private static void Head(AttentionWork* work, in AttentionItem item, int head, float* scratch)
    {
        int size = work->HeadSize, paddedSize = work->PaddedHeadSize;
        int keys = item.Length, paddedKeys = AttentionWork.Pad(keys), scoreRow = AttentionWork.ScoreRow(keys);
        nint row = work->InputRow, outputRow = (nint)work->Heads * size;
        nint first0 = (item.Start * row) + ((nint)head * size);
        float* input = work->Input + first0;
        float* inputGradient = work->InputGradient + first0;
        float* output = work->Output + (item.Start * outputRow) + ((nint)head * size);
        float* outputGradient = work->OutputGradient + (item.Start * outputRow) + ((nint)head * size);
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
        float* probabilities = contextGradient + perQuery; // [block, scoreRow]
        float* scoreGradient = probabilities + perScore; // [block, scoreRow]
        float* products = scoreGradient + perScore; // [block]
        float* mask = products + 64; // [block, paddedKeys]

        AttentionPacking<T>.PackPanels(input + work->KeyColumn, row, keyPanels, keys, size);
        AttentionPacking<T>.PackPanels(input + work->ValueColumn, row, valuePanels, keys, size);
        AttentionPacking<T>.CopyRows(input + work->KeyColumn, row, keyRows, keys, keys, size, paddedSize, 1f);

        int keyRowsPadded = AttentionProduct<T>.PadRows(keys);
        bool hasNext = head + 1 < item.EndHead;
        for (int first = 0; first < keys; first += work->QueryBlock)
        {
            int rows = Math.Min(work->QueryBlock, keys - first);
            int paddedRows = AttentionProduct<T>.PadRows(rows);
            if (hasNext) PrefetchNextHead(work, input + (first * row), inputGradient + (first * row), outputGradient + (first * outputRow), output + (first * outputRow), rows);
            AttentionPacking<T>.CopyRows(input + (first * row), row, queries, rows, paddedRows, size, paddedSize, work->Scale);
            AttentionPacking<T>.CopyRows(
                outputGradient + (first * outputRow), outputRow, contextGradient, rows, paddedRows, size, paddedSize, 1f);
            AttentionProduct<T>.Multiply(
                queries, paddedSize, 1, keyPanels, 16, 16 * size, probabilities, scoreRow, paddedRows, paddedKeys, size, accumulate: false);
            AttentionProduct<T>.Multiply(
                contextGradient, paddedSize, 1, valuePanels, 16, 16 * size, scoreGradient, scoreRow, paddedRows, paddedKeys, size, accumulate: false);

            AttentionSoftmax<T>.RowProducts(outputGradient + (first * outputRow), output + (first * outputRow), outputRow, rows, size, products);
            if (work->Drops)
                DropoutMask<T>.Fill(mask, work->DropoutPosition(item, head, first), rows * paddedKeys, work->Dropout);
            AttentionSoftmax<T>.Backward(
                probabilities, scoreGradient, scoreRow, rows, keys, work->Drops ? mask : null, maxima + first, reciprocals + first, products);

            // Transposed products: row j of A is column j of the scores.
            AttentionProduct<T>.Multiply(
                probabilities, 1, scoreRow, contextGradient, paddedSize, 16, valueGradient, paddedSize, keyRowsPadded, paddedSize, rows, accumulate: first > 0);
            AttentionProduct<T>.Multiply(
                scoreGradient, 1, scoreRow, queries, paddedSize, 16, keyGradient, paddedSize, keyRowsPadded, paddedSize, rows, accumulate: first > 0);
            AttentionProduct<T>.Multiply(
                scoreGradient, scoreRow, 1, keyRows, paddedSize, 16, queryGradient, paddedSize, paddedRows, paddedSize, keys, accumulate: false);
            AttentionPacking<T>.WriteRows(
                queryGradient, paddedSize, inputGradient + (first * row), row, rows, size, work->Scale, work->Accumulate);
        }

        AttentionPacking<T>.WriteRows(keyGradient, paddedSize, inputGradient + work->KeyColumn, row, keys, size, 1f, work->Accumulate);
        AttentionPacking<T>.WriteRows(valueGradient, paddedSize, inputGradient + work->ValueColumn, row, keys, size, 1f, work->Accumulate);
    }

    private static void PrefetchNextHead(AttentionWork* work, float* input, float* inputGradient, float* outputGradient, float* output, int rows)
    {
        int size = work->HeadSize;
        nint row = work->InputRow, outputRow = (nint)work->Heads * size;
        AttentionPacking<T>.Prefetch(outputGradient + size, outputRow, rows, size);
        AttentionPacking<T>.Prefetch(output + size, outputRow, rows, size);
        for (int part = 0; part < 3; part++)
        {
            nint column = (part == 0 ? 0 : part == 1 ? work->KeyColumn : work->ValueColumn) + size;
            AttentionPacking<T>.Prefetch(input + column, row, rows, size);
            AttentionPacking<T>.Prefetch(inputGradient + column, row, rows, size);
        }
    }
}
