using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Finds the rows of a split whose texts were seen before: in it, or in an earlier split.</summary>
/// <param name="memory">The texts of this and the earlier splits.</param>
/// <param name="split">The number of this split.</param>
internal sealed class RepetitionCheck(TextMemory memory, int split)
{
    /// <summary>The number of rows without a label, which contradict nothing.</summary>
    public const int NoLabel = int.MinValue;

    private readonly Places _duplicates = new(), _near = new(), _contradictions = new(), _leaks = new(), _nearLeaks = new();
    private readonly HashSet<ulong> _contradicted = [];
    private readonly SortedSet<int> _sources = [], _nearSources = [];
    private string? _example;
    private long _leaksOtherLabel;
    private long _rows;

    /// <summary>Looks at a row.</summary>
    /// <param name="text">Its text; of a pair both.</param>
    /// <param name="line">Its line.</param>
    /// <param name="label">A number for its label, the same for the same label in all splits.</param>
    /// <param name="labelName">The label.</param>
    /// <param name="nameOf">The label of a number.</param>
    public void Add(string text, long line, int label, string? labelName, Func<int, string> nameOf)
    {
        _rows++;
        Sighting seen = memory.Add(text, line, label, split, out TextMark earlier);
        if (seen == Sighting.New) return;
        if (earlier.Split != split)
        {
            if (seen == Sighting.Exact && earlier.Label != label && label != NoLabel && earlier.Label != NoLabel) _leaksOtherLabel++;
            (seen == Sighting.Exact ? _leaks : _nearLeaks).Add(line);
            (seen == Sighting.Exact ? _sources : _nearSources).Add(earlier.Split);
        }
        else if (seen == Sighting.Near)
        {
            _near.Add(line);
        }
        else if (earlier.Label == label)
        {
            _duplicates.Add(line);
        }
        else
        {
            if (_contradicted.Add(earlier.Exact)) _contradictions.Add(earlier.Line);
            _contradictions.Add(line);
            _example ??= labelName is null ? "" : $"line {earlier.Line} '{nameOf(earlier.Label)}', line {line} '{labelName}'";
        }
    }

    /// <summary>What was found.</summary>
    /// <param name="names">The names of the splits' files by number.</param>
    /// <param name="labelled">Whether the rows have labels; texts of a corpus may well repeat.</param>
    /// <param name="scored">Whether the labels are scores, on which people differ.</param>
    public IEnumerable<CheckFinding> Findings(IReadOnlyList<string> names, bool labelled, bool scored)
    {
        FindingSeverity usual = labelled ? FindingSeverity.Warning : FindingSeverity.Information;
        if (_duplicates.Count > 0)
            yield return _duplicates.ToFinding(Catalogue.DuplicateRows, usual, $"{Rows(_duplicates.Count)} an earlier row exactly");
        if (_contradictions.Count > 0)
        {
            int texts = _contradicted.Count;
            string example = _example is { Length: > 0 } ? (texts == 1 ? $": {_example}" : $", for example {_example}") : "";
            yield return _contradictions.ToFinding(Catalogue.ContradictoryLabels,
                scored ? FindingSeverity.Information : FindingSeverity.Warning,
                $"{Numbers.Count(texts)} {(texts == 1 ? "text has" : "texts have")} different {(scored ? "scores" : "labels")}{example}",
                texts);
        }

        if (_near.Count > 0)
        {
            yield return _near.ToFinding(Catalogue.NearDuplicateRows, FindingSeverity.Information,
                $"{Numbers.Count(_near.Count)} {(_near.Count == 1 ? "row differs" : "rows differ")} from an earlier one only by case, "
                    + "spaces or invisible characters");
        }

        if (_leaks.Count > 0)
        {
            string other = _leaksOtherLabel > 0 ? $" ({Numbers.Count(_leaksOtherLabel)} with another label)" : "";
            yield return _leaks.ToFinding(Catalogue.LeakedTexts, usual,
                $"{Numbers.Count(_leaks.Count)} of {Numbers.Count(_rows)} texts occur in {Names(_sources)} too{other}");
        }

        if (_nearLeaks.Count > 0)
        {
            yield return _nearLeaks.ToFinding(Catalogue.NearlyLeakedTexts, usual,
                $"{Numbers.Count(_nearLeaks.Count)} of {Numbers.Count(_rows)} texts occur in {Names(_nearSources)} too, but for case, "
                    + "spaces or invisible characters");
        }

        if (memory.IsFull)
        {
            yield return CheckFinding.Whole(Catalogue.ComparisonLimited, FindingSeverity.Information,
                $"only the first {Numbers.Count(CheckLimits.ComparedRows)} different texts were compared with the others");
        }

        string Names(IEnumerable<int> splits) => string.Join(" and ", splits.Select(s => names[s]));
        static string Rows(long count) => $"{Numbers.Count(count)} {(count == 1 ? "row repeats" : "rows repeat")}";
    }
}
