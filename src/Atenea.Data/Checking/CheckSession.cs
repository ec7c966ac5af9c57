namespace Atenea.Data;

/// <summary>What the checks of several splits share.</summary>
/// <param name="options">The options.</param>
/// <param name="hasOthers">Whether there is a split besides the training rows.</param>
internal sealed class CheckSession(DataCheckOptions options, bool hasOthers)
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _labels = [];

    /// <summary>The options.</summary>
    public DataCheckOptions Options { get; } = options;

    /// <summary>Whether there is a split besides the training rows.</summary>
    public bool HasOthers { get; } = hasOthers;

    /// <summary>The texts of the splits so far.</summary>
    public TextMemory Memory { get; } = new();

    /// <summary>The names of the splits so far.</summary>
    public List<string> Names { get; } = [];

    /// <summary>The baseline.</summary>
    public WordBaseline Baseline { get; } = new();

    /// <summary>The split of training rows: the first.</summary>
    public SplitCheck? Training { get; set; }

    /// <summary>A number for a label, the same in all splits.</summary>
    public int NumberOf(string label)
    {
        if (_numbers.TryGetValue(label, out int number)) return number;
        if (_labels.Count == CheckLimits.CountedLabels) return CheckLimits.CountedLabels;
        _numbers.Add(label, _labels.Count);
        _labels.Add(label);
        return _labels.Count - 1;
    }

    /// <summary>The label of a number.</summary>
    public string LabelOf(int number) => number < _labels.Count ? _labels[number] : "another label";

    /// <summary>Whether a label of a later split does not occur in the training rows.</summary>
    public bool IsUnseen(string label, SplitCheck split) =>
        Training is { Labels.Total: > 0 } training && training != split && !training.Labels.Rows.ContainsKey(label);
}
