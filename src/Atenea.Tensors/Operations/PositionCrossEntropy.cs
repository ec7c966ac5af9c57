using Atenea.Errors;

namespace Atenea.Tensors;

public sealed partial class Tape
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
        if (offsets.Length != positions.Length + 1)
        {
            throw new AteneaException(Catalogue.ShapeMismatch, $"{positions.Length} positions for {offsets.Length - 1} sequences",
                "labels");
        }

        if (offsets[0] != 0 || offsets[^1] != logits.Rows)
            throw new AteneaException(Catalogue.ShapeMismatch, $"sequence offsets do not run from 0 to the {logits.Rows} rows", "labels");

        long count = 0;
        for (int s = 0; s < positions.Length; s++) count += (uint)positions[s] < (uint)(offsets[s + 1] - offsets[s]) ? 1 : 0;
        DeviceBuffer gradient = NeedsGradient(logits) ? Saved(logits.Length) : DeviceBuffer.None;
        DeviceBuffer sum = Saved(Tensors.Loss.SumElements);
        DeviceBuffer starts = Scratch(offsets), chosen = Scratch(positions);
        Backend.Loss(new PositionCrossEntropy
        {
            Rows = logits.Rows,
            Columns = logits.Columns,
            Column = column,
            Sequences = positions.Length,
            Logits = logits.Data,
            Offsets = starts,
            Positions = chosen,
            Smoothing = labelSmoothing,
            Gradient = gradient,
            Sum = sum,
        });
        ReturnScratch(starts, offsets.Length);
        ReturnScratch(chosen, positions.Length);
        return new Loss(this, sum, count, logits, gradient);
    }
}
