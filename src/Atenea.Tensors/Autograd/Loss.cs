namespace Atenea.Tensors;

/// <summary>
/// A loss as (sum, count): the sum over its items and how many there were. The mean is taken once, by whoever knows all the micro-batches
/// of an optimizer step. It is valid as long as the tape's tensors.
/// </summary>
public readonly struct Loss
{
    /// <summary>Elements of a buffer that holds a sum, one double.</summary>
    internal const int SumElements = 2;

    private readonly Tape? _tape;
    private readonly DeviceBuffer _sum;
    private readonly Tensor _logits; // what the loss was computed from: [items, classes]
    private readonly DeviceBuffer _gradient; // d Sum / d logits, computed along with the loss; none in inference

    internal Loss(Tape tape, DeviceBuffer sum, long count, Tensor logits, DeviceBuffer gradient)
    {
        _tape = tape;
        _sum = sum;
        _logits = logits;
        _gradient = gradient;
        Count = count;
    }

    /// <summary>Sum over the items. Asking for it waits for the back end and reads its memory: once a step is enough.</summary>
    /// <exception cref="Errors.AteneaException">ATN0605: the step is over.</exception>
    public double Sum
    {
        get
        {
            if (_tape is null) return 0;
            _ = _logits.Data; // refused when the step is over
            Span<double> sum = stackalloc double[1];
            _tape.Backend.Memory.CopyOut(_sum, sum);
            return sum[0];
        }
    }

    /// <summary>Number of items that count: labels not ignored (cross-entropy), elements (BCE, MSE).</summary>
    public long Count { get; }

    /// <summary>Sum / Count; NaN when nothing counts, as in PyTorch.</summary>
    public double Mean => Sum / Count;

    /// <summary>Puts scale * d Sum / d logits into the gradient of the logits.</summary>
    internal void Seed(Tape tape, float scale)
    {
        if (_gradient.IsNone) return;
        tape.Backend.Scale(new Scaling { Length = _logits.Length, X = _gradient, Factor = scale, Y = tape.GradientForWriting(_logits) });
    }
}
