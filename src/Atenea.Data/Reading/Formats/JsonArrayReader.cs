using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Reads a JSON file that is one list of objects, object by object, in a buffer as large as the largest of them.</summary>
internal sealed class JsonArrayReader : JsonTableReader
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _atEnd;
    private bool _done;
    private bool _opened;
    private JsonReaderState _state;
    private long _lines = 1;

    /// <summary>Reads the text of an input.</summary>
    public JsonArrayReader(string path, Utf8Input input, ReadingLog log)
        : base(path, input, log)
    {
    }

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

                Fill();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new AteneaException(Catalogue.DataFileMalformed, $"not JSON: {e.Message}", Place(_lines),
                _atEnd ? "the file was probably cut: get it again" : "correct the line that is named", e);
        }
    }

    /// <summary>Reads an element of the list, if the buffer holds all of it.</summary>
    /// <param name="row">The element.</param>
    /// <param name="more">False at the list's end.</param>
    private bool TryElement(out JsonElement row, out bool more)
    {
        row = default;
        more = true;
        var json = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _atEnd, _state);
        if (!_opened)
        {
            if (!json.Read()) return false;
            _opened = true;
            Consume(json);
            json = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _atEnd, _state);
        }

        if (!json.Read()) return false;
        long before = _lines + _buffer.AsSpan(_start, (int)json.TokenStartIndex).Count((byte)'\n');
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
            if (_buffer.AsSpan(_start, _end - _start).IndexOfAnyExcept(" \t\r\n"u8) >= 0)
                throw new AteneaException(Catalogue.DataFileMalformed, "text follows the end of the list", Place(_lines));
            _start = _end;
        }
        while (Fill());
    }

    private void Consume(Utf8JsonReader json)
    {
        _state = json.CurrentState;
        _lines += _buffer.AsSpan(_start, (int)json.BytesConsumed).Count((byte)'\n');
        _start += (int)json.BytesConsumed;
    }

    private bool Fill()
    {
        if (_atEnd) return false;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        else if (_end == _buffer.Length)
        {
            if (_buffer.Length >= Utf8LineReader.LongestLine)
                throw new AteneaException(Catalogue.DataFileMalformed, "an object of more than 128 MB", Place(_lines));
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = Input.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _atEnd = read == 0;
        return !_atEnd;
    }
}
