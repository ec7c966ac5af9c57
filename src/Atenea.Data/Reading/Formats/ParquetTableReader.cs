using System.Globalization;
using System.Text.Json;
using Atenea.Errors;
using Atenea.Parquet;

namespace Atenea.Data;

/// <summary>
/// Reads Parquet files. Text cells are text, other cells their JSON. Where the file holds the features of Hugging Face datasets, a class
/// label is the name of its class, and -1, which stands for a hidden label, is no value.
/// </summary>
internal sealed class ParquetTableReader : TableReader
{
    private readonly ParquetFile _file;
    private readonly IEnumerator<ParquetBatch> _batches;
    private readonly JsonRowWriter _writer = new();
    private readonly JsonTextList _names = new();
    private readonly string[] _columns;
    private readonly IReadOnlyList<string>?[] _classes;
    private readonly string?[] _cells;
    private ParquetBatch? _batch;
    private int _row;
    private bool _cellsRead;

    /// <summary>Opens a file.</summary>
    public ParquetTableReader(string path, ReadingLog log)
        : base(path, log)
    {
        _file = ParquetFile.Open(path);
        try
        {
            _columns = [.. _file.Fields.Select(f => f.Name)];
            if (_columns.GroupBy(c => c, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            {
                throw new AteneaException(Catalogue.DataFileMalformed, $"column '{twice.Key}' occurs twice", path,
                    "rename one of the columns");
            }

            _classes = [.. _columns.Select(c => ClassNames(_file, c))];
            _cells = new string?[_columns.Length];
            _batches = _file.ReadBatches().GetEnumerator();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override DataFormat Format => DataFormat.Parquet;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => _columns;

    /// <inheritdoc/>
    internal override IReadOnlyList<ColumnType> Types => [.. _file.Fields.Select((f, i) => ColumnType.Of(f, _classes[i]))];

    /// <inheritdoc/>
    public override IReadOnlyList<string?> Cells
    {
        get
        {
            if (!_cellsRead)
            {
                for (int i = 0; i < _cells.Length; i++) _cells[i] = Cell(i);
                _cellsRead = true;
            }

            return _cells;
        }
    }

    /// <inheritdoc/>
    public override bool Read()
    {
        _cellsRead = false;
        while (_batch is null || ++_row >= _batch.RowCount)
        {
            if (!_batches.MoveNext())
            {
                _batch = null;
                return false;
            }

            _batch = _batches.Current;
            _row = -1;
        }

        Line = _batch.FirstRow + _row + 1;
        return true;
    }

    /// <inheritdoc/>
    internal override CellKind Kind(int column)
    {
        ColumnVector vector = _batch!.Columns[column];
        if (vector.IsNull(_row)) return CellKind.Null;
        return vector switch
        {
            _ when _classes[column] is not null && vector is not ListVector => CellKind.Text,
            ListVector => CellKind.List,
            StructVector => CellKind.Object,
            ValueVector<bool> => CellKind.Boolean,
            BytesVector => CellKind.Text,
            _ => CellKind.Number,
        };
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Utf8(int column) =>
        _batch!.Columns[column] is BytesVector { Field.Type.Kind: ValueKind.Text } text && !text.IsNull(_row)
            ? text.GetBytes(_row)
            : base.Utf8(column);

    /// <inheritdoc/>
    public override IReadOnlyList<string>? ClassNames(string column) =>
        Array.IndexOf(_columns, column) is >= 0 and int index ? _classes[index] : null;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _batches.Dispose();
        _file.Dispose();
        _names.Dispose();
    }

    /// <summary>The class names that a file gives for a column, or for the elements of its lists; null if it gives none.</summary>
    internal static IReadOnlyList<string>? ClassNames(ParquetFile file, string column)
    {
        HuggingFaceFeature? feature = file.Features?.Member(column);
        while (feature is { Element: { } element }) feature = element;
        return feature is { Kind: HuggingFaceFeature.ClassLabel, Names.Count: > 0 } ? feature.Names : null;
    }

    private string? Cell(int column)
    {
        string? cell = _writer.WriteCell(_batch!.Columns[column], _row);
        if (_classes[column] is not { } names || cell is null) return cell;
        return cell.StartsWith('[') ? NamedList(cell, names) : Named(cell, names);
    }

    private string? Named(string id, IReadOnlyList<string> names)
    {
        int number = int.Parse(id, CultureInfo.InvariantCulture);
        if (number == -1) return null;
        return number >= 0 && number < names.Count ? names[number]
            : throw new AteneaException(Catalogue.LabelUnknown, $"class {number} of {names.Count}", Place(Line),
                "correct the file's features");
    }

    private string NamedList(string cell, IReadOnlyList<string> names)
    {
        using JsonDocument list = JsonDocument.Parse(cell);
        return _names.Write(list.RootElement.EnumerateArray()
            .Select(id => id.ValueKind == JsonValueKind.Number ? Named(id.GetRawText(), names) : null));
    }
}
