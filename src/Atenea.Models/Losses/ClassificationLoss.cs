using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The loss of a sequence classifier by problem type, as (sum, count): cross-entropy over sequences, binary cross-entropy over all
/// outputs, or squared error over all outputs. Its mean is the loss of transformers' <c>...ForSequenceClassification</c>.
/// </summary>
/// <example><code>
/// var criterion = new ClassificationLoss(ProblemType.SingleLabelClassification);
/// Loss loss = criterion.Compute(tape, model.Forward(pass), labels);
/// tape.Backward(loss, 1f / loss.Count);
/// </code></example>
public sealed class ClassificationLoss
{
    /// <summary>The label id that counts for nothing, as in PyTorch.</summary>
    public const int Ignored = -100;

    private readonly float _labelSmoothing;

    /// <summary>Creates the loss.</summary>
    /// <param name="problem">What the outputs mean.</param>
    /// <param name="labelSmoothing">
    /// Share e of the target spread evenly over all classes: (1 - e) * nll + e * mean over classes of -log p. Used for single label alone.
    /// </param>
    public ClassificationLoss(ProblemType problem, float labelSmoothing = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(labelSmoothing);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(labelSmoothing, 1f);
        Problem = problem;
        _labelSmoothing = labelSmoothing;
    }

    /// <summary>What the outputs mean.</summary>
    public ProblemType Problem { get; }

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

    /// <summary>The loss of class ids; for <see cref="ProblemType.SingleLabelClassification"/>.</summary>
    /// <param name="tape">The tape of the logits.</param>
    /// <param name="logits">[sequences, labels].</param>
    /// <param name="classes">One id per sequence, or <see cref="Ignored"/>.</param>
    /// <returns>Sum over the sequences that count, and how many they are.</returns>
    /// <exception cref="AteneaException">Another number of labels than of sequences, or an id without an output (ATN0507).</exception>
    public Loss Compute(Tape tape, Tensor logits, ReadOnlySpan<int> classes)
    {
        if (Problem != ProblemType.SingleLabelClassification)
            throw new AteneaException(Catalogue.LabelsDoNotFit, $"class ids were given, the model's problem type is {Problem}");
        return CrossEntropy(tape, logits, classes, _labelSmoothing);
    }

    /// <summary>
    /// The loss of numbers; for <see cref="ProblemType.MultiLabelClassification"/> and <see cref="ProblemType.Regression"/>.
    /// </summary>
    /// <param name="tape">The tape of the logits.</param>
    /// <param name="logits">[sequences, labels].</param>
    /// <param name="targets">One number per output, sequence by sequence; for several labels 1 where the label holds, else 0.</param>
    /// <returns>Sum over all outputs, and how many they are.</returns>
    /// <exception cref="AteneaException">Another number of targets than of outputs (ATN0507).</exception>
    public Loss Compute(Tape tape, Tensor logits, ReadOnlySpan<float> targets)
    {
        if (Problem == ProblemType.SingleLabelClassification)
            throw new AteneaException(Catalogue.LabelsDoNotFit, "numbers were given, the model expects one class id per sequence");
        return OfNumbers(tape, Problem, logits, targets);
    }

    /// <summary>The loss of several labels or of regression.</summary>
    /// <exception cref="AteneaException">Another number of targets than of outputs (ATN0507).</exception>
    internal static Loss OfNumbers(Tape tape, ProblemType problem, Tensor logits, ReadOnlySpan<float> targets)
    {
        RequireCount(logits.Length, targets.Length);
        return problem == ProblemType.Regression
            ? tape.MeanSquaredError(logits, targets)
            : tape.BinaryCrossEntropyWithLogits(logits, targets);
    }

    /// <summary>Cross-entropy of class ids, one per row of logits.</summary>
    /// <exception cref="AteneaException">Another number of labels than of rows, or an id without an output (ATN0507).</exception>
    internal static Loss CrossEntropy(Tape tape, Tensor logits, ReadOnlySpan<int> classes, float labelSmoothing)
    {
        RequireCount(logits.Rows, classes.Length);
        foreach (int id in classes)
        {
            if (id != Ignored && (uint)id >= (uint)logits.Columns)
                throw new AteneaException(Catalogue.LabelsDoNotFit, $"class id {id}, the model has {logits.Columns} classes");
        }

        return tape.CrossEntropy(logits, classes, Ignored, labelSmoothing);
    }

    /// <summary>How many of these labels count.</summary>
    internal static int CountOf(ReadOnlySpan<int> classes) => classes.Length - classes.Count(Ignored);

    private static void RequireCount(long expected, int found)
    {
        if (expected != found) throw new AteneaException(Catalogue.LabelsDoNotFit, $"{found} labels for {expected} outputs");
    }
}
