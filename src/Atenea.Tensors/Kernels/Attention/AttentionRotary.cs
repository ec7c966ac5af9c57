namespace Atenea.Tensors;

/// <summary>
/// <see cref="AttentionPacking{T}"/>'s copies with the rotation of rotary positions on the way, so that it costs no pass over memory of its
/// own.
/// A row of the table holds size / 2 cosines, then as many sines.
/// </summary>
/// <typeparam name="T">Lanes of the instruction set.</typeparam>
internal static unsafe class AttentionRotary<T>
    where T : struct, ILanes<T>
{
    /// <summary>
    /// Copies factor * source[rows, head size] into padded rows, turned by their positions where the
    /// attention has rotary ones.
    /// </summary>
    /// <param name="work">The attention.</param>
    /// <param name="source">First element.</param>
    /// <param name="sourceRow">Floats between rows of the source.</param>
    /// <param name="target">[paddedRows, padded head size]; what is padding becomes zero.</param>
    /// <param name="first">Position of the first row.</param>
    /// <param name="rows">Rows to copy.</param>
    /// <param name="paddedRows">Rows of the target.</param>
    /// <param name="factor">Multiplies every element.</param>
    public static void CopyTurned(
        AttentionWork* work, float* source, nint sourceRow, float* target, int first, int rows, int paddedRows, float factor)
    {
        int size = work->HeadSize, paddedSize = work->PaddedHeadSize;
        if (work->Rotary is null) AttentionPacking<T>.CopyRows(source, sourceRow, target, rows, paddedRows, size, paddedSize, factor);
        else CopyRows(source, sourceRow, target, rows, paddedRows, size, paddedSize, factor, work->Rotary + ((nint)first * size));
    }

    /// <summary>
    /// Writes factor * source[rows, head size] from padded rows to (or adds it to) the gradient of a part, which may be null, turned back
    /// by their positions where the attention has rotary ones: a rotation's transpose is its inverse.
    /// </summary>
    public static void WriteTurnedBack(
        AttentionWork* work, float* source, in AttentionPart part, float* target, int first, int rows, float factor)
    {
        if (target is null) return;
        int size = work->HeadSize, paddedSize = work->PaddedHeadSize;
        bool accumulate = part.Gradient.Accumulate;
        if (work->Rotary is null) AttentionPacking<T>.WriteRows(source, paddedSize, target, part.Row, rows, size, factor, accumulate);
        else WriteRows(source, paddedSize, target, part.Row, rows, size, factor, accumulate, work->Rotary + ((nint)first * size));
    }

    private static void CopyRows(
        float* source, nint sourceRow, float* target, int rows, int paddedRows, int size, int paddedSize, float factor, float* table)
    {
        T f = T.Broadcast(factor);
        int half = size / 2, whole = half & ~15, rest = half - whole;
        if (size < paddedSize) new Span<float>(target, paddedRows * paddedSize).Clear();
        else new Span<float>(target + ((nint)rows * paddedSize), (paddedRows - rows) * paddedSize).Clear();
        for (int i = 0; i < rows; i++, source += sourceRow, target += paddedSize, table += size)
        {
            for (int j = 0; j < whole; j += 16)
            {
                T x = T.Load(source + j), y = T.Load(source + half + j), cosine = T.Load(table + j), sine = T.Load(table + half + j);
                (T.NegatedMultiplyAdd(y, sine, x * cosine) * f).Store(target + j);
                (T.MultiplyAdd(x, sine, y * cosine) * f).Store(target + half + j);
            }

            if (rest == 0) continue;
            T a = T.LoadPartial(source + whole, rest), b = T.LoadPartial(source + half + whole, rest);
            T c = T.LoadPartial(table + whole, rest), s = T.LoadPartial(table + half + whole, rest);
            (T.NegatedMultiplyAdd(b, s, a * c) * f).StorePartial(target + whole, rest);
            (T.MultiplyAdd(a, s, b * c) * f).StorePartial(target + half + whole, rest);
        }
    }

    private static void WriteRows(
        float* source, nint sourceRow, float* target, nint targetRow, int rows, int size, float factor, bool accumulate, float* table)
    {
        T f = T.Broadcast(factor);
        int half = size / 2;
        for (int i = 0; i < rows; i++, source += sourceRow, target += targetRow, table += size)
        {
            for (int j = 0; j < half; j += 16)
            {
                int count = Math.Min(16, half - j);
                T x = T.LoadPartial(source + j, count), y = T.LoadPartial(source + half + j, count);
                T cosine = T.LoadPartial(table + j, count), sine = T.LoadPartial(table + half + j, count);
                T dx = T.MultiplyAdd(y, sine, x * cosine) * f, dy = T.NegatedMultiplyAdd(x, sine, y * cosine) * f;
                if (accumulate)
                {
                    dx += T.LoadPartial(target + j, count);
                    dy += T.LoadPartial(target + half + j, count);
                }

                dx.StorePartial(target + j, count);
                dy.StorePartial(target + half + j, count);
            }
        }
    }
}
