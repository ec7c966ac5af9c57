namespace Atenea.Training;

/// <summary>Scores of multi-label classification, equal to scikit-learn's on indicator matrices.</summary>
public sealed class MultiLabelScores
{
    private readonly Counts _counts;
    private readonly bool[][] _truth;
    private readonly bool[][] _predicted;

    /// <summary>Counts once; every score is computed from the counts.</summary>
    /// <param name="truth">Per item and label, whether the label applies.</param>
    /// <param name="predicted">Per item and label, whether it was predicted.</param>
    public MultiLabelScores(bool[][] truth, bool[][] predicted)
    {
        if (truth.Length != predicted.Length) throw new ArgumentException("as many predictions as truths", nameof(predicted));
        (_truth, _predicted) = (truth, predicted);
        int labels = truth.Length == 0 ? 0 : truth[0].Length;
        long[] both = new long[labels], guessed = new long[labels], actual = new long[labels];
        long wrong = 0;
        int exact = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            bool same = true;
            for (int l = 0; l < labels; l++)
            {
                bool applies = truth[i][l], said = predicted[i][l];
                if (applies) actual[l]++;
                if (said) guessed[l]++;
                if (applies && said) both[l]++;
                if (applies == said) continue;
                wrong++;
                same = false;
            }

            if (same) exact++;
        }

        _counts = new Counts(both, guessed, actual);
        SubsetAccuracy = (double)exact / truth.Length;
        HammingLoss = (double)wrong / ((long)truth.Length * labels);
    }

    /// <summary>Share of items with every label right.</summary>
    public double SubsetAccuracy { get; }

    /// <summary>Share of single decisions that are wrong.</summary>
    public double HammingLoss { get; }

    /// <summary>Number of labels.</summary>
    public int Labels => _counts.Actual.Count;

    /// <summary>Scores per label.</summary>
    public ClassScores[] PerClass(double zeroDivision = 0) => _counts.PerClass(zeroDivision);

    /// <summary>Scores of all counts together.</summary>
    public ClassScores Micro(double zeroDivision = 0) => _counts.Micro(zeroDivision);

    /// <summary>Plain mean over labels.</summary>
    public ClassScores Macro(double zeroDivision = 0) => _counts.Macro(zeroDivision);

    /// <summary>Mean weighted by support.</summary>
    public ClassScores Weighted(double zeroDivision = 0) => _counts.Weighted(zeroDivision);

    /// <summary>Mean over items of each item's own scores.</summary>
    public ClassScores Samples(double zeroDivision = 0) => Counts.Average(
        [
            .. _truth.Zip(_predicted, (t, p) => Counts.Of(
                t.Zip(p, (a, b) => a && b).LongCount(both => both), p.LongCount(b => b), t.LongCount(a => a), zeroDivision)),
        ],
        _ => 1);
}
