using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Atenea.Data;

/// <summary>Writes lists of texts as the JSON that a cell of a list holds, with letters of all scripts as they are.</summary>
internal sealed class JsonTextList : IDisposable
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Utf8JsonWriter _json;

    /// <summary>Prepares a writer for any number of lists.</summary>
    public JsonTextList() =>
        _json = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The JSON of a list.</summary>
    public string Write(IEnumerable<string?> texts)
    {
        _bytes.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartArray();
        foreach (string? text in texts) _json.WriteStringValue(text);
        _json.WriteEndArray();
        _json.Flush();
        return Encoding.UTF8.GetString(_bytes.WrittenSpan);
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();
}
