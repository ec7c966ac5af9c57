namespace Atenea.Tensors.Tests;

/// <summary>The operations once more: slow, scalar, in double precision, straight from their definitions.</summary>
internal static class ReferenceOperations
{
    public static double[] LayerNorm(double[] h, double[] weight, double[]? bias, int columns, double epsilon)
    {
        var y = new double[h.Length];
        for (int start = 0; start < h.Length; start += columns)
        {
            double mean = 0, variance = 0;
            for (int i = 0; i < columns; i++) mean += h[start + i] / columns;
            for (int i = 0; i < columns; i++) variance += (h[start + i] - mean) * (h[start + i] - mean) / columns;
            for (int i = 0; i < columns; i++)
                y[start + i] = ((h[start + i] - mean) / Math.Sqrt(variance + epsilon) * weight[i]) + (bias?[i] ?? 0);
        }

        return y;
    }

    public static double[] RmsNorm(double[] x, double[] weight, int columns, double epsilon)
    {
        var y = new double[x.Length];
        for (int start = 0; start < x.Length; start += columns)
        {
            double square = 0;
            for (int i = 0; i < columns; i++) square += x[start + i] * x[start + i] / columns;
            for (int i = 0; i < columns; i++) y[start + i] = x[start + i] / Math.Sqrt(square + epsilon) * weight[i];
        }

        return y;
    }

    public static double[] Pool(double[] x, int[] offsets, int columns, Func<double[], double> pool) =>
    [
        .. Enumerable.Range(0, offsets.Length - 1).SelectMany(s => Enumerable.Range(0, columns).Select(c =>
            pool([.. Enumerable.Range(offsets[s], offsets[s + 1] - offsets[s]).Select(row => x[(row * columns) + c])]))),
    ];

    public static double[] NormaliseRows(double[] x, int columns) =>
        [.. x.Chunk(columns).SelectMany(row => row.Select(v => v / Math.Sqrt(row.Sum(u => u * u))))];

    public static double[] DropoutAndAdd(double[] x, double[] residual, float[]? mask) =>
        [.. x.Select((v, i) => (v * (mask?[i] ?? 1)) + residual[i])];

    public static double CrossEntropy(double[] logits, int[] labels, int ignoreIndex, double smoothing)
    {
        int classes = logits.Length / labels.Length;
        double loss = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            if (labels[row] == ignoreIndex) continue;
            double[] z = logits[(row * classes)..((row + 1) * classes)];
            double maximum = z.Max();
            double logSum = maximum + Math.Log(z.Sum(v => Math.Exp(v - maximum)));
            loss += ((1 - smoothing) * (logSum - z[labels[row]])) + (smoothing * z.Sum(v => logSum - v) / classes);
        }

        return loss;
    }

    public static double BinaryCrossEntropy(double[] logits, float[] targets) =>
        logits.Select((x, i) => -(targets[i] * LogSigmoid(x)) - ((1 - targets[i]) * LogSigmoid(-x))).Sum();

    public static double SquaredError(double[] predictions, float[] targets) =>
        predictions.Select((x, i) => (x - targets[i]) * (x - targets[i])).Sum();

    private static double LogSigmoid(double x) => x > 0 ? -Math.Log(1 + Math.Exp(-x)) : x - Math.Log(1 + Math.Exp(x));
}
