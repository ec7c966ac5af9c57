namespace Atenea.Tensors.Tests;

/// <summary>Compares a gradient with finite differences of a double-precision function.</summary>
internal static class GradientCheck
{
    private const int MaximumSamples = 160;

    /// <summary>
    /// Checks elements of <paramref name="gradient"/> (all of them, or an even sample of a long one) against fourth-order central
    /// differences of
    /// <paramref name="objective"/> at <paramref name="at"/>. The tolerance is relative to the largest element of the gradient.
    /// </summary>
    public static void Matches(
        string name, float[] gradient, double[] at, Func<double[], double> objective, double tolerance = 5e-6, double step = 1e-3)
    {
        Assert.Equal(at.Length, gradient.Length);
        double largest = gradient.Max(g => Math.Abs((double)g));
        int stride = Math.Max(1, gradient.Length / MaximumSamples);
        for (int i = 0; i < gradient.Length; i += stride)
        {
            double numerical = ((8 * (At(i, step) - At(i, -step))) - (At(i, 2 * step) - At(i, -2 * step))) / (12 * step);
            double error = Math.Abs(gradient[i] - numerical);
            string found = $"{name}[{i}]: {gradient[i]:R}, finite differences give {numerical:R} (largest {largest:G4})";
            Assert.True(error <= (tolerance * largest) + 1e-7, found);
        }

        double At(int index, double offset)
        {
            double kept = at[index];
            at[index] = kept + offset;
            double value = objective(at);
            at[index] = kept;
            return value;
        }
    }

    /// <summary>Checks values against a double-precision reference, relative to the larger of 1 and the reference.</summary>
    public static void Close(string name, ReadOnlySpan<float> actual, ReadOnlySpan<double> expected, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            double bound = tolerance * Math.Max(1, Math.Abs(expected[i]));
            Assert.True(Math.Abs(actual[i] - expected[i]) <= bound, $"{name}[{i}]: {actual[i]:R}, expected {expected[i]:R}");
        }
    }

    public static double Dot(double[] a, float[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
