namespace Atenea.Training;

/// <summary>Scores of predicted numbers: errors, explained variance and correlations. NaN where undefined.</summary>
public sealed class RegressionScores
{
    /// <summary>Computes all scores.</summary>
    /// <param name="truth">True values.</param>
    /// <param name="predicted">Predicted values.</param>
    public RegressionScores(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted)
    {
        if (truth.Length != predicted.Length) throw new ArgumentException("as many predictions as truths", nameof(predicted));
        double mean = Mean(truth), squares = 0, absolute = 0, total = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            double error = truth[i] - predicted[i];
            squares += error * error;
            absolute += Math.Abs(error);
            total += (truth[i] - mean) * (truth[i] - mean);
        }

        MeanSquaredError = squares / truth.Length;
        MeanAbsoluteError = absolute / truth.Length;

        // A constant truth has no variance to explain: 1 for a perfect prediction, else 0, as scikit-learn defines it.
        R2 = truth.Length < 2 ? double.NaN : total > 0 ? 1 - (squares / total) : squares == 0 ? 1 : 0;
        Pearson = Correlation(truth, predicted);
        Spearman = Correlation(Ranks(truth), Ranks(predicted));
    }

    /// <summary>Mean of squared errors.</summary>
    public double MeanSquaredError { get; }

    /// <summary>Its square root.</summary>
    public double RootMeanSquaredError => Math.Sqrt(MeanSquaredError);

    /// <summary>Mean of absolute errors.</summary>
    public double MeanAbsoluteError { get; }

    /// <summary>Coefficient of determination.</summary>
    public double R2 { get; }

    /// <summary>Linear correlation.</summary>
    public double Pearson { get; }

    /// <summary>Correlation of ranks; equal values share the mean of their ranks.</summary>
    public double Spearman { get; }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double v in values) sum += v;
        return sum / values.Length;
    }

    private static double Correlation(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length < 2 || IsConstant(a) || IsConstant(b)) return double.NaN;
        double meanA = Mean(a), meanB = Mean(b), aa = 0, bb = 0, ab = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double x = a[i] - meanA, y = b[i] - meanB;
            aa += x * x;
            bb += y * y;
            ab += x * y;
        }

        return Math.Clamp(ab / (Math.Sqrt(aa) * Math.Sqrt(bb)), -1, 1);
    }

    private static bool IsConstant(ReadOnlySpan<double> values) => values.IndexOfAnyExcept(values[0]) < 0;

    private static double[] Ranks(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray(), ranks = new double[values.Length];
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort(sorted, order);
        for (int start = 0; start < sorted.Length;)
        {
            int end = start;
            while (end < sorted.Length && sorted[end].Equals(sorted[start])) end++;
            for (int i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2.0;
            start = end;
        }

        return ranks;
    }
}
