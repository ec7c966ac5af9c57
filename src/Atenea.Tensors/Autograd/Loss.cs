namespace Atenea.Tensors;

/// <summary>
/// A loss as (sum, count): the sum over its items and how many there were. The mean is taken once, by whoever knows all the micro-batches
/// of an optimizer step.
/// </summary>
public readonly unsafe struct Loss
{
    internal Loss(double sum, long count, Tensor logits, float* gradient)
    {
        Sum = sum;
        Count = count;
        Logits = logits;
        Gradient = gradient;
    }

    /// <summary>Sum over the items.</summary>
    public double Sum { get; }

    /// <summary>Number of items that count: labels not ignored (cross-entropy), elements (BCE, MSE).</summary>
    public long Count { get; }

    /// <summary>Sum / Count; NaN when nothing counts, as in PyTorch.</summary>
    public double Mean => Sum / Count;

    /// <summary>What the loss was computed from, [items, classes].</summary>
    internal Tensor Logits { get; }

    /// <summary>d Sum / d Logits, computed along with the loss; null in inference.</summary>
    internal float* Gradient { get; }

    /// <summary>Puts scale * d Sum / d Logits into the gradient of the logits.</summary>
    internal void Seed(Tape tape, float scale)
    {
        if (!Tape.NeedsGradient(Logits)) return;
        float* target = tape.GradientForWriting(Logits, out bool accumulate);
        Elementwise.AddScaled(tape.Team, Gradient, scale, target, accumulate, Logits.Length);
    }
}
