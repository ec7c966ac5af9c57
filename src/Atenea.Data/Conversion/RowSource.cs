using System.Text.Encodings.Web;
using System.Text.Json;
using Atenea.Errors;
using Atenea.Parquet;

namespace Atenea.Data;

/// <summary>The rows of a file of any format, as cells and as JSON, in memory that does not grow with the file.</summary>
internal abstract class RowSource : IDisposable
{
    /// <summary>The columns.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>Opens a file, or all files that a pattern names as one.</summary>
    /// <param name="path">The file, or a pattern of files.</param>
    /// <param name="columns">The columns that are wanted, in this order; all if null.</param>
    /// <exception cref="AteneaException">The file cannot be read, or lacks a column (ATN0205).</exception>
    public static RowSource Open(string path, IReadOnlyList<string>? columns)
    {
        IReadOnlyList<string> files = FilePattern.Expand(path);
        return files.All(f => FormatDetector.FromName(f) == DataFormat.Parquet)
            ? new ParquetRows(files, columns)
            : new TableRows(path, files, columns);
    }

    /// <summary>Moves to the next row.</summary>
    public abstract bool Read();

    /// <summary>A cell of the current row as text; null where it has no value.</summary>
    public abstract string? Cell(int column);

    /// <summary>The current row as JSON in UTF-8, valid until the next row.</summary>
    public abstract ReadOnlySpan<byte> Json();

    /// <summary>Closes the file.</summary>
    public abstract void Dispose();

    /// <summary>Parquet files, whose values keep their types: class labels are numbers, as Python writes them.</summary>
    private sealed class ParquetRows : RowSource
    {
        private readonly IReadOnlyList<string> _files;
        private readonly JsonRowWriter _json = new();
        private readonly ShardAgreement? _agreement; // of several files
        private ParquetFile _file;
        private IEnumerator<ParquetBatch> _batches;
        private ParquetBatch? _batch;
        private int _next = 1;
        private int _row;

        public ParquetRows(IReadOnlyList<string> files, IReadOnlyList<string>? columns)
        {
            _files = files;
            _file = ParquetFile.Open(files[0]);
            try
            {
                Columns = columns ?? Names(_file);
                if (files.Count > 1) _agreement = new ShardAgreement(files[0], Names(_file), Types(_file));
                _batches = _file.ReadBatches(columns).GetEnumerator();
            }
            catch
            {
                _file.Dispose();
                throw;
            }
        }

        public override IReadOnlyList<string> Columns { get; }

        public override bool Read()
        {
            while (_batch is null || ++_row >= _batch.RowCount)
            {
                while (!_batches.MoveNext())
                {
                    if (_next == _files.Count) return false;
                    OpenNext();
                }

                (_batch, _row) = (_batches.Current, -1);
            }

            return true;
        }

        public override string? Cell(int column) => _json.WriteCell(_batch!.Columns[column], _row);

        public override ReadOnlySpan<byte> Json() => _json.Write(_batch!, _row);

        public override void Dispose()
        {
            _batches.Dispose();
            _file.Dispose();
        }

        private void OpenNext()
        {
            Dispose();
            _batch = null;
            _file = ParquetFile.Open(_files[_next++]);
            _agreement!.Check(_file.Path, Names(_file), Types(_file));
            _batches = _file.ReadBatches(Columns).GetEnumerator(); // in the order of the first file
        }

        private static string[] Names(ParquetFile file) => [.. file.Fields.Select(f => f.Name)];

        private static ColumnType[] Types(ParquetFile file) =>
            [.. file.Fields.Select(f => ColumnType.Of(f, ParquetTableReader.ClassNames(file, f.Name)))];
    }

    /// <summary>Formats whose cells are text.</summary>
    private sealed class TableRows : RowSource
    {
        private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        private readonly TableReader _reader;
        private readonly IReadOnlyList<string>? _wanted;
        private readonly MemoryStream _buffer = new();
        private int[] _indices = [];
        private int _known = -1;

        public TableRows(string path, IReadOnlyList<string> files, IReadOnlyList<string>? columns)
        {
            _reader = TableReader.Open(path, files);
            _wanted = columns;
        }

        public override IReadOnlyList<string> Columns => _wanted ?? _reader.Columns;

        public override bool Read()
        {
            if (!_reader.Read()) return false;
            if (_known == _reader.Columns.Count) return true;
            _known = _reader.Columns.Count; // JSON lines may bring new columns on any line.
            _indices = _wanted is null ? [.. Enumerable.Range(0, _known)] : [.. _wanted.Select(Find)];
            return true;
        }

        public override string? Cell(int column) => column < _indices.Length ? _reader.Cells[_indices[column]] : null;

        public override ReadOnlySpan<byte> Json()
        {
            _buffer.SetLength(0);
            using (var writer = new Utf8JsonWriter(_buffer, Plain))
            {
                writer.WriteStartObject();
                for (int i = 0; i < _indices.Length; i++) WriteMember(writer, Columns[i], _indices[i]);
                writer.WriteEndObject();
            }

            return _buffer.GetBuffer().AsSpan(0, (int)_buffer.Length);
        }

        public override void Dispose() => _reader.Dispose();

        // Formats with types keep them, and what a JSON object lacks it goes on lacking.
        private void WriteMember(Utf8JsonWriter writer, string name, int column)
        {
            string? cell = _reader.Cells[column];
            CellKind kind = _reader.Kind(column);
            if (kind == CellKind.Missing && (_reader.Format is DataFormat.Json or DataFormat.JsonLines or DataFormat.JsonColumns)) return;
            writer.WritePropertyName(name);
            if (cell is null)
            {
                writer.WriteNullValue();
            }
            else if (kind is CellKind.Number or CellKind.Boolean or CellKind.List or CellKind.Object)
            {
                using JsonDocument value = JsonDocument.Parse(cell); // Not copied as it is: it may go over several lines.
                value.WriteTo(writer);
            }
            else
            {
                writer.WriteStringValue(cell);
            }
        }

        private int Find(string name)
        {
            for (int i = 0; i < _reader.Columns.Count; i++)
            {
                if (_reader.Columns[i] == name) return i;
            }

            throw new AteneaException(Catalogue.ColumnMissing, $"'{name}'; the file has {string.Join(", ", _reader.Columns)}", _reader.Path,
                Suggestion.DidYouMean(name, _reader.Columns));
        }
    }
}
