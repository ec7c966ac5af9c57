using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Parquet;

/// <summary>
/// A feature of the <c>datasets</c> library, as it describes columns under the key <c>huggingface</c> of a file's metadata.
/// Source: https://huggingface.co/docs/datasets/about_dataset_features
/// </summary>
/// <param name="Kind">
/// The feature's class: <c>Value</c>, <c>ClassLabel</c>, <c>List</c>, <c>LargeList</c>, <c>Sequence</c>, <c>Translation</c>, <c>Image</c>
/// and others; <c>Struct</c> for named members.
/// </param>
public sealed record HuggingFaceFeature(string Kind)
{
    private const string MetadataKey = "huggingface";
    private const int DeepestNesting = 64;

    /// <summary>The feature that has named members.</summary>
    public const string Struct = "Struct";

    /// <summary>The feature whose integers stand for class names.</summary>
    public const string ClassLabel = "ClassLabel";

    /// <summary>The type of a <c>Value</c>, for example <c>string</c> or <c>int64</c>.</summary>
    public string? DataType { get; init; }

    /// <summary>The names of a <c>ClassLabel</c>, by class id; of a <c>Translation</c> the languages.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The elements of a list.</summary>
    public HuggingFaceFeature? Element { get; init; }

    /// <summary>The members of a structure in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, HuggingFaceFeature>> Members { get; init; } = [];

    /// <summary>A member by name, or null.</summary>
    public HuggingFaceFeature? Member(string name)
    {
        foreach ((string key, HuggingFaceFeature feature) in Members)
        {
            if (key == name) return feature;
        }

        return null;
    }

    /// <summary>Reads the description in a file's metadata.</summary>
    /// <returns>A structure with a member for each column; null without a description.</returns>
    /// <exception cref="AteneaException">It cannot be read (ATN0433).</exception>
    internal static HuggingFaceFeature? FromMetadata(IReadOnlyList<KeyValuePair<string, string>> metadata, string path)
    {
        string? json = metadata.FirstOrDefault(pair => pair.Key == MetadataKey).Value;
        if (json is null) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            bool isDescribed = document.RootElement.TryGetProperty("info", out JsonElement info);
            if (!isDescribed || !info.TryGetProperty("features", out JsonElement features)) return null;
            return features.ValueKind == JsonValueKind.Null ? null : Parse(features, 0);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new AteneaException(Catalogue.ParquetFeaturesMalformed, e.Message, path, inner: e);
        }
    }

    private static HuggingFaceFeature Parse(JsonElement json, int depth)
    {
        if (depth > DeepestNesting) throw new JsonException($"features are nested more than {DeepestNesting} deep");
        // A list in brackets is the older way to write a List.
        if (json.ValueKind == JsonValueKind.Array)
        {
            if (json.GetArrayLength() != 1) throw new JsonException("a list of features must have one element");
            return new HuggingFaceFeature("List") { Element = Parse(json[0], depth + 1) };
        }

        if (json.ValueKind != JsonValueKind.Object) throw new JsonException($"a feature is {json.ValueKind}");
        if (!json.TryGetProperty("_type", out JsonElement type) || type.ValueKind != JsonValueKind.String)
        {
            return new HuggingFaceFeature(Struct)
            {
                Members = [.. json.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Parse(p.Value, depth + 1)))],
            };
        }

        return new HuggingFaceFeature(type.GetString()!)
        {
            DataType = json.TryGetProperty("dtype", out JsonElement data) && data.ValueKind == JsonValueKind.String
                ? data.GetString()
                : null,
            Names = Strings(json, "names") ?? Strings(json, "languages") ?? [],
            Element = json.TryGetProperty("feature", out JsonElement element) ? Parse(element, depth + 1) : null,
        };
    }

    private static IReadOnlyList<string>? Strings(JsonElement json, string key) =>
        json.TryGetProperty(key, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(name => name.GetString() ?? throw new JsonException($"a null in {key}"))]
            : null;
}
