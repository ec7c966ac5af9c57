using System.Text;
using System.Text.Unicode;
using Atenea.Errors;
using CsvHelper;

namespace Atenea.Data;

/// <summary>
/// Reads CSV files by RFC 4180 (quoted fields with line breaks) and TSV files, where quotation marks are text: UTF-8 with or without a byte
/// order mark, UTF-16 with one, any line ends. Takes the separator from the header where the file's name misleads (<c>;</c>, tab and
/// <c>|</c> in .csv files). Refuses what would silently shift or swallow text: rows of another width than the header, quotes that are not
/// closed, text behind a closing quote.
/// </summary>
internal sealed class CsvTableReader : TableReader
{
    private const string SeparatorHint = "sep=";
    private const int SampleBytes = 1 << 16;

    private readonly CsvReader _reader;
    private readonly int[] _sources;
    private readonly string[] _columns;
    private readonly string?[] _cells;
    private readonly int _width;
    private CsvMalformedRecord? _malformed;

    /// <summary>Opens the file and reads its header.</summary>
    public CsvTableReader(string path, char preferred)
        : base(path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        try
        {
            char? separator = Separator(stream, preferred);
            _reader = CsvReader.Create(stream, new CsvReaderOptions
            {
                Separator = separator,
                // A .tsv file has no quoting (IANA text/tab-separated-values; GLUE and the like hold lone quotation marks).
                Mode = preferred == '\t' && separator == '\t' ? CsvMode.NoEscape : CsvMode.Rfc4180,
                HasHeader = false, // the header is read here, so that it gets the checks of any other row
                SkipEmptyLines = false, // and so that blank lines can be counted
                TrackLineNumbers = true,
                OnMalformedRecord = record => _malformed = record,
            });
            string[] header = ReadHeader(path);
            _width = header.Length;
            // Columns without a name (an index that pandas wrote, separators at the end of each line) hold nothing that could be asked for.
            _sources = [.. Enumerable.Range(0, _width).Where(i => header[i].Length > 0)];
            _columns = [.. _sources.Select(i => header[i])];
            _cells = new string?[_columns.Length];
            if (_columns.GroupBy(c => c, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
                throw new AteneaException(Catalogue.DataFileMalformed, $"column '{twice.Key}' occurs twice", path, "rename one of the columns");
        }
        catch
        {
            _reader?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => _columns;

    /// <inheritdoc/>
    public override IReadOnlyList<string?> Cells => _cells;

    /// <inheritdoc/>
    public override bool Read()
    {
        if (!ReadRecord()) return false;
        if (_reader.FieldCount != _width)
        {
            throw new AteneaException(Catalogue.RowRagged, $"{_reader.FieldCount} fields, the header has {_width} " +
                $"({string.Join(", ", _columns)})", Place(Line));
        }
        for (int i = 0; i < _sources.Length; i++) _cells[i] = _reader.GetString(_sources[i]);
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _reader.Dispose();

    /// <summary>An empty line; in a file of several columns also one of spaces, which cannot be a row there.</summary>
    private bool IsBlank(ReadOnlySpan<byte> record) => record.IsEmpty || (_width > 1 && record.IndexOfAnyExcept(" \t"u8) < 0);

    private string[] ReadHeader(string path)
    {
        if (!ReadRecord()) throw new AteneaException(Catalogue.DatasetEmpty, "no header", path);
        return [.. Enumerable.Range(0, _reader.FieldCount).Select(_reader.GetString)];
    }

    /// <summary>Moves to the next record that is not a blank line, and checks that it is sound text.</summary>
    private bool ReadRecord()
    {
        while (_reader.Read())
        {
            Line = _reader.LineNumber;
            if (_malformed is { } malformed) CheckQuotes(malformed);
            if (_reader.FieldCount > 1 || !IsBlank(_reader.RawRecord))
            {
                CheckText(_reader.RawRecord);
                return true;
            }
            BlankLines++;
        }
        return false;
    }

    /// <summary>A stray quote changes nothing and is counted; anything else means that a field is not what its author meant.</summary>
    private void CheckQuotes(CsvMalformedRecord malformed)
    {
        _malformed = null;
        if (malformed.Reason == CsvMalformedReason.StrayQuote)
        {
            StrayQuotes++;
            return;
        }
        string what = malformed.Reason == CsvMalformedReason.UnterminatedQuote
            ? "a quoted field that starts here is never closed"
            : "text follows the closing quotation mark of a field";
        throw new AteneaException(Catalogue.DataFileMalformed, what, Place(malformed.LineNumber),
            "double the quotation marks inside a quoted field, and close it");
    }

    private void CheckText(ReadOnlySpan<byte> record)
    {
        if (!Utf8.IsValid(record))
            throw new AteneaException(Catalogue.TextEncodingInvalid, "bytes that are not UTF-8", Place(Line));
        if (record.Contains((byte)0))
            throw new AteneaException(Catalogue.TextEncodingInvalid, "a NUL character (UTF-16 without a byte order mark?)", Place(Line));
    }

    /// <summary>
    /// The separator that the header uses: the preferred one if the header has it, else another that it has. Null leaves a line like
    /// <c>sep=;</c> (written by Excel) to the reader.
    /// </summary>
    private static char? Separator(FileStream stream, char preferred)
    {
        var sample = new byte[SampleBytes];
        int read = stream.ReadAtLeast(sample, sample.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        string start = Encoding.Latin1.GetString(sample, 0, read);
        string header = start.Split(['\n', '\r'], 2)[0];
        if (header.Contains(SeparatorHint, StringComparison.OrdinalIgnoreCase)) return null;
        if (header.Contains(preferred, StringComparison.Ordinal)) return preferred;
        foreach (char candidate in ",;\t|")
        {
            if (header.Contains(candidate, StringComparison.Ordinal)) return candidate;
        }
        return preferred;
    }
}
