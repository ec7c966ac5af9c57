using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The losses of classifiers by problem type, as (sum, count): cross-entropy over rows, binary cross-entropy over all outputs, or squared
/// error over all outputs. Their means are the losses of transformers' classes.
/// </summary>
public static class ClassificationLoss
{
    /// <summary>The label id that counts for nothing, as in PyTorch.</summary>
    public const int Ignored = -100;

    /// <summary>
    /// What the outputs mean when config.json does not say, as transformers decides it: one output is regression; else whole-number labels
    /// are single label, others multi-label.
    /// </summary>
    /// <param name="declared">What config.json says.</param>
    /// <param name="labels">Number of outputs.</param>
    /// <param name="wholeNumbers">Whether the data's labels are whole numbers (class ids).</param>
    public static ProblemType Resolve(ProblemType? declared, int labels, bool wholeNumbers) => declared
        ?? (labels == 1 ? ProblemType.Regression
            : wholeNumbers ? ProblemType.SingleLabelClassification
            : ProblemType.MultiLabelClassification);

    /// <summary>Cross-entropy of class ids, one per row of logits.</summary>
    /// <param name="tape">The tape of the logits.</param>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="classes">One id per row, or <see cref="Ignored"/>.</param>
    /// <param name="labelSmoothing">
    /// Share e of the target spread evenly over all classes: (1 - e) * nll + e * mean over classes of -log p.
    /// </param>
    /// <returns>Sum over the rows that count, and how many they are.</returns>
    /// <exception cref="AteneaException">Another number of labels than of rows, or an id without an output (ATN0507).</exception>
    internal static Loss CrossEntropy(Tape tape, Tensor logits, ReadOnlySpan<int> classes, float labelSmoothing)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(labelSmoothing);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(labelSmoothing, 1f);
        RequireCount(logits.Rows, classes.Length);
        foreach (int id in classes)
        {
            if (id != Ignored && (uint)id >= (uint)logits.Columns)
                throw new AteneaException(Catalogue.LabelsDoNotFit, $"class id {id}, the model has {logits.Columns} classes");
        }

        return tape.CrossEntropy(logits, classes, Ignored, labelSmoothing);
    }

    /// <summary>The loss of several labels or of regression.</summary>
    /// <param name="tape">The tape of the logits.</param>
    /// <param name="problem">What the outputs mean; not a single label.</param>
    /// <param name="logits">[rows, labels].</param>
    /// <param name="targets">One number per output, row by row; for several labels 1 where the label holds, else 0.</param>
    /// <returns>Sum over all outputs, and how many they are.</returns>
    /// <exception cref="AteneaException">Another number of targets than of outputs (ATN0507).</exception>
    internal static Loss OfNumbers(Tape tape, ProblemType problem, Tensor logits, ReadOnlySpan<float> targets)
    {
        RequireCount(logits.Length, targets.Length);
        return problem == ProblemType.Regression
            ? tape.MeanSquaredError(logits, targets)
            : tape.BinaryCrossEntropyWithLogits(logits, targets);
    }

    /// <summary>How many of these labels count.</summary>
    internal static int CountOf(ReadOnlySpan<int> classes) => classes.Length - classes.Count(Ignored);

    private static void RequireCount(long expected, int found)
    {
        if (expected != found) throw new AteneaException(Catalogue.LabelsDoNotFit, $"{found} labels for {expected} outputs");
    }
}
