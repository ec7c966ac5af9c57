using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Counts of a file, or of several read as one, gathered row by row: a file larger than memory is no matter.</summary>
public sealed class DataStatistics
{
    private readonly List<ColumnStatistics> _columns = [];

    private DataStatistics(TableReader reader)
    {
        Source = reader.Path;
        Format = reader.Format;
    }

    /// <summary>The file.</summary>
    public string Source { get; }

    /// <summary>The format.</summary>
    public DataFormat Format { get; }

    /// <summary>The encoding; null where the format is not text.</summary>
    public string? EncodingName { get; private set; }

    /// <summary>The separator of a CSV file.</summary>
    public char? Separator { get; private set; }

    /// <summary>Number of rows.</summary>
    public long Rows { get; private set; }

    /// <summary>The columns.</summary>
    public IReadOnlyList<ColumnStatistics> Columns => _columns;

    /// <summary>What was found while reading.</summary>
    public IReadOnlyList<Finding> Findings { get; private set; } = [];

    /// <summary>Gathers the counts of a file.</summary>
    /// <param name="path">The file, or a pattern of files.</param>
    /// <param name="options">Choices that the file leaves open.</param>
    /// <param name="progress">Told the number of rows from time to time.</param>
    /// <exception cref="AteneaException">The file is missing, unreadable (ATN0401, ATN0402) or malformed (block 02).</exception>
    public static DataStatistics Gather(string path, ReadOptions? options = null, Action<long>? progress = null)
    {
        const int rowsPerReport = 1 << 16;
        using TableReader reader = TableReader.Open(path, options);
        var statistics = new DataStatistics(reader);
        while (reader.Read())
        {
            statistics.Add(reader);
            if (statistics.Rows % rowsPerReport == 0) progress?.Invoke(statistics.Rows);
        }

        statistics.MatchColumns(reader);
        statistics.EncodingName = reader.EncodingName;
        statistics.Separator = reader.Separator;
        statistics.Findings = reader.Log.Findings;
        return statistics;
    }

    private void MatchColumns(TableReader reader)
    {
        while (_columns.Count < reader.Columns.Count) _columns.Add(new ColumnStatistics(reader.Columns[_columns.Count]) { Missing = Rows });
    }

    private void Add(TableReader reader)
    {
        MatchColumns(reader);
        Rows++;
        for (int i = 0; i < _columns.Count; i++)
        {
            CellKind kind = reader.Kind(i);
            if (kind is CellKind.Missing or CellKind.Null)
            {
                _columns[i].Missing++;
                continue;
            }

            if (kind == CellKind.List) _columns[i].Lists++;
            _columns[i].Add(reader.Utf8(i));
        }
    }
}
