using Atenea.Errors;

namespace Atenea.Tensors;

public sealed partial class Tape
{
    /// <summary>
    /// Cross-entropy of softmax(logits) against class labels: per row (1 - s) * -log p[label] + s * mean over classes of -log p, summed
    /// over the rows whose label is not ignored. The count is the number of those rows.
    /// </summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="labels">One class per row, or <paramref name="ignoreIndex"/>.</param>
    /// <param name="ignoreIndex">Label of rows that do not count.</param>
    /// <param name="labelSmoothing">s in [0, 1].</param>
    /// <exception cref="AteneaException">ATN0602: not one label per row. ATN0603: a label that is no class.</exception>
    public Loss CrossEntropy(Tensor logits, ReadOnlySpan<int> labels, int ignoreIndex = -100, float labelSmoothing = 0)
    {
        if (labels.Length != logits.Rows)
            throw new AteneaException(Catalogue.ShapeMismatch, $"{labels.Length} labels for {logits.Rows} rows", "labels");
        long count = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == ignoreIndex) continue;
            count++;
            if ((uint)labels[i] >= (uint)logits.Columns)
            {
                throw new AteneaException(Catalogue.IdOutOfRange,
                    $"label {labels[i]} at position {i}, but there are {logits.Columns} classes", "labels");
            }
        }

        DeviceBuffer gradient = NeedsGradient(logits) ? Saved(logits.Length) : DeviceBuffer.None;
        DeviceBuffer sum = Saved(Tensors.Loss.SumElements), ids = Scratch(labels);
        Backend.Loss(new CrossEntropy
        {
            Rows = logits.Rows,
            Classes = logits.Columns,
            Logits = logits.Data,
            Labels = ids,
            IgnoreIndex = ignoreIndex,
            Smoothing = labelSmoothing,
            Gradient = gradient,
            Sum = sum,
        });
        ReturnScratch(ids, labels.Length);
        return new Loss(this, sum, count, logits, gradient);
    }
}
