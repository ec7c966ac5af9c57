using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// Reads and checks the JSON header of a safetensors file. Refuses what the reference reader refuses, and in addition names that occur
/// twice (the format forbids them). Works on the header's bytes in place; allocates in proportion to the header, never to what it claims.
/// </summary>
internal static class SafeTensorsHeader
{
    /// <summary>The reference reader's bound on the header's length.</summary>
    public const long MaxLength = 100_000_000;

    private const string MetadataKey = "__metadata__";

    /// <summary>Parses a header.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="header">The header's bytes, padding included.</param>
    /// <param name="dataStart">Where the data section starts in the file.</param>
    /// <param name="dataLength">Length of the data section.</param>
    /// <param name="metadata">The header's metadata, empty if it has none.</param>
    /// <returns>The tensors in the order of their bytes.</returns>
    public static Dictionary<string, SafeTensorInfo> Parse(
        string path, ReadOnlySpan<byte> header, long dataStart, long dataLength, out Dictionary<string, string> metadata)
    {
        if (!Utf8.IsValid(header)) throw Malformed(path, "the header is not valid UTF-8");
        metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        try
        {
            var json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 128 });
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject) throw Malformed(path, "the header is not a JSON object");
            bool metadataSeen = false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                string name = json.GetString()!;
                json.Read();
                if (name == MetadataKey)
                {
                    if (metadataSeen) throw Malformed(path, $"'{MetadataKey}' occurs twice");
                    metadataSeen = true;
                    ReadMetadata(path, ref json, metadata);
                }
                else if (!entries.TryAdd(name, ReadEntry(path, name, ref json)))
                {
                    throw Malformed(path, "the name occurs twice", name);
                }
            }

            json.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escaped lone surrogate in a string.
            throw new AteneaException(Catalogue.SafeTensorsHeaderMalformed, $"the header is not valid JSON: {e.Message}", path, inner: e);
        }

        return LayOut(path, entries, dataStart, dataLength);
    }

    private static void ReadMetadata(string path, ref Utf8JsonReader json, Dictionary<string, string> metadata)
    {
        if (json.TokenType == JsonTokenType.Null) return;
        if (json.TokenType != JsonTokenType.StartObject) throw Malformed(path, $"'{MetadataKey}' is not an object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            if (json.TokenType != JsonTokenType.String) throw Malformed(path, $"'{MetadataKey}': the value of '{key}' is not a string");
            metadata[key] = json.GetString()!;
        }
    }

    private static Entry ReadEntry(string path, string name, ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw Malformed(path, "the entry is not an object", name);
        StorageType? type = null;
        List<long>? shape = null, offsets = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string field = json.GetString()!;
            json.Read();
            bool first = true;
            switch (field)
            {
                case "dtype":
                    first = type is null;
                    type = ReadType(path, name, ref json);
                    break;
                case "shape":
                    first = shape is null;
                    shape = ReadNumbers(path, name, field, ref json);
                    break;
                case "data_offsets":
                    first = offsets is null;
                    offsets = ReadNumbers(path, name, field, ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }

            if (!first) throw Malformed(path, $"'{field}' occurs twice", name);
        }

        if (type is null) throw Malformed(path, "'dtype' is missing", name);
        if (shape is null) throw Malformed(path, "'shape' is missing", name);
        if (offsets is null) throw Malformed(path, "'data_offsets' is missing", name);
        if (offsets.Count != 2) throw Malformed(path, $"'data_offsets' has {offsets.Count} numbers, not 2", name);
        return new Entry(type.Value, [.. shape], offsets[0], offsets[1]);
    }

    private static StorageType ReadType(string path, string name, ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String) throw Malformed(path, "'dtype' is not a string", name);
        string written = json.GetString()!;
        return StorageTypes.TryParse(written, out StorageType type)
            ? type
            : throw new AteneaException(Catalogue.StorageTypeUnsupported, $"unknown dtype '{Shortened(written)}'", Place(path, name));
    }

    private static List<long> ReadNumbers(string path, string name, string field, ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw Malformed(path, $"'{field}' is not a list", name);
        var numbers = new List<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long number) || number < 0
                || json.ValueSpan[0] == (byte)'-')
                throw Malformed(path, $"'{field}' holds {Found(ref json)}, not a whole number from 0 up", name);
            numbers.Add(number);
        }

        return numbers;
    }

    private static Dictionary<string, SafeTensorInfo> LayOut(
        string path, Dictionary<string, Entry> entries, long dataStart, long dataLength)
    {
        var tensors = new Dictionary<string, SafeTensorInfo>(entries.Count, StringComparer.Ordinal);
        long position = 0;
        foreach ((string name, Entry entry) in entries.OrderBy(e => e.Value.Begin).ThenBy(e => e.Value.End))
        {
            if (entry.Begin != position || entry.End < entry.Begin)
            {
                throw Layout(path, name, $"its bytes are {entry.Begin} to {entry.End}, but the tensors before it end at {position} " +
                    "(tensors must follow each other without holes or overlaps)");
            }

            if (!TryCount(entry, out long elements, out long bits))
                throw Layout(path, name, $"the size of shape [{string.Join(", ", entry.Shape)}] overflows 64 bits");
            if (bits % 8 != 0) throw Layout(path, name, $"{elements} elements of {entry.Type.Name()} do not fill whole bytes");
            if (bits / 8 != entry.End - entry.Begin)
            {
                throw Layout(path, name, $"{entry.Type.Name()} [{string.Join(", ", entry.Shape)}] needs {bits / 8} bytes, " +
                    $"but has {entry.End - entry.Begin}");
            }

            position = entry.End;
            if (position > dataLength)
            {
                throw new AteneaException(Catalogue.SafeTensorsTruncated,
                    $"its bytes end at {position}, but the data section has only {dataLength}", Place(path, name));
            }

            tensors.Add(name, new SafeTensorInfo(name, entry.Type, entry.Shape, elements, dataStart + entry.Begin, bits / 8));
        }

        if (position != dataLength)
        {
            throw new AteneaException(Catalogue.SafeTensorsLayoutMalformed,
                $"{dataLength - position} bytes follow the last tensor", path);
        }

        return tensors;
    }

    /// <summary>
    /// Multiplies left to right with a check at each step, as the reference does: a zero does not excuse an overflow before it.
    /// </summary>
    private static bool TryCount(Entry entry, out long elements, out long bits)
    {
        UInt128 product = 1;
        elements = bits = 0;
        foreach (long dimension in entry.Shape)
        {
            product *= (ulong)dimension;
            if (product > ulong.MaxValue) return false;
        }

        UInt128 size = product * (ulong)entry.Type.Bits();
        if (size > long.MaxValue) return false;
        elements = (long)product;
        bits = (long)size;
        return true;
    }

    private static string Found(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Number
        ? Shortened(Encoding.UTF8.GetString(json.ValueSpan))
        : json.TokenType.ToString().ToLowerInvariant();

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "...";

    private static string Place(string path, string name) => $"{path}: {Shortened(name)}";

    private static AteneaException Malformed(string path, string what, string? name = null) =>
        new(Catalogue.SafeTensorsHeaderMalformed, what, name is null ? path : Place(path, name));

    private static AteneaException Layout(string path, string name, string what) =>
        new(Catalogue.SafeTensorsLayoutMalformed, what, Place(path, name));

    private readonly record struct Entry(StorageType Type, long[] Shape, long Begin, long End);
}
