namespace Atenea.Tensors;

/// <summary>
/// Copies of a block's probabilities and scores into what is captured, and the way back of gradients that arrive there. Captured rows are
/// as far apart as there are keys; those of the block lie scoreRow floats apart and begin with key "begin".
/// </summary>
/// <typeparam name="T">Lanes of the instruction set.</typeparam>
internal static unsafe class AttentionCaptures<T>
    where T : struct, ILanes<T>
{
    /// <summary>Probabilities before dropout, [rows, keys]: exponentials times one over their sum, zero outside of [begin, end).</summary>
    public static void CopyProbabilities(
        float* captured, int keys, float* exponentials, int scoreRow, int rows, int begin, int end, float* reciprocals)
    {
        if (end - begin < keys) new Span<float>(captured, rows * keys).Clear();
        AttentionPacking<T>.WriteScaledRows(exponentials, scoreRow, captured + begin, keys, rows, end - begin, reciprocals);
    }

    /// <summary>Scores, [rows, keys]: zero where the query does not see the key.</summary>
    public static void CopyScores(
        AttentionWork* work, float* captured, int keys, float* scores, int scoreRow, int position, int rows, int begin, int end)
    {
        for (int i = 0; i < rows; i++, captured += keys, scores += scoreRow)
        {
            new Span<float>(captured, keys).Clear();
            Seen(work, position + i, begin, end, out int from, out int to);
            new ReadOnlySpan<float>(scores + from - begin, to - from).CopyTo(new Span<float>(captured + from, to - from));
        }
    }

    /// <summary>
    /// Adds up what arrives at the probabilities before dropout: from the context, gradient * mask, and at the captured ones. Both hold the
    /// sum afterwards.
    /// </summary>
    /// <param name="captured">[rows, keys].</param>
    /// <param name="keys">Floats between its rows.</param>
    /// <param name="gradient">[rows, scoreRow]: dO V^T.</param>
    /// <param name="scoreRow">Floats between its rows.</param>
    /// <param name="mask">Multipliers of dropout: [rows, padded visible keys], or null.</param>
    /// <param name="rows">Queries.</param>
    /// <param name="begin">First key of the block.</param>
    /// <param name="end">After its last key.</param>
    /// <param name="probabilities">The captured probabilities, laid out as their gradient.</param>
    /// <param name="products">Of each row, rowsum(P * dP) from the context; the captured share is added.</param>
    public static void AddToProbabilities(
        float* captured,
        int keys,
        float* gradient,
        int scoreRow,
        float* mask,
        int rows,
        int begin,
        int end,
        float* probabilities,
        float* products)
    {
        int visible = end - begin;
        captured += begin;
        probabilities += begin;
        for (int i = 0; i < rows; i++, captured += keys, probabilities += keys, gradient += scoreRow)
        {
            T product = T.Zero;
            for (int j = 0; j < visible; j += 16)
            {
                int count = Math.Min(16, visible - j);
                T arrived = T.LoadPartial(captured + j, count), sum = T.Load(gradient + j);
                product = T.MultiplyAdd(T.LoadPartial(probabilities + j, count), arrived, product);
                if (mask is not null)
                {
                    sum *= T.Load(mask);
                    mask += 16;
                }

                sum += arrived;
                sum.StorePartial(captured + j, count);
                sum.Store(gradient + j);
            }

            products[i] += product.Sum();
        }
    }

    /// <summary>
    /// Adds up what arrives at the scores, through the probabilities and at the captured ones; both hold the sum afterwards.
    /// </summary>
    public static void AddToScores(
        AttentionWork* work, float* captured, int keys, float* gradient, int scoreRow, int position, int rows, int begin, int end)
    {
        for (int i = 0; i < rows; i++, captured += keys, gradient += scoreRow)
        {
            Seen(work, position + i, begin, end, out int from, out int to);
            for (int j = from; j < to; j += 16)
            {
                int count = Math.Min(16, to - j);
                T sum = T.LoadPartial(gradient + j - begin, count) + T.LoadPartial(captured + j, count);
                sum.StorePartial(captured + j, count);
                sum.StorePartial(gradient + j - begin, count);
            }
        }
    }

    private static void Seen(AttentionWork* work, int position, int begin, int end, out int from, out int to)
    {
        from = Math.Max(begin, position - work->Visibility.Before);
        to = Math.Min(end, position + work->Visibility.After + 1);
    }
}
