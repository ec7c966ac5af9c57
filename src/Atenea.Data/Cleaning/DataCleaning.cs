using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// Makes the rows of a table fit to learn from: leaves out rows without a label, writes whole-number labels one way. Everything is noted.
/// </summary>
public static class DataCleaning
{
    /// <summary>Cleans the labels of one class per row.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="column">The label column.</param>
    /// <param name="log">Told of every row that is left out or changed.</param>
    /// <param name="known">Labels that are known to be classes, however they read; those that the rows use as classes if left out.</param>
    public static Dataset CleanLabels(Dataset data, string column, ReadingLog log, IReadOnlyList<string>? known = null)
    {
        IReadOnlyList<string?> labels = data.Column(column);
        IReadOnlySet<string> classes = known?.ToHashSet(StringComparer.Ordinal) ?? MissingValues.UsedAsClasses(labels);
        var kept = new List<int>(data.Count);
        for (int row = 0; row < data.Count; row++)
        {
            if (!MissingValues.IsMissing(labels[row]) || classes.Contains(labels[row]!))
                kept.Add(row);
            else
                log.Note(Catalogue.LabelMissing, "rows without a label were left out", data.Line(row), labels[row], group: column);
        }

        if (kept.Count < data.Count) data = data.Select(kept);
        return data.ClassNames.ContainsKey(column) ? data : PlainNumbers(data, column, log, known ?? []);
    }

    /// <summary>Leaves out rows without text.</summary>
    public static Dataset DropEmptyTexts(Dataset data, string column, ReadingLog log)
    {
        IReadOnlyList<string?> texts = data.Column(column);
        var kept = new List<int>(data.Count);
        for (int row = 0; row < data.Count; row++)
        {
            if (!TextCheck.IsEmpty(texts[row])) kept.Add(row);
            else log.Note(Catalogue.TextMissing, $"rows without text in column '{column}' were left out", data.Line(row), group: column);
        }

        return kept.Count < data.Count ? data.Select(kept) : data;
    }

    private static Dataset PlainNumbers(Dataset data, string column, ReadingLog log, IReadOnlyList<string> known)
    {
        IReadOnlyList<string?> labels = data.Column(column);
        IReadOnlyDictionary<string, string> plain = WholeNumberLabels.Plain(labels.Select(l => l ?? "").Distinct(StringComparer.Ordinal));
        if (plain.Count == 0 || plain.Keys.Any(known.Contains)) return data;
        for (int row = 0; row < data.Count; row++)
        {
            if (plain.TryGetValue(labels[row]!, out string? written))
            {
                log.Note(Catalogue.LabelNumberVariants, $"label '{labels[row]}' was taken as class {written}", data.Line(row), labels[row],
                    group: column);
            }
        }

        return data.Map(column, row => labels[row.Index] is { } label ? plain.GetValueOrDefault(label, label) : null);
    }
}
