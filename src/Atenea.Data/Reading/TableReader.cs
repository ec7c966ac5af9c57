using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Data;

/// <summary>
/// Reads a data file row by row, in memory that does not grow with the file: columns by name, cells as text. One reader per format;
/// <see cref="Open(string, ReadOptions?, ReadingLog?)"/> picks it by the file's name and content.
/// </summary>
public abstract class TableReader : IDisposable
{
    private byte[] _scratch = [];

    /// <summary>Starts a reader.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="log">Takes what is found.</param>
    protected TableReader(string path, ReadingLog log)
    {
        Path = path;
        Log = log;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What was found so far.</summary>
    public ReadingLog Log { get; }

    /// <summary>The format.</summary>
    public abstract DataFormat Format { get; }

    /// <summary>The encoding of the file, as far as it has been read; null for files that are not text.</summary>
    public virtual string? EncodingName => null;

    /// <summary>The separator of a CSV file; null for other formats.</summary>
    public virtual char? Separator => null;

    /// <summary>The columns seen so far. Formats without a header may add some while reading.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>
    /// The cells of the current row, as many as there are columns. Null where the row has no value. Numbers and truth values are as the
    /// file writes them; lists and objects are their JSON text; classes of a file that names them are their names.
    /// </summary>
    public abstract IReadOnlyList<string?> Cells { get; }

    /// <summary>The types that the file declares for its columns; null where the format has none.</summary>
    internal virtual IReadOnlyList<ColumnType>? Types => null;

    /// <summary>The line of the file on which the current row starts, from 1.</summary>
    public long Line { get; protected set; }

    /// <summary>Blank lines that were passed over.</summary>
    public long BlankLines => Log.Count(Catalogue.BlankLines);

    /// <summary>Rows with a quotation mark inside an unquoted field, which was kept as text.</summary>
    public long StrayQuotes => Log.Count(Catalogue.StrayQuotes);

    /// <summary>Whether a file's name ends like one of the formats that are read.</summary>
    public static bool CanRead(string path) => FormatDetector.FromName(path) is not null;

    /// <summary>
    /// Opens a file, or all files that a pattern with <c>*</c> or <c>?</c> names, in the order of their names, as one: .csv, .tsv, .json,
    /// .jsonl, .ndjson, .conll, .iob, .txt (one row per line, in the column <c>text</c>), any of them with .gz behind, or .parquet.
    /// </summary>
    /// <param name="path">The file, or a pattern of files.</param>
    /// <param name="options">Choices that the file leaves open.</param>
    /// <param name="log">Takes what is found; one that ends at the first problem when left out.</param>
    /// <exception cref="AteneaException">
    /// The file is missing or unreadable (ATN0401, ATN0402), of another format (ATN0201, ATN0214), or malformed (ATN0202, ATN0204 and
    /// others of block 02).
    /// </exception>
    public static TableReader Open(string path, ReadOptions? options = null, ReadingLog? log = null)
    {
        return Open(path, FilePattern.Expand(path), options, log);
    }

    /// <summary>Opens several files as one.</summary>
    /// <param name="name">A name for messages.</param>
    /// <param name="files">The files, at least one, in their order. All have the columns of the first (ATN0253).</param>
    /// <param name="options">Choices that the files leave open.</param>
    /// <param name="log">Takes what is found; one that ends at the first problem when left out.</param>
    /// <inheritdoc cref="Open(string, ReadOptions?, ReadingLog?)" path="/exception"/>
    public static TableReader Open(string name, IReadOnlyList<string> files, ReadOptions? options = null, ReadingLog? log = null)
    {
        options ??= ReadOptions.Default;
        log ??= new ReadingLog();
        return files.Count == 1 ? OpenFile(files[0], options, log) : new ShardedTableReader(name, files, options, log);
    }

    /// <summary>Moves to the next row.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="AteneaException">
    /// The row is malformed and the log is not tolerant; the message names its line (ATN02xx).
    /// </exception>
    public abstract bool Read();

    /// <summary>What the file writes in a cell of the current row: of a format with types its type, else text.</summary>
    /// <param name="column">The column's number, from 0.</param>
    internal virtual CellKind Kind(int column) => Cells[column] is null ? CellKind.Missing : CellKind.Text;

    /// <summary>A cell of the current row as UTF-8, empty where the row has no value. Valid until the next row or call.</summary>
    /// <param name="column">The column's number, from 0.</param>
    public virtual ReadOnlySpan<byte> Utf8(int column)
    {
        string cell = Cells[column] ?? "";
        int most = System.Text.Encoding.UTF8.GetMaxByteCount(cell.Length);
        if (_scratch.Length < most) _scratch = new byte[most];
        return _scratch.AsSpan(0, System.Text.Encoding.UTF8.GetBytes(cell, _scratch));
    }

    /// <summary>The class names that the file itself gives for a column, in the order of their ids; null if it gives none.</summary>
    /// <param name="column">The column's name.</param>
    public virtual IReadOnlyList<string>? ClassNames(string column) => null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens one file.</summary>
    internal static TableReader OpenFile(string path, ReadOptions options, ReadingLog log)
    {
        try
        {
            if ((options.Format ?? FormatDetector.FromName(path)) == DataFormat.Parquet) return new ParquetTableReader(path, log);
            Utf8Input input = Utf8Input.Open(path, log, options.Encoding);
            try
            {
                DataFormat format = options.Format ?? FormatDetector.Detect(path, input.Peek(), log);
                return format switch
                {
                    DataFormat.Csv => new CsvTableReader(path, input, DataFormat.Csv, options, log),
                    DataFormat.Tsv => new CsvTableReader(path, input, DataFormat.Tsv, options, log),
                    DataFormat.Json or DataFormat.JsonLines or DataFormat.JsonColumns => JsonLayout.Open(path, input, format, options, log),
                    DataFormat.Conll => new ConllReader(path, input, options, log),
                    DataFormat.Relations => new RelationReader(path, input, log),
                    DataFormat.Paragraphs => new ParagraphReader(path, input, log),
                    _ => new TextLinesReader(path, input, log),
                };
            }
            catch
            {
                input.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotRead(path, e);
        }
    }

    /// <summary>Closes the file.</summary>
    /// <param name="disposing">Always true; the readers hold no unmanaged memory.</param>
    protected abstract void Dispose(bool disposing);

    /// <summary>The place of a line for messages.</summary>
    protected string Place(long line) => $"{Path}: line {line}";
}
