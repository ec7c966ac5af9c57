using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// Rows in memory, stored by column: cells are text, or null where a row has no value. Every row knows the line it came from, for messages.
/// </summary>
/// <example><code>
/// Dataset train = Dataset.Read("examples/emotion/train.csv");
/// IReadOnlyList&lt;string?&gt; texts = train.Column("text");
/// </code></example>
public sealed class Dataset
{
    private readonly string[] _columns;
    private readonly IReadOnlyList<string?>[] _cells;
    private readonly IReadOnlyList<long> _lines;

    private Dataset(string source, string[] columns, IReadOnlyList<string?>[] cells, IReadOnlyList<long> lines)
    {
        Source = source;
        _columns = columns;
        _cells = cells;
        _lines = lines;
    }

    /// <summary>The file, or another name for messages.</summary>
    public string Source { get; }

    /// <summary>Names of the columns, in the file's order.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>Number of rows.</summary>
    public int Count => _lines.Count;

    /// <summary>Blank lines that were passed over while reading.</summary>
    public long BlankLines { get; private init; }

    /// <summary>Rows with a quotation mark inside an unquoted CSV field, kept as text.</summary>
    public long StrayQuotes { get; private init; }

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">A .csv, .tsv, .json, .jsonl, .ndjson or .txt file.</param>
    /// <param name="limit">Read at most so many rows; null for all.</param>
    /// <exception cref="AteneaException">
    /// The file is missing, unreadable, malformed (ATN0401, ATN0402, ATN0201 to ATN0204) or has no rows (ATN0206).
    /// </exception>
    public static Dataset Read(string path, int? limit = null)
    {
        using TableReader reader = TableReader.Open(path);
        var columns = new List<List<string?>>();
        var lines = new List<long>();
        // Labels and other short cells repeat: keep one string of each.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (lines.Count < (limit ?? int.MaxValue) && reader.Read())
        {
            while (columns.Count < reader.Columns.Count) columns.Add([.. Enumerable.Repeat<string?>(null, lines.Count)]);
            for (int i = 0; i < columns.Count; i++) columns[i].Add(Shared(seen, reader.Cells[i]));
            lines.Add(reader.Line);
        }
        if (lines.Count == 0) throw new AteneaException(Catalogue.DatasetEmpty, "no rows", path);
        return new Dataset(path, [.. reader.Columns], [.. columns], lines)
        {
            BlankLines = reader.BlankLines,
            StrayQuotes = reader.StrayQuotes,
        };
    }

    /// <summary>Makes a data set from columns in memory, all of one length.</summary>
    /// <param name="source">A name for messages.</param>
    /// <param name="columns">Column names and cells.</param>
    /// <exception cref="ArgumentException">The columns differ in length, or a name occurs twice.</exception>
    public static Dataset FromColumns(string source, IReadOnlyList<(string Name, IReadOnlyList<string?> Cells)> columns)
    {
        int count = columns.Count == 0 ? 0 : columns[0].Cells.Count;
        if (columns.Any(c => c.Cells.Count != count)) throw new ArgumentException("columns of different lengths", nameof(columns));
        if (columns.DistinctBy(c => c.Name, StringComparer.Ordinal).Count() != columns.Count)
            throw new ArgumentException("a column name occurs twice", nameof(columns));
        return new Dataset(source, [.. columns.Select(c => c.Name)], [.. columns.Select(c => c.Cells)],
            [.. Enumerable.Range(1, count).Select(i => (long)i)]);
    }

    /// <summary>Whether there is such a column.</summary>
    public bool Has(string column) => Array.IndexOf(_columns, column) >= 0;

    /// <summary>The cells of a column, one per row.</summary>
    /// <exception cref="AteneaException">There is no such column; the message lists those there are (ATN0205).</exception>
    public IReadOnlyList<string?> Column(string column)
    {
        int index = Array.IndexOf(_columns, column);
        if (index >= 0) return _cells[index];
        throw new AteneaException(Catalogue.ColumnMissing, $"'{column}'; the columns are {string.Join(", ", _columns)}", Source,
            Suggestion.DidYouMean(column, _columns));
    }

    /// <summary>The line of the source on which a row starts, from 1.</summary>
    public long Line(int row) => _lines[row];

    /// <summary>The place of a row for messages.</summary>
    public string Place(int row) => $"{Source}: line {_lines[row]}";

    /// <summary>The first rows only. Shares the cells.</summary>
    /// <param name="count">At most so many.</param>
    public Dataset Take(int count) => count >= Count
        ? this
        : new Dataset(Source, _columns, [.. _cells.Select(c => (IReadOnlyList<string?>)[.. c.Take(count)])], [.. _lines.Take(count)])
        {
            BlankLines = BlankLines,
            StrayQuotes = StrayQuotes,
        };

    private static string? Shared(HashSet<string> seen, string? cell)
    {
        const int longestShared = 32, mostShared = 10_000;
        if (cell is null || cell.Length > longestShared) return cell;
        if (seen.TryGetValue(cell, out string? first)) return first;
        if (seen.Count < mostShared) seen.Add(cell);
        return cell;
    }
}
