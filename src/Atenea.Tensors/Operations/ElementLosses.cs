using Atenea.Errors;

namespace Atenea.Tensors;

public sealed partial class Tape
{
    /// <summary>
    /// Binary cross-entropy of sigmoid(logits) against targets in [0, 1], summed over all elements; the count is their number.
    /// </summary>
    /// <param name="logits">[rows, labels].</param>
    /// <param name="targets">rows * labels values, row-major.</param>
    /// <exception cref="AteneaException">ATN0602: not one target per logit.</exception>
    public Loss BinaryCrossEntropyWithLogits(Tensor logits, ReadOnlySpan<float> targets) =>
        ElementLoss(ElementLossKind.BinaryCrossEntropy, logits, targets);

    /// <summary>Squared error, summed over all elements; the count is their number.</summary>
    /// <param name="predictions">[rows, outputs].</param>
    /// <param name="targets">rows * outputs values, row-major.</param>
    /// <exception cref="AteneaException">ATN0602: not one target per prediction.</exception>
    public Loss MeanSquaredError(Tensor predictions, ReadOnlySpan<float> targets) =>
        ElementLoss(ElementLossKind.SquaredError, predictions, targets);

    private Loss ElementLoss(ElementLossKind kind, Tensor predictions, ReadOnlySpan<float> targets)
    {
        if (targets.Length != predictions.Length)
        {
            throw new AteneaException(Catalogue.ShapeMismatch, $"{targets.Length} targets for [{predictions.Rows}, {predictions.Columns}]",
                "labels");
        }

        DeviceBuffer gradient = NeedsGradient(predictions) ? Saved(predictions.Length) : DeviceBuffer.None;
        DeviceBuffer sum = Saved(Tensors.Loss.SumElements);
        DeviceBuffer wanted = Scratch(targets.Length);
        Backend.Memory.CopyIn(targets, wanted);
        Backend.Loss(new ElementLoss
        {
            Kind = kind,
            Length = predictions.Length,
            Predictions = predictions.Data,
            Targets = wanted,
            Gradient = gradient,
            Sum = sum,
        });
        ReturnScratch(wanted, targets.Length);
        return new Loss(this, sum, predictions.Length, predictions, gradient);
    }
}
