using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Data;

/// <summary>
/// Reads a data file row by row, in memory that does not grow with the file: columns by name, cells as text. One reader per format;
/// <see cref="Open"/> picks it by the file's name.
/// </summary>
public abstract class TableReader : IDisposable
{
    private static readonly string[] KnownFormats = [".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".txt"];

    /// <summary>Starts a reader.</summary>
    /// <param name="path">The file, for messages.</param>
    protected TableReader(string path) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The columns seen so far. Formats without a header may add some while reading.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>
    /// The cells of the current row, as many as there are columns. Null where the row has no value. Numbers and truth values are as the
    /// file writes them; lists and objects of JSON are their JSON text.
    /// </summary>
    public abstract IReadOnlyList<string?> Cells { get; }

    /// <summary>The line of the file on which the current row starts, from 1.</summary>
    public long Line { get; protected set; }

    /// <summary>Blank lines that were passed over.</summary>
    public long BlankLines { get; protected set; }

    /// <summary>Rows with a quotation mark inside an unquoted field, which was kept as text.</summary>
    public long StrayQuotes { get; protected set; }

    /// <summary>Whether a file's name ends like one of the formats that are read.</summary>
    public static bool CanRead(string path) => KnownFormats.Contains(Extension(path), StringComparer.Ordinal);

    /// <summary>Opens a file: .csv, .tsv, .json, .jsonl, .ndjson, or .txt (one row per line, in the column <c>text</c>).</summary>
    /// <exception cref="AteneaException">
    /// The file is missing or unreadable (ATN0401, ATN0402), of another format (ATN0201), or malformed (ATN0202, ATN0204).
    /// </exception>
    public static TableReader Open(string path)
    {
        try
        {
            return Extension(path) switch
            {
                ".csv" => new CsvTableReader(path, ','),
                ".tsv" => new CsvTableReader(path, '\t'),
                ".json" or ".jsonl" or ".ndjson" => JsonTable.IsArray(path) ? new JsonArrayReader(path) : new JsonLinesReader(path),
                ".txt" => new TextLinesReader(path),
                _ when !File.Exists(path) => throw new AteneaException(Catalogue.FileMissing, $"'{path}'"),
                ".parquet" => throw new AteneaException(Catalogue.DataFormatUnsupported, "Parquet files are not read by this version", path,
                    "convert it to CSV or JSON lines"),
                string other => throw new AteneaException(Catalogue.DataFormatUnsupported,
                    $"'{other}', known are {string.Join(", ", KnownFormats)}", path),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotRead(path, e);
        }
    }

    /// <summary>Moves to the next row.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="AteneaException">The row is malformed; the message names its line (ATN0202 to ATN0204).</exception>
    public abstract bool Read();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the file.</summary>
    /// <param name="disposing">Always true; the readers hold no unmanaged memory.</param>
    protected abstract void Dispose(bool disposing);

    /// <summary>The place of a line for messages.</summary>
    protected string Place(long line) => $"{Path}: line {line}";

    private static string Extension(string path) => System.IO.Path.GetExtension(path).ToLowerInvariant();
}
