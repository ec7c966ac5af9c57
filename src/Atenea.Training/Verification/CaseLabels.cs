using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training;

/// <summary>The labels of a reference dump, and the loss that transformers computes from them.</summary>
internal static class CaseLabels
{
    /// <summary>The loss of a sequence classifier's logits for the labels stored under <paramref name="name"/>.</summary>
    /// <exception cref="AteneaException">The labels do not fit the logits (ATN0507), or are missing (ATN0408).</exception>
    public static Loss Compute(Tape tape, Tensor logits, SequenceClassifier model, SafeTensorsFile file, string name, float labelSmoothing = 0)
    {
        SafeTensorInfo info = file.Info(name);
        bool wholeNumbers = info.Type.IsInteger();
        ProblemType problem = ClassificationLoss.Resolve(model.ProblemType, logits.Columns, wholeNumbers);
        var criterion = new ClassificationLoss(problem, labelSmoothing);
        if (problem == ProblemType.SingleLabelClassification) return criterion.Compute(tape, logits, Integers(file, name));
        float[] targets = wholeNumbers ? [.. file.ReadInt64(name).Select(value => (float)value)] : file.ReadFloats(name);
        return criterion.Compute(tape, logits, targets);
    }

    private static int[] Integers(SafeTensorsFile file, string name) => [.. file.ReadInt64(name).Select(value => checked((int)value))];
}
