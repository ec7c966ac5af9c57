using System.Globalization;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Sums the numbers of a score column.</summary>
internal sealed class ScoreTally(string column)
{
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;
    private double _mean;
    private double _squares; // of the differences from the mean, updated as Welford (1962)
    private long _count;

    /// <summary>Adds a cell; one that is no number was found before.</summary>
    public void Add(string? cell)
    {
        if (!double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value)) return;
        _count++;
        (_min, _max) = (Math.Min(_min, value), Math.Max(_max, value));
        double before = value - _mean;
        _mean += before / _count;
        _squares += before * (value - _mean);
    }

    /// <summary>The figures; null without numbers.</summary>
    public ScoreReport? Report() => _count == 0 ? null : new ScoreReport(column, _min, _mean, _max, Math.Sqrt(_squares / _count));

    /// <summary>What was found.</summary>
    public IEnumerable<CheckFinding> Findings()
    {
        if (_count > 1 && _min == _max)
        {
            yield return CheckFinding.Whole(Catalogue.ConstantScores, FindingSeverity.Error,
                $"all {Numbers.Count(_count)} scores in '{column}' are {Numbers.Short(_min)}");
        }
    }
}
