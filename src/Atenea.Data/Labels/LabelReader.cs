using System.Globalization;
using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Data;

/// <summary>
/// Reads the labels of a data set for a task. A single label is the cell itself. Several labels are a JSON list or names between <c>|</c>
/// in one column (an empty cell means none), or a column per label with 0 and 1. Numbers to regress are a number per label column.
/// </summary>
public static class LabelReader
{
    private const char Separator = '|';

    /// <summary>
    /// What the labels look like: several columns or any cell with several labels is multi-label; numbers with fractions are regression;
    /// anything else is one class of several.
    /// </summary>
    public static ProblemType InferProblemType(Dataset data, DataColumns columns)
    {
        if (columns.Label.Count > 1)
        {
            return columns.Label.All(name => data.Column(name).All(IsZeroOrOne))
                ? ProblemType.MultiLabelClassification
                : ProblemType.Regression;
        }

        IReadOnlyList<string?> cells = data.Column(columns.Label[0]);
        if (cells.Any(cell => cell is not null && (cell.Contains(Separator, StringComparison.Ordinal) || cell.StartsWith('['))))
            return ProblemType.MultiLabelClassification;
        bool fraction = false;
        foreach (string? cell in cells)
        {
            if (!TryNumber(cell, out float number)) return ProblemType.SingleLabelClassification;
            fraction |= number != MathF.Floor(number);
        }

        return fraction ? ProblemType.Regression : ProblemType.SingleLabelClassification;
    }

    /// <summary>Collects the label names of training rows and gives them their ids.</summary>
    /// <exception cref="AteneaException">A row has no label (ATN0209), or there is only one class to tell apart (ATN0210).</exception>
    public static LabelSet Collect(Dataset data, DataColumns columns, ProblemType problem)
    {
        if (problem == ProblemType.Regression || columns.Label.Count > 1) return new LabelSet(columns.Label);
        if (data.ClassNames.TryGetValue(columns.Label[0], out IReadOnlyList<string>? named) && named.Count > 1) return new LabelSet(named);
        IReadOnlyList<string?> cells = data.Column(columns.Label[0]);
        LabelSet labels = LabelSet.FromValues(problem == ProblemType.MultiLabelClassification
            ? cells.SelectMany((cell, row) => Split(data, row, cell))
            : cells.Select((cell, row) => Required(data, row, cell)));
        if (labels.Count == 0 || (labels.Count == 1 && problem == ProblemType.SingleLabelClassification))
        {
            throw new AteneaException(Catalogue.OneClassOnly,
                labels.Count == 0 ? "no row has a label" : $"every row has the label '{labels.Names[0]}'",
                $"{data.Source}: {columns.Label[0]}");
        }

        return labels;
    }

    /// <summary>The label id of each row.</summary>
    /// <exception cref="AteneaException">A row has no label (ATN0209) or an unknown one (ATN0208); the message names its line.</exception>
    public static int[] Ids(Dataset data, DataColumns columns, LabelSet labels)
    {
        IReadOnlyList<string?> cells = data.Column(columns.Label[0]);
        var ids = new int[data.Count];
        for (int row = 0; row < ids.Length; row++)
        {
            string cell = Required(data, row, cells[row]);
            if (!labels.TryGetId(cell, out ids[row])) throw labels.Unknown(cell, data.Place(row));
        }

        return ids;
    }

    /// <summary>A 1 for each label that a row has, else 0: [rows, labels], row by row.</summary>
    /// <exception cref="AteneaException">A row has an unknown label (ATN0208) or a cell that cannot be read (ATN0209).</exception>
    public static float[] MultiHot(Dataset data, DataColumns columns, LabelSet labels)
    {
        var targets = new float[checked(data.Count * labels.Count)];
        if (columns.Label.Count > 1)
        {
            FillFromColumns(data, columns, labels, targets);
            return targets;
        }

        IReadOnlyList<string?> cells = data.Column(columns.Label[0]);
        for (int row = 0; row < data.Count; row++)
        {
            foreach (string name in Split(data, row, cells[row]))
            {
                if (!labels.TryGetId(name, out int id)) throw labels.Unknown(name, data.Place(row));
                targets[(row * labels.Count) + id] = 1;
            }
        }

        return targets;
    }

    /// <summary>The numbers to regress: [rows, label columns], row by row.</summary>
    /// <exception cref="AteneaException">A cell is not a finite number (ATN0209); the message names its line.</exception>
    public static float[] Numbers(Dataset data, DataColumns columns)
    {
        int width = columns.Label.Count;
        var targets = new float[checked(data.Count * width)];
        for (int column = 0; column < width; column++)
        {
            IReadOnlyList<string?> cells = data.Column(columns.Label[column]);
            for (int row = 0; row < data.Count; row++)
            {
                if (!TryNumber(cells[row], out targets[(row * width) + column]))
                {
                    throw new AteneaException(Catalogue.LabelInvalid, $"'{cells[row]}' is not a number ({columns.Label[column]})",
                        data.Place(row));
                }
            }
        }

        return targets;
    }

    private static void FillFromColumns(Dataset data, DataColumns columns, LabelSet labels, float[] targets)
    {
        foreach (string name in columns.Label)
        {
            IReadOnlyList<string?> cells = data.Column(name);
            if (!labels.TryGetId(name, out int id)) throw labels.Unknown(name, data.Source);
            for (int row = 0; row < data.Count; row++)
            {
                if (!IsZeroOrOne(cells[row]))
                {
                    throw new AteneaException(Catalogue.LabelInvalid, $"'{cells[row]}' in label column {name} is neither 0 nor 1",
                        data.Place(row));
                }

                targets[(row * labels.Count) + id] = IsOne(cells[row]!) ? 1 : 0;
            }
        }
    }

    private static string Required(Dataset data, int row, string? cell) => string.IsNullOrWhiteSpace(cell)
        ? throw new AteneaException(Catalogue.LabelInvalid, "the row has no label", data.Place(row))
        : cell;

    private static string[] Split(Dataset data, int row, string? cell)
    {
        if (string.IsNullOrWhiteSpace(cell)) return [];
        if (!cell.StartsWith('[')) return cell.Split(Separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        try
        {
            using JsonDocument list = JsonDocument.Parse(cell);
            return [.. list.RootElement.EnumerateArray().Select(item => item.ToString())];
        }
        catch (JsonException e)
        {
            throw new AteneaException(Catalogue.LabelInvalid, $"'{cell}' is not a list of labels: {e.Message}", data.Place(row), inner: e);
        }
    }

    private static bool TryNumber(string? cell, out float number) =>
        float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && float.IsFinite(number);

    private static bool IsOne(string cell) => cell is "1" or "true" or "True" or "1.0";

    private static bool IsZeroOrOne(string? cell) => cell is "0" or "false" or "False" or "0.0" || (cell is not null && IsOne(cell));
}
