namespace Atenea.Data;

/// <summary>What a split of a data set holds.</summary>
/// <param name="Name">The split; the file's name where a file is all there is.</param>
/// <param name="Files">Its files.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Format">The format of its files.</param>
/// <param name="Columns">
/// Its columns with the types of their first cells, and the names of their classes where the data set gives them.
/// </param>
public sealed record SplitSummary(
    string Name, IReadOnlyList<string> Files, long Rows, DataFormat Format,
    IReadOnlyList<(string Name, string Type, IReadOnlyList<string>? Classes)> Columns)
{
    /// <summary>Rows from which types are told.</summary>
    private const int RowsForTypes = 1000;

    /// <summary>Reads a split to its end.</summary>
    /// <param name="name">The split.</param>
    /// <param name="files">Its files.</param>
    /// <param name="classes">Class names by column that are known from elsewhere, as a README.</param>
    /// <exception cref="Errors.AteneaException">A file cannot be read (block 02, ATN0401, ATN0402).</exception>
    public static SplitSummary Read(
        string name, IReadOnlyList<string> files, IReadOnlyDictionary<string, IReadOnlyList<string>>? classes = null)
    {
        using TableReader reader = TableReader.Open(name, files);
        var columns = new List<ColumnStatistics>();
        long rows = 0;
        for (; reader.Read(); rows++)
        {
            while (columns.Count < reader.Columns.Count) columns.Add(new ColumnStatistics(reader.Columns[columns.Count]));
            if (rows >= RowsForTypes) continue;
            for (int i = 0; i < columns.Count; i++)
            {
                CellKind kind = reader.Kind(i);
                if (kind is CellKind.Missing or CellKind.Null) continue;
                if (kind == CellKind.List) columns[i].Lists++;
                columns[i].Add(reader.Utf8(i));
            }
        }

        return new SplitSummary(name, files, rows, reader.Format,
            [.. columns.Select(c => (c.Name, c.Type, reader.ClassNames(c.Name) ?? classes?.GetValueOrDefault(c.Name)))]);
    }
}
