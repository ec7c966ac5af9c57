using Atenea.Errors;

namespace Atenea.Tensors;

public sealed unsafe partial class Tape
{
    /// <summary>
    /// Cross-entropy over the tokens of each sequence: which of them does one column of the logits choose? Per sequence
    /// (1 - s) * -log p[position] + s * mean over tokens of -log p, with p the softmax over the sequence's tokens. For start and end of an
    /// answer.
    /// </summary>
    /// <param name="logits">[tokens, columns].</param>
    /// <param name="column">The column to look at.</param>
    /// <param name="offsets">First token of each sequence, then the number of tokens: [sequences + 1].</param>
    /// <param name="positions">The token to choose, counted from the sequence's first; outside the sequence it does not count.</param>
    /// <param name="labelSmoothing">s in [0, 1].</param>
    /// <returns>Sum over the sequences that count, and how many they are.</returns>
    /// <exception cref="AteneaException">ATN0602: not one position per sequence, or the offsets do not cover the rows.</exception>
    public Loss PositionCrossEntropy(
        Tensor logits, int column, ReadOnlySpan<int> offsets, ReadOnlySpan<int> positions, float labelSmoothing = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)logits.Columns, nameof(column));
        if (offsets.Length != positions.Length + 1) throw new AteneaException(Catalogue.ShapeMismatch, $"{positions.Length} positions for {offsets.Length - 1} sequences", "labels");
        if (offsets[0] != 0 || offsets[^1] != logits.Rows)
            throw new AteneaException(Catalogue.ShapeMismatch, $"sequence offsets do not run from 0 to the {logits.Rows} rows", "labels");

        int columns = logits.Columns;
        float* gradient = NeedsGradient(logits) ? SavedFloats(logits.Length) : null;
        if (gradient is not null) Elementwise.Clear(Team, gradient, logits.Length);
        float* row = Scratch(2L * logits.Rows); // The column, contiguous, and its gradient.
        float* rowGradient = gradient is null ? null : row + logits.Rows;
        for (int token = 0; token < logits.Rows; token++) row[token] = logits.Data[((long)token * columns) + column];

        delegate*<float*, float*, int, int, float, float> kernel = Isa.Current switch
        {
            InstructionSet.Avx512 => &CrossEntropyKernel<Lanes512>.Row,
            InstructionSet.Avx2 => &CrossEntropyKernel<Lanes256>.Row,
            _ => &CrossEntropyKernel<LanesPortable>.Row,
        };
        double sum = 0;
        long count = 0;
        for (int s = 0; s < positions.Length; s++)
        {
            int first = offsets[s], length = offsets[s + 1] - first;
            if ((uint)positions[s] >= (uint)length) continue;
            sum += kernel(row + first, rowGradient is null ? null : rowGradient + first, length, positions[s], labelSmoothing);
            count++;
            for (int token = first; gradient is not null && token < first + length; token++) gradient[((long)token * columns) + column] = rowGradient[token];
        }

        ReturnScratch(row, 2L * logits.Rows);
        return new Loss(sum, count, logits, gradient);
    }
}
