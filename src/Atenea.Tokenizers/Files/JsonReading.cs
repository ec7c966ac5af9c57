using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>Reading JSON with errors that name the file and the key.</summary>
internal static class JsonReading
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowTrailingCommas = false };

    /// <summary>Reads a JSON file whose root is an object.</summary>
    public static JsonElement ReadObject(string path) => ParseObject(TextFiles.ReadBytes(path), path);

    /// <summary>Parses JSON whose root is an object.</summary>
    public static JsonElement ParseObject(ReadOnlyMemory<byte> utf8, string where)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        try
        {
            JsonElement root = JsonDocument.Parse(utf8, Options).RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? root
                : throw new AteneaException(Catalogue.TokenizerFileInvalid, $"the root is {Name(root)}, not an object", where);
        }
        catch (JsonException e)
        {
            throw new AteneaException(Catalogue.TokenizerFileInvalid, "not valid JSON: " + e.Message, where, inner: e);
        }
    }

    /// <summary>A property that is present and not null.</summary>
    public static JsonElement? Optional(this JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(key, out JsonElement value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    /// <summary>A property that must be present.</summary>
    public static JsonElement Required(this JsonElement element, string key, string where) =>
        element.Optional(key) ?? throw new AteneaException(Catalogue.TokenizerFileInvalid, $"the key '{key}' is missing", where);

    /// <summary>A string property, or a default.</summary>
    public static string? Text(this JsonElement element, string key, string where, string? otherwise = null) =>
        element.Optional(key) is { } value ? value.AsText(key, where) : otherwise;

    /// <summary>A string value.</summary>
    public static string AsText(this JsonElement value, string key, string where)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw new AteneaException(Catalogue.TokenizerFileInvalid, $"'{key}' is {Name(value)}, not a string", where);
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new AteneaException(Catalogue.TokenizerFileInvalid, $"'{key}' holds broken text", where, inner: e);
        }
    }

    /// <summary>A Boolean property, or a default.</summary>
    public static bool Flag(this JsonElement element, string key, bool otherwise, string where) => element.Optional(key) is not { } value
        ? otherwise
        : value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new AteneaException(Catalogue.TokenizerFileInvalid, $"'{key}' is {Name(value)}, not true or false", where),
        };

    /// <summary>An integer property, or a default.</summary>
    public static int? Integer(this JsonElement element, string key, string where) =>
        element.Optional(key) is { } value ? value.AsInteger(key, where) : null;

    /// <summary>An integer value.</summary>
    public static int AsInteger(this JsonElement value, string key, string where) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : throw new AteneaException(Catalogue.TokenizerFileInvalid, $"'{key}' is {Name(value)}, not a whole number", where);

    /// <summary>The items of an array property; none if it is absent.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string key, string where)
    {
        if (element.Optional(key) is not { } value)
        {
            yield break;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw new AteneaException(Catalogue.TokenizerFileInvalid, $"'{key}' is {Name(value)}, not a list", where);
        }

        foreach (JsonElement item in value.EnumerateArray())
        {
            yield return item;
        }
    }

    /// <summary>What a value is, for messages.</summary>
    public static string Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "the number " + value.GetRawText(),
        JsonValueKind.Null => "null",
        _ => value.GetRawText(),
    };
}
