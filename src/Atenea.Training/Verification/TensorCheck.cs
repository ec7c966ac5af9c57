namespace Atenea.Training;

/// <summary>What a comparison found.</summary>
public enum CheckVerdict
{
    /// <summary>Within the tolerance.</summary>
    Passed,

    /// <summary>Beyond the tolerance, or not computed.</summary>
    Failed,

    /// <summary>Left out on purpose: its true gradient is zero, so an optimizer only amplifies rounding noise in it.</summary>
    NotCompared,
}

/// <summary>One tensor, or one series of numbers, compared with the reference.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Shape">Its shape, for people.</param>
/// <param name="Error">Largest error over the positions that mean something: absolute for tensors, relative for series of numbers. NaN if
/// not computed.</param>
/// <param name="Tolerance">The largest error that passes.</param>
/// <param name="ReferenceNoise">The same error of PyTorch in float32, or null if the case does not say.</param>
/// <param name="ReferenceMaxAbs">Largest magnitude of the reference.</param>
/// <param name="Verdict">What follows.</param>
public sealed record TensorCheck(
    string Name, string Shape, double Error, double Tolerance, double? ReferenceNoise, double ReferenceMaxAbs, CheckVerdict Verdict)
{
    private const double NoiseFactor = 10;
    private const double RelativeFloor = 2e-6;
    private const double AbsoluteFloor = 1e-6;

    /// <summary>
    /// The tolerance of a forward or backward tensor: max(10 * noise of PyTorch in float32, 2e-6 * largest magnitude, 1e-6).
    /// </summary>
    public static double ToleranceOf(double? referenceNoise, double referenceMaxAbs) =>
        Math.Max(Math.Max(NoiseFactor * (referenceNoise ?? 0), RelativeFloor * referenceMaxAbs), AbsoluteFloor);

    /// <summary>Compares a computed tensor with its reference.</summary>
    /// <param name="computed">What this engine computed.</param>
    /// <param name="reference">The reference, as many elements.</param>
    /// <param name="noise">The error of PyTorch in float32, or null.</param>
    /// <param name="maxAbs">Largest magnitude of the reference; null to find it.</param>
    /// <param name="tolerance">The largest error that passes; null for <see cref="ToleranceOf"/>.</param>
    public static TensorCheck Compare(
        ComputedTensor computed, ReadOnlySpan<float> reference, double? noise, double? maxAbs = null, double? tolerance = null)
    {
        double error = 0;
        double largest = 0;
        for (int i = 0; i < reference.Length; i++)
        {
            if (computed.Valid is { } valid && !valid[i]) continue;
            double difference = Math.Abs((double)computed.Values[i] - reference[i]);
            // NaN must not vanish in a maximum: a tensor that is not a number fails.
            error = double.IsNaN(difference) || double.IsNaN(error) ? double.NaN : Math.Max(error, difference);
            largest = Math.Max(largest, Math.Abs((double)reference[i]));
        }

        double magnitude = maxAbs ?? largest;
        double bound = tolerance ?? ToleranceOf(noise, magnitude);
        CheckVerdict verdict = error <= bound ? CheckVerdict.Passed : CheckVerdict.Failed;
        return new TensorCheck(computed.Name, ShapeText(computed.Shape), error, bound, noise, magnitude, verdict);
    }

    /// <summary>A tensor of the case that nothing here computes, or computes in another shape: it fails.</summary>
    public static TensorCheck Missing(string name, long[] shape) =>
        new(name, ShapeText(shape), double.NaN, double.NaN, null, double.NaN, CheckVerdict.Failed);

    /// <summary>A shape for people, for example <c>3x12x32</c>; <c>scalar</c> for none.</summary>
    public static string ShapeText(long[] shape) => shape.Length == 0 ? "scalar" : string.Join('x', shape);
}
