using System.Text;
using Atenea.Errors;
using CsvHelper;

namespace Atenea.Data;

/// <summary>
/// Reads CSV files by RFC 4180 (quoted fields with line breaks) and TSV files, where quotation marks are text; any line ends. Refuses what
/// would silently shift or swallow text: rows of another width than the header, quotes that are not closed, text behind a closing quote,
/// line breaks outside quotes.
/// </summary>
internal sealed class CsvTableReader : TableReader
{
    /// <summary>Longer records are refused, so that a quote that is never closed does not fill the memory.</summary>
    private const int LongestRecord = 1 << 26;

    private readonly CsvReader _reader;
    private readonly Utf8Input _input;
    private readonly int[] _sources;
    private readonly string[] _columns;
    private readonly string?[] _cells;
    private readonly int _width;
    private readonly bool _unnamed;
    private CsvMalformedRecord? _malformed;
    private bool _isFirst;
    private bool _cellsRead;
    private bool _unnamedFilled;
    private bool _hasBadQuotes;

    /// <summary>Reads the header of a file whose text is open.</summary>
    public CsvTableReader(string path, Utf8Input input, DataFormat format, ReadOptions options, ReadingLog log)
        : base(path, log)
    {
        Format = format;
        _input = input;
        CsvDialect dialect = CsvDialect.Recognise(input.Peek(), format == DataFormat.Tsv, options, log);
        _reader = CsvReader.Create(input, dialect.Options with
        {
            TrackLineNumbers = true,
            MaxRecordSize = LongestRecord,
            OnMalformedRecord = record => _malformed = record,
        });
        if (!ReadRecord()) throw new AteneaException(Catalogue.DatasetEmpty, "the file is empty", path);
        Separator = _reader.Separator;
        _width = _reader.FieldCount;
        if (dialect.HasHeader) CheckQuotes();
        string[] header = dialect.HasHeader
            ? [.. Enumerable.Range(0, _width).Select(_reader.GetString)]
            : Names(options.ColumnNames, path);
        _isFirst = !dialect.HasHeader;
        // Columns without a name (an index that pandas wrote, separators at the end of each line) hold nothing that could be asked for.
        _sources = [.. Enumerable.Range(0, _width).Where(i => header[i].Length > 0)];
        _unnamed = _sources.Length < _width;
        _columns = [.. _sources.Select(i => header[i])];
        _cells = new string?[_columns.Length];
        if (_columns.GroupBy(c => c, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new AteneaException(Catalogue.DataFileMalformed, $"column '{twice.Key}' occurs twice", path, "rename one of the columns");
    }

    /// <inheritdoc/>
    public override DataFormat Format { get; }

    /// <inheritdoc/>
    public override string? EncodingName => _input.EncodingName;

    /// <inheritdoc/>
    public override char? Separator { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => _columns;

    /// <inheritdoc/>
    public override IReadOnlyList<string?> Cells
    {
        get
        {
            if (!_cellsRead)
            {
                for (int i = 0; i < _sources.Length; i++) _cells[i] = Encoding.UTF8.GetString(Utf8(i));
                _cellsRead = true;
            }

            return _cells;
        }
    }

    /// <inheritdoc/>
    public override bool Read()
    {
        _cellsRead = false;
        if (_isFirst)
        {
            _isFirst = false;
            return true;
        }

        while (ReadRecord())
        {
            if (_reader.FieldCount == _width && CheckQuotes())
            {
                if (_unnamed && !_unnamedFilled) _unnamedFilled = HasUnnamedText();
                return true;
            }

            if (_reader.FieldCount != _width) ReportWidth();
        }

        NoteUnnamed();
        return false;
    }

    /// <inheritdoc/>
    internal override CellKind Kind(int column) => CellKind.Text;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Utf8(int column)
    {
        int source = _sources[column];
        // The text between the outer quotes, as its author meant it; the parser drops the first inner one.
        return _hasBadQuotes && IsBadlyQuoted(_reader.GetRawSpan(source)) ? _reader.GetRawSpan(source)[1..^1] : _reader.GetSpan(source);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _reader.Dispose();

    private string[] Names(IReadOnlyList<string>? given, string path)
    {
        if (given is null) return [.. Enumerable.Range(1, _width).Select(i => $"column{i}")];
        return given.Count == _width ? [.. given]
            : throw new AteneaException(Catalogue.RowRagged,
                $"{_width} fields, but {given.Count} columns are named ({string.Join(", ", given)})", Place(Line),
                "name as many columns as the file has");
    }

    /// <summary>An empty line; in a file of several columns also one of spaces, which cannot be a row there.</summary>
    private bool IsBlank(ReadOnlySpan<byte> record) => record.IsEmpty || (_width > 1 && record.IndexOfAnyExcept(" \t"u8) < 0);

    /// <summary>Moves to the next record that is not a blank line.</summary>
    private bool ReadRecord()
    {
        try
        {
            while (_reader.Read())
            {
                Line = _reader.LineNumber;
                if (_reader.FieldCount > 1 || !IsBlank(_reader.RawRecord)) return true;
                Log.Note(Catalogue.BlankLines, "blank lines were passed over", Line);
            }

            return false;
        }
        catch (CsvFormatException e)
        {
            throw new AteneaException(Catalogue.DataFileMalformed,
                $"a row of more than {LongestRecord >> 20} MB: a quotation mark is probably not closed", Place(Line + 1),
                "close the quoted field", e);
        }
    }

    /// <summary>
    /// A stray quote changes nothing and is counted; quotes that are not doubled inside a field that stands on one line are too, since the
    /// row's fields show what was meant. Anything else means that a field is not what its author meant.
    /// </summary>
    /// <returns>Whether the row can be used.</returns>
    private bool CheckQuotes()
    {
        _hasBadQuotes = false;
        if (_malformed is not { } malformed) return true;
        _malformed = null;
        if (malformed.Reason == CsvMalformedReason.StrayQuote)
        {
            Log.Note(Catalogue.StrayQuotes, "a quotation mark in an unquoted field, kept as text", malformed.LineNumber);
            return true;
        }

        bool manyLines = malformed.RawRecord.AsSpan().IndexOfAny('\n', '\r') >= 0;
        if (malformed.Reason == CsvMalformedReason.UnterminatedQuote)
        {
            int swallowed = malformed.RawRecord.AsSpan().TrimEnd('\n').Count('\n');
            Log.Problem(Catalogue.DataFileMalformed,
                $"a quoted field that starts here is never closed{(swallowed > 0 ? $", it swallows {swallowed} lines" : "")}",
                Path, malformed.LineNumber, remedy: "double the quotation marks inside a quoted field, and close it");
            return false;
        }

        if (malformed.RawRecord.Contains("\\\"", StringComparison.Ordinal))
        {
            Log.Problem(Catalogue.BackslashQuotes, "quotation marks are escaped with a backslash; CSV doubles them", Path,
                malformed.LineNumber);
            return false;
        }

        if (manyLines || !Enumerable.Range(0, _width).Any(i => IsBadlyQuoted(_reader.GetRawSpan(i))))
        {
            string message = "text follows the closing quotation mark of a field"
                + $"{(manyLines ? " that runs over several lines: a quotation mark is probably missing" : "")}";
            Log.Problem(Catalogue.DataFileMalformed, message, Path, malformed.LineNumber,
                remedy: "double the quotation marks inside a quoted field, and close it");
            // A tolerant reading names both ends: the quotation mark is missing somewhere between them.
            if (manyLines)
            {
                Log.Note(Catalogue.DataFileMalformed, message, malformed.LineNumber + Breaks(malformed.RawRecord),
                    severity: FindingSeverity.Error);
            }

            return false;
        }

        _hasBadQuotes = true;
        Log.Note(Catalogue.StrayQuotes, "quotation marks that are not doubled inside a quoted field, kept as text", malformed.LineNumber);
        return true;
    }

    /// <summary>Line breaks inside a record, whatever their kind.</summary>
    private static int Breaks(ReadOnlySpan<char> record)
    {
        record = record.TrimEnd("\r\n");
        int feeds = record.Count('\n');
        return feeds > 0 ? feeds : record.Count('\r');
    }

    /// <summary>A field in quotes with single quotes inside.</summary>
    private static bool IsBadlyQuoted(ReadOnlySpan<byte> raw)
    {
        if (raw.Length < 2 || raw[0] != '"' || raw[^1] != '"') return false;
        ReadOnlySpan<byte> inside = raw[1..^1];
        for (int at; (at = inside.IndexOf((byte)'"')) >= 0; inside = inside[(at + 2)..])
        {
            if (at + 1 >= inside.Length || inside[at + 1] != '"') return true;
        }

        return false;
    }

    private void ReportWidth()
    {
        if (_malformed is not null && !CheckQuotes()) return;
        if (LoneReturns.Find(Path) is { Count: > 0 } lines)
        {
            string message = $"lines end with LF, but {lines.Count} of them hold carriage returns alone outside quotes "
                + $"(lines {string.Join(", ", lines.Take(10))})";
            // A tolerant reading ends here too, for the rows behind would be wrong; its log gets all the lines, the first one from the
            // exception.
            foreach (long line in Log.Tolerant ? lines.Skip(1) : [])
                Log.Note(Catalogue.LoneCarriageReturns, message, line, severity: FindingSeverity.Error);
            throw new AteneaException(Catalogue.LoneCarriageReturns, message, Place(lines[0]));
        }

        Log.Problem(Catalogue.RowRagged,
            $"{_reader.FieldCount} {(_reader.FieldCount == 1 ? "field" : "fields")}, the header has {_width} "
                + $"({string.Join(", ", _columns)})",
            Path, Line, $"{_reader.FieldCount} fields");
    }

    private bool HasUnnamedText()
    {
        for (int i = 0, next = 0; i < _width; i++)
        {
            if (next < _sources.Length && _sources[next] == i) next++;
            else if (!_reader.IsEmpty(i)) return true;
        }

        return false;
    }

    private void NoteUnnamed()
    {
        if (!_unnamed) return;
        int count = _width - _sources.Length;
        for (int i = 0; i < count; i++)
        {
            Log.Note(Catalogue.UnnamedColumns,
                $"{count} {(count == 1 ? "column" : "columns")} without a name{(_unnamedFilled ? "" : " or content")} left out",
                severity: _unnamedFilled ? FindingSeverity.Information : FindingSeverity.Warning);
        }
    }
}
