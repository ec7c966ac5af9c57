namespace Atenea.Training;

/// <summary>
/// Scores of single-label classification, equal to scikit-learn's. Classes are integers of any value; the classes scored are those given,
/// or those that occur.
/// </summary>
public sealed class ClassificationScores
{
    private readonly Counts _counts;

    /// <summary>Counts once; every score is computed from the counts.</summary>
    /// <param name="truth">True class of each item.</param>
    /// <param name="predicted">Predicted class of each item.</param>
    /// <param name="classes">The classes to score, in report order; null takes all that occur, ascending.</param>
    public ClassificationScores(ReadOnlySpan<int> truth, ReadOnlySpan<int> predicted, IReadOnlyList<int>? classes = null)
    {
        if (truth.Length != predicted.Length) throw new ArgumentException("as many predictions as truths", nameof(predicted));
        var occurring = new SortedSet<int>();
        foreach (int c in truth) occurring.Add(c);
        foreach (int c in predicted) occurring.Add(c);
        Classes = classes is null ? [.. occurring] : [.. classes];
        CoversAll = occurring.IsSubsetOf(Classes);

        Dictionary<int, int> index = Classes.Select((c, i) => (c, i)).ToDictionary(x => x.c, x => x.i);
        int n = Classes.Count;
        long[] right = new long[n], predictions = new long[n], actual = new long[n];
        ConfusionMatrix = new long[n][];
        for (int c = 0; c < n; c++) ConfusionMatrix[c] = new long[n];
        for (int i = 0; i < truth.Length; i++)
        {
            bool known = index.TryGetValue(truth[i], out int t), guessed = index.TryGetValue(predicted[i], out int p);
            if (known) actual[t]++;
            if (guessed) predictions[p]++;
            if (known && guessed) ConfusionMatrix[t][p]++;
            if (truth[i] != predicted[i]) continue;
            Correct++;
            if (known) right[t]++;
        }

        Count = truth.Length;
        _counts = new Counts(right, predictions, actual);
    }

    /// <summary>The classes scored.</summary>
    public IReadOnlyList<int> Classes { get; }

    /// <summary>Whether every class that occurs is scored; only then is micro F1 the accuracy.</summary>
    public bool CoversAll { get; }

    /// <summary>Items.</summary>
    public int Count { get; }

    /// <summary>Items predicted right.</summary>
    public int Correct { get; }

    /// <summary>Items by true class (row) and predicted class (column).</summary>
    public long[][] ConfusionMatrix { get; }

    /// <summary>Share of items predicted right; NaN without items.</summary>
    public double Accuracy => (double)Correct / Count;

    /// <summary>Scores per class.</summary>
    public ClassScores[] PerClass(double zeroDivision = 0) => _counts.PerClass(zeroDivision);

    /// <summary>Scores of all counts together.</summary>
    public ClassScores Micro(double zeroDivision = 0) => _counts.Micro(zeroDivision);

    /// <summary>Plain mean over classes.</summary>
    public ClassScores Macro(double zeroDivision = 0) => _counts.Macro(zeroDivision);

    /// <summary>Mean weighted by support.</summary>
    public ClassScores Weighted(double zeroDivision = 0) => _counts.Weighted(zeroDivision);
}
