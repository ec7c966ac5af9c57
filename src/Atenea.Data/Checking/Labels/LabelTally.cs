namespace Atenea.Data;

/// <summary>The rows of a label.</summary>
internal sealed class LabelRows
{
    private const int MostLines = 20;
    private readonly List<long> _lines = [];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>The lines of the first ones.</summary>
    public IReadOnlyList<long> Lines => _lines;

    /// <summary>Counts rows of one line.</summary>
    public void Add(long line, long count = 1)
    {
        Count += count;
        if (_lines.Count < MostLines) _lines.Add(line);
    }
}

/// <summary>Counts the labels of a split, as they are written.</summary>
internal sealed class LabelTally
{
    private readonly Dictionary<string, LabelRows> _rows = new(StringComparer.Ordinal);

    /// <summary>The labels in the order of their first rows.</summary>
    public IReadOnlyDictionary<string, LabelRows> Rows => _rows;

    /// <summary>Labelled rows.</summary>
    public long Total { get; private set; }

    /// <summary>Rows of labels beyond those that are counted one by one.</summary>
    public long Others { get; private set; }

    /// <summary>Counts a label.</summary>
    public void Add(string label, long line, long count = 1)
    {
        Total += count;
        if (!_rows.TryGetValue(label, out LabelRows? rows))
        {
            if (_rows.Count == CheckLimits.CountedLabels)
            {
                Others += count;
                return;
            }

            _rows.Add(label, rows = new LabelRows());
        }

        rows.Add(line, count);
    }

    /// <summary>The share of a label.</summary>
    public double Share(string label) => Total == 0 ? 0 : (double)(_rows.GetValueOrDefault(label)?.Count ?? 0) / Total;
}
