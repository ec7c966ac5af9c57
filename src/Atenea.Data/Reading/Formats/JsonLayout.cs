using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// Tells how a JSON file holds its rows: a list of objects, an object per line, rows below a key, or an object of columns.
/// </summary>
internal static class JsonLayout
{
    private const int LargestObject = 1 << 28;

    /// <summary>
    /// Opens the reader for the file's layout. Rows below a key and columns are read only when asked for, since both are a guess.
    /// </summary>
    /// <exception cref="AteneaException">The file is one object without a list of rows (ATN0227), or not JSON (ATN0202).</exception>
    public static TableReader Open(string path, Utf8Input input, DataFormat format, ReadOptions options, ReadingLog log)
    {
        if (options.Field is { } field) return new JsonObjectReader(path, input, log, Whole(path, input), field);
        if (format == DataFormat.JsonColumns) return new JsonObjectReader(path, input, log, Whole(path, input));
        ReadOnlySpan<byte> start = input.Peek();
        int first = start.IndexOfAnyExcept(" \t\r\n"u8);
        if (first < 0) throw new AteneaException(Catalogue.DatasetEmpty, "the file is empty", path);
        if (start[first] == '[')
        {
            if (format == DataFormat.JsonLines)
                log.Note(Catalogue.JsonArrayInLines, "the file is a JSON list, not one object a line; read as a list");
            return new JsonArrayReader(path, input, log);
        }

        if (format == DataFormat.Json && start[first] == '{' && IsOneObject(start[first..])) throw Explain(path, Whole(path, input));
        return new JsonLinesReader(path, input, log);
    }

    /// <summary>Whether the text is one object that is not followed by another, as far as the sample goes.</summary>
    private static bool IsOneObject(ReadOnlySpan<byte> start)
    {
        try
        {
            var json = new Utf8JsonReader(start, isFinalBlock: false, default);
            if (!json.Read() || !json.TrySkip()) return true;
            return start[(int)json.BytesConsumed..].IndexOfAnyExcept(" \t\r\n"u8) < 0;
        }
        catch (JsonException)
        {
            return false; // the line reader names the line
        }
    }

    private static JsonDocument Whole(string path, Utf8Input input)
    {
        using var text = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = input.Read(buffer, 0, buffer.Length)) > 0;)
        {
            text.Write(buffer, 0, read);
            if (text.Length > LargestObject)
            {
                throw new AteneaException(Catalogue.DatasetTooLarge, "one JSON object of more than 256 MB", path,
                    "write one JSON object per line");
            }
        }

        try
        {
            return JsonDocument.Parse(text.GetBuffer().AsMemory(0, (int)text.Length));
        }
        catch (JsonException e)
        {
            throw new AteneaException(Catalogue.DataFileMalformed, $"not JSON: {e.Message}", $"{path}: line {(e.LineNumber ?? 0) + 1}",
                inner: e);
        }
    }

    private static AteneaException Explain(string path, JsonDocument document)
    {
        using (document)
        {
            JsonProperty[] properties = [.. document.RootElement.EnumerateObject()];
            if (properties.FirstOrDefault(HoldsRows) is { Value.ValueKind: JsonValueKind.Array } rows)
            {
                return new AteneaException(Catalogue.JsonIsNotRows,
                    $"the file is one JSON object; rows seem to be below '{rows.Name}' ({rows.Value.GetArrayLength()})",
                    path, $"name the key: data.field: {rows.Name}");
            }

            string[] lists =
                [.. properties.Where(p => p.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object).Select(p => $"'{p.Name}'")];
            return lists.Length > 0
                ? new AteneaException(Catalogue.JsonIsNotRows,
                    $"the file is one JSON object of columns ({string.Join(", ", lists)}), not a list of rows", path,
                    "name the format: data.format: json-columns")
                : new AteneaException(Catalogue.JsonIsNotRows, "the file is one JSON object, not a list of rows", path);
        }

        static bool HoldsRows(JsonProperty property) => property.Value.ValueKind == JsonValueKind.Array
            && property.Value.GetArrayLength() > 0 && property.Value[0].ValueKind == JsonValueKind.Object;
    }
}
