using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Reads a JSON file that is one object: the list of rows below a key, or columns. The file is held in memory.</summary>
internal sealed class JsonObjectReader : TableReader
{
    private readonly Utf8Input _input;
    private readonly JsonDocument _document;
    private readonly JsonTable _table = new();
    private readonly JsonElement[]? _rows;
    private readonly JsonElement[][]? _lists;
    private readonly int _count;
    private readonly string[] _names = [];
    private string?[] _cells = [];
    private int _row = -1;

    /// <summary>Takes the columns of an object.</summary>
    public JsonObjectReader(string path, Utf8Input input, ReadingLog log, JsonDocument document)
        : base(path, log)
    {
        _input = input;
        _document = document;
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw Unfit("the file is not one JSON object of columns");
        JsonProperty[] columns = [.. document.RootElement.EnumerateObject()];
        _names = [.. columns.Select(c => c.Name)];
        if (_names.Distinct(StringComparer.Ordinal).Count() < _names.Length) throw Unfit("a column occurs twice");
        _lists = [.. columns.Select(Values)];
        _count = _lists.Length == 0 ? 0 : _lists[0].Length;
        for (int i = 0; i < _lists.Length; i++)
        {
            if (_lists[i].Length != _count) throw Unfit($"column '{_names[i]}' has {_lists[i].Length} values, '{_names[0]}' has {_count}");
        }

        _cells = new string?[_names.Length];
    }

    /// <summary>Takes the rows below a key.</summary>
    public JsonObjectReader(string path, Utf8Input input, ReadingLog log, JsonDocument document, string field)
        : base(path, log)
    {
        _input = input;
        _document = document;
        JsonElement at = document.RootElement;
        foreach (string part in field.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(part, out at)) throw Unfit($"there is no key '{field}'");
        }

        if (at.ValueKind != JsonValueKind.Array) throw Unfit($"there is no list below '{field}'");
        _rows = [.. at.EnumerateArray()];
        _count = _rows.Length;
    }

    /// <inheritdoc/>
    public override DataFormat Format => _rows is null ? DataFormat.JsonColumns : DataFormat.Json;

    /// <inheritdoc/>
    public override string? EncodingName => _input.EncodingName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => _rows is null ? _names : _table.Columns;

    /// <inheritdoc/>
    public override IReadOnlyList<string?> Cells => _rows is null ? _cells : _table.Cells;

    /// <inheritdoc/>
    public override bool Read()
    {
        if (++_row >= _count) return false;
        Line = _row + 1; // the row's number: one object has no lines of its own
        try
        {
            if (_rows is not null)
            {
                if (_rows[_row].ValueKind != JsonValueKind.Object) throw Unfit($"row {Line} is not an object");
                _table.SetRow(_rows[_row], Line, Log);
            }
            else
            {
                for (int i = 0; i < _cells.Length; i++) _cells[i] = JsonTable.Cell(_lists![i][_row]);
            }
        }
        catch (InvalidOperationException e)
        {
            throw new AteneaException(Catalogue.DataFileMalformed, $"not JSON: {e.Message}", Place(Line), inner: e);
        }

        return true;
    }

    /// <inheritdoc/>
    internal override CellKind Kind(int column) => _rows is null ? JsonTable.Kind(_lists![column][_row]) : _table.Kinds[column];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _document.Dispose();
        _input.Dispose();
    }

    private JsonElement[] Values(JsonProperty column) => column.Value.ValueKind switch
    {
        JsonValueKind.Array => [.. column.Value.EnumerateArray()],
        JsonValueKind.Object => [.. column.Value.EnumerateObject().Select(p => p.Value)],
        _ => throw Unfit($"'{column.Name}' is no column of values"),
    };

    private AteneaException Unfit(string what)
    {
        _document.Dispose();
        return new AteneaException(Catalogue.JsonIsNotRows, what, Path);
    }
}
