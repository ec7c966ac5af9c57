using System.Globalization;
using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Data;

/// <summary>Checks the columns of a task for what would spoil a run. Thresholds are the constants at the top.</summary>
internal sealed class ColumnChecks(TypedRows rows, ReadingLog log)
{
    /// <summary>A text of more characters is worth a look.</summary>
    private const int LongText = 100_000;

    /// <summary>With fewer different labels nobody takes them for identifiers or real numbers.</summary>
    private const int FewLabels = 10;

    /// <summary>The scores of semantic textual similarity.</summary>
    private const double LowestScore = 0, HighestScore = 5;

    /// <summary>What the labels mean, after <see cref="Run"/>.</summary>
    public ProblemType Problem { get; private set; } = ProblemType.SingleLabelClassification;

    /// <summary>Checks the columns, and leaves out rows that cannot be used.</summary>
    public Dataset Run(DataColumns columns, ProblemType? problem)
    {
        Dataset data = rows.Data;
        bool tokens = IsLists(columns.Text);
        string[] texts = columns.TextPair is null ? [columns.Text] : [columns.Text, columns.TextPair];
        if (rows.IsTyped && !tokens) data = CheckTypes(data, columns, texts);
        foreach (string text in texts)
        {
            if (!tokens) data = columns.TextPair is null ? DataCleaning.DropEmptyTexts(data, text, log) : DropHalfPairs(data, text);
            CheckTexts(data, text);
        }

        if (columns.Label.Count == 0 || tokens || data.Count == 0) return Finish(data, enough: tokens || columns.Label.Count == 0);

        bool score = columns is { TextPair: not null, Label: [string name] }
            && name.Trim().Equals("score", StringComparison.OrdinalIgnoreCase);
        Problem = problem ?? (score ? ProblemType.Regression : LabelReader.InferProblemType(data, columns));
        // Real numbers in a label column are an error until somebody says that they are meant.
        if (problem is null && !score && Problem == ProblemType.Regression) Problem = ProblemType.SingleLabelClassification;
        if (Problem == ProblemType.Regression) return Finish(CheckScores(data, columns, score), enough: false);
        if (Problem != ProblemType.SingleLabelClassification) return Finish(data, enough: false);
        data = DataCleaning.CleanLabels(data, columns.Label[0], log);
        if (data.Count > 0) CheckClasses(data, columns);
        return Finish(data, enough: false);
    }

    private Dataset Finish(Dataset data, bool enough)
    {
        const int fewest = 2;
        if (data.Count < fewest && !enough && log.SkippedRows == 0)
        {
            log.Note(Catalogue.TooFewRows, $"{data.Count} usable {(data.Count == 1 ? "row is" : "rows are")} too few to learn from",
                severity: FindingSeverity.Error);
        }

        return data;
    }

    private bool IsLists(string column) => rows.Kinds[column].All(k => k is CellKind.List);

    /// <summary>In a format with types a text must be text, and a label of the kind that most labels are.</summary>
    private Dataset CheckTypes(Dataset data, DataColumns columns, string[] texts)
    {
        var bad = new HashSet<int>();
        foreach (string text in texts) Check(text, CellKind.Text, "text");
        foreach (string label in columns.Label)
        {
            CellKind usual = rows.Kinds[label].Where(k => k is not (CellKind.Missing or CellKind.Null)).CountBy(k => k)
                .OrderByDescending(g => g.Value).FirstOrDefault().Key;
            Check(label, usual, "label");
        }

        return bad.Count == 0 ? data : data.Select([.. Enumerable.Range(0, data.Count).Where(row => !bad.Contains(row))]);

        void Check(string column, CellKind usual, string role)
        {
            IReadOnlyList<CellKind> kinds = rows.Kinds[column];
            for (int row = 0; row < kinds.Count; row++)
            {
                if (kinds[row] == usual) continue;
                if (role == "label" && kinds[row] is (CellKind.Missing or CellKind.Null))
                    log.Note(Catalogue.LabelMissing, "rows have no label", data.Line(row), severity: FindingSeverity.Error, group: column);
                else
                {
                    log.Note(Catalogue.ValueTypeMixed, $"{column} is {Describe(kinds[row])}", data.Line(row), data.Column(column)[row],
                        FindingSeverity.Error);
                }

                bad.Add(row);
            }
        }
    }

    private static string Describe(CellKind kind) => kind switch
    {
        CellKind.Missing => "not there",
        CellKind.Null => "null",
        CellKind.Number => "a number",
        CellKind.Boolean => "true or false",
        CellKind.List => "a list",
        CellKind.Object => "an object",
        _ => "text",
    };

