using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Atenea.Tensors;

/// <summary>
/// Copies one head's columns out of (and back into) matrices whose rows are far apart. Rows that lie thousands of bytes apart share a few
/// sets of the first-level cache and would push each other out; side by side they do not. Only moves values, or multiplies each by one
/// factor.
/// </summary>
/// <typeparam name="T">Lanes of the instruction set.</typeparam>
internal static unsafe class AttentionPacking<T>
    where T : struct, ILanes<T>
{
    /// <summary>
    /// Copies factor * source[rows, columns] into rows of <paramref name="paddedColumns"/> floats; what is padding becomes zero.
    /// </summary>
    /// <param name="source">First element.</param>
    /// <param name="sourceRow">Floats between rows of the source.</param>
    /// <param name="target">[paddedRows, paddedColumns].</param>
    /// <param name="rows">Rows to copy.</param>
    /// <param name="paddedRows">Rows of the target; those from <paramref name="rows"/> on become zero.</param>
    /// <param name="columns">Columns to copy.</param>
    /// <param name="paddedColumns">Columns of the target, a multiple of 16.</param>
    /// <param name="factor">Multiplies every element.</param>
    public static void CopyRows(
        float* source, nint sourceRow, float* target, int rows, int paddedRows, int columns, int paddedColumns, float factor)
    {
        T f = T.Broadcast(factor);
        int whole = columns & ~15;
        for (int i = 0; i < rows; i++, source += sourceRow, target += paddedColumns)
        {
            for (int j = 0; j < whole; j += 16) (T.Load(source + j) * f).Store(target + j);
            if (whole < columns) (T.LoadPartial(source + whole, columns - whole) * f).Store(target + whole);
        }

        new Span<float>(target, (paddedRows - rows) * paddedColumns).Clear();
    }

    /// <summary>Writes source[rows, columns], each row times its factor, into a strided target.</summary>
    public static void WriteScaledRows(float* source, nint sourceRow, float* target, nint targetRow, int rows, int columns, float* factors)
    {
        int whole = columns & ~15, rest = columns - whole;
        for (int i = 0; i < rows; i++, source += sourceRow, target += targetRow)
        {
            T f = T.Broadcast(factors[i]);
            for (int j = 0; j < whole; j += 16) (T.Load(source + j) * f).Store(target + j);
            if (rest > 0) (T.Load(source + whole) * f).StorePartial(target + whole, rest);
        }
    }

    /// <summary>
    /// Writes source[rows, columns], times <paramref name="factor"/>, into a strided target, or adds it to what is there.
    /// </summary>
    public static void WriteRows(
        float* source, nint sourceRow, float* target, nint targetRow, int rows, int columns, float factor, bool accumulate)
    {
        T f = T.Broadcast(factor);
        int whole = columns & ~15, rest = columns - whole;
        for (int i = 0; i < rows; i++, source += sourceRow, target += targetRow)
        {
            for (int j = 0; j < whole; j += 16)
            {
                T share = T.Load(source + j) * f;
                (accumulate ? T.Load(target + j) + share : share).Store(target + j);
            }

            if (rest > 0)
            {
                T share = T.Load(source + whole) * f;
                (accumulate ? T.LoadPartial(target + whole, rest) + share : share).StorePartial(target + whole, rest);
            }
        }
    }

    /// <summary>
    /// Asks for rows that are soon read or written to be brought into the second-level cache. A head's part of each row is a few lines far
    /// from the next ones, which the processor does not foresee; asked for one head ahead, they arrive while the current head is computed.
    /// </summary>
    public static void Prefetch(float* first, nint row, int rows, int columns)
    {
        if (typeof(T) == typeof(LanesPortable)) return;
        for (int i = 0; i < rows; i++, first += row)
        {
            for (int c = 0; c < columns; c += 16) Sse.Prefetch1(first + c);
        }
    }

    /// <summary>
    /// Transposes source[rows, columns] into panels of sixteen rows: element (i, c) goes to panels[(i / 16) * 16 * columns + c * 16 + i %
    /// 16].
    /// The last panel is filled up with zeros.
    /// </summary>
    public static void PackPanels(float* source, nint sourceRow, float* panels, int rows, int columns)
    {
        for (int i = 0; i < rows; i += 16, source += 16 * sourceRow, panels += 16 * columns)
        {
            int count = Math.Min(16, rows - i);
            if (count < 16) new Span<float>(panels, 16 * columns).Clear();
            int done = 0;
            if (typeof(T) != typeof(LanesPortable))
            {
                done = columns & ~7;
                for (int r = 0; r < count; r += 8)
                    PackEightRows(source + (r * sourceRow), sourceRow, panels + r, 16, Math.Min(8, count - r), done);
            }

            for (int r = 0; r < count; r++)
            {
                for (int c = done; c < columns; c++) panels[(c * 16) + r] = source[(r * sourceRow) + c];
            }
        }
    }

    /// <summary>Transposes source[16, columns]: element (i, c) goes to target[c * targetRow + i].</summary>
    public static void TransposeSixteen(float* source, nint sourceRow, float* target, nint targetRow, int columns)
    {
        int done = 0;
        if (typeof(T) != typeof(LanesPortable))
        {
            done = columns & ~7;
            for (int r = 0; r < 16; r += 8) PackEightRows(source + (r * sourceRow), sourceRow, target + r, targetRow, 8, done);
        }

        for (int c = done; c < columns; c++)
        {
            for (int r = 0; r < 16; r++) target[(c * targetRow) + r] = source[(r * sourceRow) + c];
        }
    }

    // Transposes blocks of 8 x 8: halves of rows are paired on load, so that every later shuffle stays within 128 bits.
    private static void PackEightRows(float* source, nint sourceRow, float* panel, nint panelRow, int rows, int columns)
    {
        // A missing row is read as the first one and overwritten with zeros at the end.
        float* r0 = source;
        float* r1 = rows > 1 ? source + sourceRow : source;
        float* r2 = rows > 2 ? source + (2 * sourceRow) : source;
        float* r3 = rows > 3 ? source + (3 * sourceRow) : source;
        float* r4 = rows > 4 ? source + (4 * sourceRow) : source;
        float* r5 = rows > 5 ? source + (5 * sourceRow) : source;
        float* r6 = rows > 6 ? source + (6 * sourceRow) : source;
        float* r7 = rows > 7 ? source + (7 * sourceRow) : source;
        Vector256<float> keep = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(rows)).AsSingle();
        for (int c = 0; c < columns; c += 8, panel += 8 * panelRow)
        {
            PackFourColumns(r0 + c, r1 + c, r2 + c, r3 + c, r4 + c, r5 + c, r6 + c, r7 + c, panel, panelRow, keep);
            int next = c + 4;
            PackFourColumns(
                r0 + next, r1 + next, r2 + next, r3 + next, r4 + next, r5 + next, r6 + next, r7 + next,
                panel + (4 * panelRow), panelRow, keep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackFourColumns(
        float* r0,
        float* r1,
        float* r2,
        float* r3,
        float* r4,
        float* r5,
        float* r6,
        float* r7,
        float* panel,
        nint panelRow,
        Vector256<float> keep)
    {
        Vector256<float> a = Vector256.Create(Vector128.Load(r0), Vector128.Load(r4)); // 4 columns of row 0, then of row 4
        Vector256<float> b = Vector256.Create(Vector128.Load(r1), Vector128.Load(r5));
        Vector256<float> c = Vector256.Create(Vector128.Load(r2), Vector128.Load(r6));
        Vector256<float> d = Vector256.Create(Vector128.Load(r3), Vector128.Load(r7));
        Vector256<double> abLow = Avx.UnpackLow(a, b).AsDouble(); // a0 b0 a1 b1
        Vector256<double> abHigh = Avx.UnpackHigh(a, b).AsDouble(); // a2 b2 a3 b3
        Vector256<double> cdLow = Avx.UnpackLow(c, d).AsDouble();
        Vector256<double> cdHigh = Avx.UnpackHigh(c, d).AsDouble();
        (Avx.UnpackLow(abLow, cdLow).AsSingle() & keep).Store(panel);
        (Avx.UnpackHigh(abLow, cdLow).AsSingle() & keep).Store(panel + panelRow);
        (Avx.UnpackLow(abHigh, cdHigh).AsSingle() & keep).Store(panel + (2 * panelRow));
        (Avx.UnpackHigh(abHigh, cdHigh).AsSingle() & keep).Store(panel + (3 * panelRow));
    }
}
