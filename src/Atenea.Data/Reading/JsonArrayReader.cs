using System.Text.Json;
using System.Text.Unicode;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Reads a JSON file that is one list of objects. The file's bytes are held in memory, its rows are parsed one by one.</summary>
internal sealed class JsonArrayReader : TableReader
{
    private readonly JsonTable _table = new();
    private readonly byte[] _bytes;
    private JsonReaderState _state;
    private int _position;
    private bool _done;
    private int _countedTo;
    private long _lines = 1;

    /// <summary>Opens the file.</summary>
    public JsonArrayReader(string path)
        : base(path)
    {
        _bytes = File.ReadAllBytes(path);
        if (!Utf8.IsValid(_bytes)) throw new AteneaException(Catalogue.TextEncodingInvalid, "bytes that are not UTF-8", path);
        if (_bytes.AsSpan().StartsWith("\uFEFF"u8)) _position = "\uFEFF"u8.Length;
        Advance((ref Utf8JsonReader json) => json.Read());
    }

    private delegate bool Step(ref Utf8JsonReader json);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => _table.Columns;

    /// <inheritdoc/>
    public override IReadOnlyList<string?> Cells => _table.Cells;

    /// <inheritdoc/>
    public override bool Read() => Advance((ref Utf8JsonReader json) =>
    {
        json.Read();
        CountLines((int)json.TokenStartIndex);
        if (json.TokenType == JsonTokenType.EndArray)
        {
            json.Read();
            return false;
        }
        if (json.TokenType != JsonTokenType.StartObject)
            throw new AteneaException(Catalogue.DataFileMalformed, "an element of the list is not an object", Place(Line));
        _table.SetRow(JsonElement.ParseValue(ref json));
        return true;
    });

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _done = true;

    private bool Advance(Step step)
    {
        if (_done) return false;
        try
        {
            var json = new Utf8JsonReader(_bytes.AsSpan(_position), isFinalBlock: true, _state);
            _done = !step(ref json);
            _position += (int)json.BytesConsumed;
            _state = json.CurrentState;
            return !_done;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new AteneaException(Catalogue.DataFileMalformed, $"not JSON: {e.Message}", Path, inner: e);
        }
    }

    private void CountLines(int tokenStart)
    {
        int start = _position + tokenStart;
        _lines += _bytes.AsSpan(_countedTo, start - _countedTo).Count((byte)'\n');
        _countedTo = start;
        Line = _lines;
    }
}