    private Dataset DropHalfPairs(Dataset data, string column)
    {
        IReadOnlyList<string?> texts = data.Column(column);
        int[] kept = [.. Enumerable.Range(0, data.Count).Where(row => !TextCheck.IsEmpty(texts[row]))];
        foreach (int row in Enumerable.Range(0, data.Count).Except(kept))
            log.Note(Catalogue.TextMissing, $"{column} is empty", data.Line(row), severity: FindingSeverity.Error, group: column);
        return kept.Length < data.Count ? data.Select(kept) : data;
    }

    private void CheckTexts(Dataset data, string column)
    {
        IReadOnlyList<string?> texts = data.Column(column);
        for (int row = 0; row < texts.Count; row++)
        {
            if (texts[row] is not { Length: > 0 } text) continue;
            if (TextFaults.HasReplacement(text))
            {
                log.Note(Catalogue.ReplacementCharacters, "texts hold U+FFFD: letters were lost before this file was saved",
                    data.Line(row));
            }

            if (TextFaults.DoublyEncoded(text) is { } twice)
                log.Note(Catalogue.DoublyEncoded, $"some texts look doubly encoded ('{twice}')", data.Line(row), twice);
            if (TextFaults.Invisible(text) is { } invisible)
            {
                log.Note(Catalogue.InvisibleCharacters, "texts hold invisible or control characters", data.Line(row),
                    $"U+{(int)invisible:X4}");
            }

            if (text.Length > LongText)
            {
                log.Note(Catalogue.TextLong, $"a text of {text.Length.ToString("N0", CultureInfo.InvariantCulture)} characters",
                    data.Line(row), text);
            }
        }
    }

    private Dataset CheckScores(Dataset data, DataColumns columns, bool similarity)
    {
        var kept = new List<int>(data.Count);
        for (int row = 0; row < data.Count; row++)
        {
            bool sound = true;
            foreach (string column in columns.Label)
            {
                string cell = data.Column(column)[row]?.Trim() ?? "";
                bool number = double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                    && double.IsFinite(value);
                string? fault =
                    !number ? (cell.Contains(',', StringComparison.Ordinal) ? $"'{cell}' has a decimal comma" : $"'{cell}' is no number")
                    : similarity && value is (< LowestScore or > HighestScore)
                        ? $"{cell} is outside {LowestScore} to {HighestScore}"
                        : null;
                if (fault is null) continue;
                log.Note(Catalogue.ScoreInvalid, fault, data.Line(row), cell, FindingSeverity.Error, column);
                sound = false;
            }

            if (sound) kept.Add(row);
        }

        return kept.Count < data.Count ? data.Select(kept) : data;
    }

    private void CheckClasses(Dataset data, DataColumns columns)
    {
        IReadOnlyList<string?> labels = data.Column(columns.Label[0]);
        string[] distinct = [.. labels.Select(l => l!).Distinct(StringComparer.Ordinal)];
        int texts = data.Column(columns.Text).Distinct(StringComparer.Ordinal).Count();
        bool nearlyAll = distinct.Length >= FewLabels && distinct.Length > data.Count / 2;
        if (distinct.Length == 1)
        {
            log.Note(Catalogue.OneClassOnly, $"only one class: {distinct[0]} ({data.Count} {(data.Count == 1 ? "row" : "rows")})",
                severity: FindingSeverity.Error);
        }
        else if (distinct.Length >= FewLabels && distinct.All(IsNumber) && distinct.Any(d => d.Contains('.', StringComparison.Ordinal)))
        {
            log.Note(Catalogue.LabelsContinuous,
                $"{distinct.Length} different labels in {data.Count} rows, all numbers: this looks like regression",
                severity: FindingSeverity.Error);
        }
        else if (nearlyAll && texts * 2 < distinct.Length)
        {
            log.Note(Catalogue.ColumnsSwapped,
                $"column '{columns.Text}' has {texts} different values, '{columns.Label[0]}' has {distinct.Length}: "
                + "they are probably swapped",
                severity: FindingSeverity.Error);
        }
        else if (nearlyAll)
        {
            log.Note(Catalogue.LabelPerRow, $"{distinct.Length} classes in {data.Count} rows: is '{columns.Label[0]}' an identifier?",
                severity: FindingSeverity.Error);
        }
    }

    private static bool IsNumber(string label) => double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
