using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// A model's config.json: typed access over the JSON object as it was read. Keys that nobody asks for are kept and written back in their
/// order. A key that holds null counts as absent, as in transformers.
/// </summary>
/// <example><code>
/// ModelConfig config = ModelConfig.Load("assets/models/all-MiniLM-L6-v2");
/// int hidden = config.Int("hidden_size");
/// double epsilon = config.Number("layer_norm_eps", 1e-12);
/// </code></example>
public sealed partial class ModelConfig
{
    /// <summary>The file's name in a model folder.</summary>
    public const string FileName = "config.json";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private ModelConfig(JsonObject json, string source)
    {
        Json = json;
        Source = source;
    }

    /// <summary>The whole configuration. Changes to it are written by <see cref="Save"/>.</summary>
    public JsonObject Json { get; }

    /// <summary>The file it came from, for messages.</summary>
    public string Source { get; }

    /// <summary>The family, for example <c>bert</c>.</summary>
    /// <exception cref="AteneaException">The key is missing or not a string (ATN0410).</exception>
    public string ModelType => Text("model_type");

    /// <summary>The class names of <c>architectures</c>, for example <c>BertForSequenceClassification</c>; empty if absent.</summary>
    public IReadOnlyList<string> Architectures => Texts("architectures", []);

    /// <summary>Reads a config.json, or the one of a model folder.</summary>
    /// <exception cref="AteneaException">The file is missing, unreadable or not a JSON object (ATN0401, ATN0402, ATN0409).</exception>
    public static ModelConfig Load(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        return Parse(FileErrors.ReadText(file), file);
    }

    /// <summary>Reads a configuration from JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">The name for messages.</param>
    /// <exception cref="AteneaException">It is not a JSON object, or a key occurs twice (ATN0409).</exception>
    public static ModelConfig Parse(string json, string source)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is JsonObject root
                ? new ModelConfig(root, source)
                : throw new AteneaException(Catalogue.ConfigMalformed, "not a JSON object", source);
        }
        catch (JsonException e)
        {
            throw new AteneaException(Catalogue.ConfigMalformed, e.Message, source, inner: e);
        }
    }

    /// <summary>Whether the key is there and not null.</summary>
    public bool Has(string key) => Json[key] is not null;

    /// <summary>A whole number that must be there.</summary>
    /// <exception cref="AteneaException">Missing, or not a whole number (ATN0410).</exception>
    public int Int(string key) => OptionalInt(key) ?? throw Missing(key);

    /// <summary>A whole number, or the default when the key is absent.</summary>
    /// <exception cref="AteneaException">Not a whole number (ATN0410).</exception>
    public int Int(string key, int absent) => OptionalInt(key) ?? absent;

    /// <summary>A whole number, or null when the key is absent.</summary>
    /// <exception cref="AteneaException">Not a whole number (ATN0410).</exception>
    public int? OptionalInt(string key)
    {
        if (Json[key] is not { } node) return null;
        return node is JsonValue && node.GetValueKind() == JsonValueKind.Number
            && int.TryParse(node.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw Wrong(key, "a whole number");
    }

    /// <summary>A whole number that must be there and be at least 1: a size.</summary>
    /// <exception cref="AteneaException">Missing, not a whole number, or below 1 (ATN0410).</exception>
    public int Size(string key) => Positive(key, Int(key));

    /// <summary>A size, or the default when the key is absent.</summary>
    /// <exception cref="AteneaException">Not a whole number, or below 1 (ATN0410).</exception>
    public int Size(string key, int absent) => Positive(key, Int(key, absent));

    /// <summary>A number, or the default when the key is absent.</summary>
    /// <exception cref="AteneaException">Not a number (ATN0410).</exception>
    public double Number(string key, double absent)
    {
        if (Json[key] is not { } node) return absent;
        return node is JsonValue && node.GetValueKind() == JsonValueKind.Number
            && double.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value)
            ? value
            : throw Wrong(key, "a number");
    }

    /// <summary>A truth value, or the default when the key is absent.</summary>
    /// <exception cref="AteneaException">Neither true nor false (ATN0410).</exception>
    public bool Flag(string key, bool absent) => Json[key] switch
    {
        null => absent,
        JsonValue value when value.GetValueKind() == JsonValueKind.True => true,
        JsonValue value when value.GetValueKind() == JsonValueKind.False => false,
        _ => throw Wrong(key, "true or false"),
    };

    /// <summary>A string that must be there.</summary>
    /// <exception cref="AteneaException">Missing, or not a string (ATN0410).</exception>
    public string Text(string key) => OptionalText(key) ?? throw Missing(key);

    /// <summary>A string, or the default when the key is absent.</summary>
    /// <exception cref="AteneaException">Not a string (ATN0410).</exception>
    public string Text(string key, string absent) => OptionalText(key) ?? absent;

    /// <summary>A string, or null when the key is absent.</summary>
    /// <exception cref="AteneaException">Not a string (ATN0410).</exception>
    public string? OptionalText(string key) => Json[key] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => throw Wrong(key, "a string"),
    };

    /// <summary>A list of strings, or the default when the key is absent.</summary>
    /// <exception cref="AteneaException">Not a list of strings (ATN0410).</exception>
    public IReadOnlyList<string> Texts(string key, IReadOnlyList<string> absent) => Json[key] switch
    {
        null => absent,
        JsonArray list when list.All(item => item is JsonValue && item.GetValueKind() == JsonValueKind.String) =>
            [.. list.Select(item => item!.GetValue<string>())],
        _ => throw Wrong(key, "a list of strings"),
    };

    /// <summary>Sets a key, in its old place if it was there. Null writes null.</summary>
    public void Set(string key, JsonNode? value) => Json[key] = value;

    /// <summary>An independent copy.</summary>
    public ModelConfig Clone() => new((JsonObject)Json.DeepClone(), Source);

    /// <summary>The file's text: indented JSON with a final line feed.</summary>
    public string ToText() => Json.ToJsonString(Indented) + "\n";

    /// <summary>Writes config.json into a model folder, atomically.</summary>
    /// <exception cref="AteneaException">The file cannot be written (ATN0403).</exception>
    public void Save(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), ToText());

    /// <summary>The error of a key whose value makes no sense, for checks that only the reader of the key can make.</summary>
    /// <param name="key">The key.</param>
    /// <param name="what">What is wrong, with the value.</param>
    public AteneaException Invalid(string key, string what) => new(Catalogue.ConfigValueInvalid, what, $"{Source}: {key}");

    private int Positive(string key, int value) => value >= 1 ? value : throw Invalid(key, $"{value}, expected at least 1");

    private AteneaException Missing(string key) => Invalid(key, "the key is missing");

    private AteneaException Wrong(string key, string expected)
    {
        string found = Json[key]!.ToJsonString();
        return Invalid(key, $"{(found.Length <= 60 ? found : found[..60] + "...")}, expected {expected}");
    }
}
