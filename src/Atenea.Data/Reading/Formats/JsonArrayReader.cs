using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Reads a JSON file that is one list of objects, object by object, in a buffer as large as the largest of them.</summary>
internal sealed class JsonArrayReader : JsonTableReader
{
    private readonly InputBuffer _buffer;
    private bool _done;
    private bool _opened;
    private JsonReaderState _state;
    private long _lines = 1;

    /// <summary>Reads the text of an input.</summary>
    public JsonArrayReader(string path, Utf8Input input, ReadingLog log)
        : base(path, input, log) => _buffer = new InputBuffer(input);

    /// <inheritdoc/>
    public override DataFormat Format => DataFormat.Json;

    /// <inheritdoc/>
    public override bool Read()
    {
        if (_done) return false;
        try
        {
            while (true)
            {
                if (TryElement(out JsonElement row, out bool more))
                {
                    _done = !more;
                    if (_done) return false;
                    if (row.ValueKind != JsonValueKind.Object)
                        throw new AteneaException(Catalogue.DataFileMalformed, "an element of the list is not an object", Place(Line));
                    Table.SetRow(row, Line, Log);
                    return true;
                }

                if (_buffer.IsFull) throw new AteneaException(Catalogue.DataFileMalformed, "an object of more than 128 MB", Place(_lines));
                _buffer.Fill();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new AteneaException(Catalogue.DataFileMalformed, $"not JSON: {e.Message}", Place(_lines),
                _buffer.AtEnd ? "the file was probably cut: get it again" : "correct the line that is named", e);
        }
    }

    /// <summary>Reads an element of the list, if the buffer holds all of it.</summary>
    /// <param name="row">The element.</param>
    /// <param name="more">False at the list's end.</param>
    private bool TryElement(out JsonElement row, out bool more)
    {
        row = default;
        more = true;
        var json = new Utf8JsonReader(_buffer.Held, _buffer.AtEnd, _state);
        if (!_opened)
        {
            if (!json.Read()) return false;
            _opened = true;
            Consume(json);
            json = new Utf8JsonReader(_buffer.Held, _buffer.AtEnd, _state);
        }

        if (!json.Read()) return false;
        long before = _lines + _buffer.Held[..(int)json.TokenStartIndex].Count((byte)'\n');
        if (json.TokenType == JsonTokenType.EndArray)
        {
            Consume(json);
            FinishFile();
            more = false;
            return true;
        }

        if (!JsonDocument.TryParseValue(ref json, out JsonDocument? document)) return false;
        using (document) row = document.RootElement.Clone();
        Line = before;
        Consume(json);
        return true;
    }

    /// <summary>Nothing but white space may follow the list.</summary>
    private void FinishFile()
    {
        do
        {
            if (_buffer.Held.IndexOfAnyExcept(" \t\r\n"u8) >= 0)
                throw new AteneaException(Catalogue.DataFileMalformed, "text follows the end of the list", Place(_lines));
            _buffer.Use(_buffer.Held.Length);
        }
        while (_buffer.Fill());
    }

    private void Consume(Utf8JsonReader json)
    {
        _state = json.CurrentState;
        _lines += _buffer.Held[..(int)json.BytesConsumed].Count((byte)'\n');
        _buffer.Use((int)json.BytesConsumed);
    }
}
