using System.Globalization;
using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// Rows in memory, stored by column: cells are text, or null where a row has no value. Every row knows the line it came from, for messages.
/// A selection of rows or columns shares the cells of what it was made from.
/// </summary>
/// <example><code>
/// Dataset train = Dataset.Read("examples/emotion/train.csv");
/// IReadOnlyList&lt;string?&gt; texts = train.Column("text");
/// </code></example>
public sealed partial class Dataset
{
    private readonly string[] _columns;
    private readonly IReadOnlyList<string?>[] _cells;
    private readonly IReadOnlyList<long> _lines;
    private readonly int[]? _rows; // the rows of the cells that this data set has, in its order; null for all

    private Dataset(string source, string[] columns, IReadOnlyList<string?>[] cells, IReadOnlyList<long> lines, int[]? rows = null)
    {
        Source = source;
        _columns = columns;
        _cells = cells;
        _lines = lines;
        _rows = rows;
    }

    /// <summary>The file, or another name for messages.</summary>
    public string Source { get; }

    /// <summary>Names of the columns, in the file's order.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>Number of rows.</summary>
    public int Count => _rows?.Length ?? _lines.Count;

    /// <summary>Blank lines that were passed over while reading.</summary>
    public long BlankLines => FindingCount(Catalogue.BlankLines);

    /// <summary>Rows with a quotation mark inside an unquoted CSV field, kept as text.</summary>
    public long StrayQuotes => FindingCount(Catalogue.StrayQuotes);

    /// <summary>What was found while reading.</summary>
    public IReadOnlyList<Finding> Findings { get; private init; } = [];

    /// <summary>The names of the classes of columns that have them, in the order of their ids.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ClassNames { get; private init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Reads a whole file, or all files that a pattern names.</summary>
    /// <param name="path">A file of one of the formats of <see cref="TableReader.Open(string, ReadOptions?, ReadingLog?)"/>.</param>
    /// <param name="limit">Read at most so many rows; null for all.</param>
    /// <param name="options">Choices that the file leaves open.</param>
    /// <param name="log">Takes what is found; one that ends at the first problem when left out.</param>
    /// <exception cref="AteneaException">
    /// The file is missing, unreadable, malformed (ATN0401, ATN0402, ATN0201 to ATN0204 and others of block 02) or has no rows (ATN0206).
    /// </exception>
    public static Dataset Read(string path, int? limit = null, ReadOptions? options = null, ReadingLog? log = null)
    {
        using TableReader reader = TableReader.Open(path, options, log);
        return Read(reader, limit);
    }

    /// <summary>Reads what a reader has left.</summary>
    /// <param name="reader">The reader, which stays open.</param>
    /// <param name="limit">Read at most so many rows; null for all.</param>
    /// <exception cref="AteneaException">A row is malformed (block 02), or there are no rows (ATN0206).</exception>
    public static Dataset Read(TableReader reader, int? limit = null)
    {
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

        if (lines.Count == 0) throw new AteneaException(Catalogue.DatasetEmpty, "no rows", reader.Path);
        return FromRows(reader, columns, lines);
    }

    /// <summary>Takes rows that were read from a reader.</summary>
    internal static Dataset FromRows(TableReader reader, IEnumerable<IReadOnlyList<string?>> columns, IReadOnlyList<long> lines) =>
        new(reader.Path, [.. reader.Columns], [.. columns], lines)
        {
            Findings = reader.Log.Findings,
            ClassNames = reader.Columns.Where(c => reader.ClassNames(c) is not null)
                .ToDictionary(c => c, c => reader.ClassNames(c)!, StringComparer.Ordinal),
        };

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

    /// <summary>
    /// Declares columns to be classes. Cells that are all class numbers become the names of their classes, -1 (a hidden label) no value.
    /// </summary>
    /// <param name="names">The class names by column, in the order of their ids; columns that are not there are passed over.</param>
    public Dataset WithClassNames(IReadOnlyDictionary<string, IReadOnlyList<string>> names)
    {
        Dataset data = this;
        foreach ((string column, IReadOnlyList<string> classes) in names)
        {
            if (!Has(column) || ClassNames.ContainsKey(column)) continue;
            bool IsClassNumber(string? cell) => cell is null
                || (int.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int id) && id >= -1
                    && id < classes.Count);
            if (Column(column).All(IsClassNumber))
            {
                data = data.Map(column,
                    row => row[column] is { } id and not "-1" ? classes[int.Parse(id, CultureInfo.InvariantCulture)] : null);
            }

            var known = new Dictionary<string, IReadOnlyList<string>>(data.ClassNames, StringComparer.Ordinal) { [column] = classes };
            data = new Dataset(data.Source, data._columns, data._cells, data._lines, data._rows)
            {
                Findings = data.Findings,
                ClassNames = known,
            };
        }

        return data;
    }

    /// <summary>Whether there is such a column.</summary>
    public bool Has(string column) => Array.IndexOf(_columns, column) >= 0;

    /// <summary>The cells of a column, one per row.</summary>
    /// <exception cref="AteneaException">There is no such column; the message lists those there are (ATN0205).</exception>
    public IReadOnlyList<string?> Column(string column) => Selected(_cells[IndexOf(column)]);

    /// <summary>The cells of a column of JSON lists, such as the tokens of a sentence; rows without a value are empty.</summary>
    /// <exception cref="AteneaException">There is no such column (ATN0205), or a cell is no list (ATN0230).</exception>
    public IReadOnlyList<string[]> Lists(string column)
    {
        IReadOnlyList<string?> cells = Column(column);
        var lists = new string[cells.Count][];
        for (int row = 0; row < lists.Length; row++)
        {
            try
            {
                using JsonDocument list = JsonDocument.Parse(cells[row] ?? "[]");
                lists[row] = [.. list.RootElement.EnumerateArray().Select(item => item.ToString())];
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                throw new AteneaException(Catalogue.ValueTypeMixed, $"'{cells[row]}' in column {column} is no list", Place(row), inner: e);
            }
        }

        return lists;
    }

    /// <summary>The line of the source on which a row starts, from 1.</summary>
    public long Line(int row) => _lines[_rows?[row] ?? row];

    /// <summary>The place of a row for messages.</summary>
    public string Place(int row) => $"{Source}: line {Line(row)}";

    private IReadOnlyList<T> Selected<T>(IReadOnlyList<T> items) => _rows is null ? items : new SelectedList<T>(items, _rows);

    private int IndexOf(string column) => Array.IndexOf(_columns, column) is >= 0 and int index ? index
        : throw new AteneaException(Catalogue.ColumnMissing, $"'{column}'; the columns are {string.Join(", ", _columns)}", Source,
            Suggestion.DidYouMean(column, _columns));

    private long FindingCount(ErrorCode code) => Findings.Where(f => f.Code == code).Sum(f => f.Count);

    private static string? Shared(HashSet<string> seen, string? cell)
    {
        const int longestShared = 32, mostShared = 10_000;
        if (cell is null || cell.Length > longestShared) return cell;
        if (seen.TryGetValue(cell, out string? first)) return first;
        if (seen.Count < mostShared) seen.Add(cell);
        return cell;
    }
}
