namespace Atenea.Training;

/// <summary>
/// What precision, recall and F1 are made of, per class, and the averages that scikit-learn defines over them. A quotient of which the
/// divisor is 0 takes the value <c>zeroDivision</c>: 0, 1, or NaN, which leaves the class out of averages.
/// </summary>
/// <param name="TruePositives">Items of the class that were predicted as such, per class.</param>
/// <param name="Predicted">Items predicted as the class.</param>
/// <param name="Actual">Items that are of the class.</param>
public sealed record Counts(IReadOnlyList<long> TruePositives, IReadOnlyList<long> Predicted, IReadOnlyList<long> Actual)
{
    /// <summary>Scores of every class.</summary>
    public ClassScores[] PerClass(double zeroDivision = 0) =>
        [.. Enumerable.Range(0, Actual.Count).Select(c => Of(TruePositives[c], Predicted[c], Actual[c], zeroDivision))];

    /// <summary>Scores of all classes' counts taken together.</summary>
    public ClassScores Micro(double zeroDivision = 0) => Of(TruePositives.Sum(), Predicted.Sum(), Actual.Sum(), zeroDivision);

    /// <summary>Plain mean over classes.</summary>
    public ClassScores Macro(double zeroDivision = 0) => Average(PerClass(zeroDivision), _ => 1);

    /// <summary>Mean over classes weighted by their support.</summary>
    public ClassScores Weighted(double zeroDivision = 0) => Average(PerClass(zeroDivision), c => Actual[c]);

    internal static ClassScores Of(long truePositives, long predicted, long actual, double zeroDivision) => new(
        Divide(truePositives, predicted, zeroDivision),
        Divide(truePositives, actual, zeroDivision),
        Divide(2 * truePositives, predicted + actual, zeroDivision),
        actual);

    internal static ClassScores Average(ClassScores[] scores, Func<int, double> weight) => new(
        Mean(scores, s => s.Precision, weight),
        Mean(scores, s => s.Recall, weight),
        Mean(scores, s => s.F1, weight),
        scores.Sum(s => s.Support));

    private static double Divide(long numerator, long divisor, double zeroDivision) =>
        divisor == 0 ? zeroDivision : (double)numerator / divisor;

    /// <summary>Weighted mean of what is defined; a plain one if all weights are 0.</summary>
    private static double Mean(ClassScores[] scores, Func<ClassScores, double> value, Func<int, double> weight)
    {
        double sum = 0, weights = 0, plain = 0;
        int defined = 0;
        for (int c = 0; c < scores.Length; c++)
        {
            double v = value(scores[c]);
            if (double.IsNaN(v)) continue;
            sum += v * weight(c);
            weights += weight(c);
            plain += v;
            defined++;
        }

        return defined == 0 ? double.NaN : weights > 0 ? sum / weights : plain / defined;
    }
}
