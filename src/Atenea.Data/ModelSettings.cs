using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Data;

/// <summary>
/// What a model was trained with that its predictions need and the files of transformers have no place for: <c>atenea.json</c> in the
/// model's folder. Training writes it; evaluation, pipelines and command line read it, so that all answer alike. Null is the default of
/// whoever reads it.
/// </summary>
/// <example><code>
/// int? length = ModelSettings.Load("runs/emotion/best").MaxLength;
/// </code></example>
public sealed record ModelSettings
{
    /// <summary>The file's name in a model folder.</summary>
    public const string FileName = "atenea.json";

    private const string TextKey = "text", PairKey = "text_pair", LabelKey = "label", ConfigKey = "config";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The settings of a model that has none.</summary>
    public static ModelSettings None { get; } = new();

    /// <summary>The task that it was trained for, as a config names it, for example <c>text-classification</c>.</summary>
    public string? Task { get; init; }

    /// <summary>Longest sequence in tokens, special ones included.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Tokens that neighbouring windows of a long text share; null where long texts are cut.</summary>
    public int? Stride { get; init; }

    /// <summary>Column of the text.</summary>
    public string? Text { get; init; }

    /// <summary>Column of the second text of a pair.</summary>
    public string? TextPair { get; init; }

    /// <summary>Columns of the label.</summary>
    public IReadOnlyList<string>? Label { get; init; }

    /// <summary>Further keys of the config that an evaluation needs, by their dotted names, as they are written there.</summary>
    public IReadOnlyDictionary<string, string> Config { get; init; } = new Dictionary<string, string>();

    /// <summary>Probability above which a label of several holds.</summary>
    public double? Threshold { get; init; }

    /// <summary>What outputs are divided by before they become probabilities.</summary>
    public double? Temperature { get; init; }

    /// <summary>Reads the settings of a model folder; <see cref="None"/> if it has no such file.</summary>
    /// <param name="folder">The folder of the model itself (see <see cref="ModelLocator"/>).</param>
    /// <exception cref="AteneaException">
    /// The file cannot be read (ATN0402), is not JSON (ATN0409), or a value has the wrong type (ATN0410).
    /// </exception>
    public static ModelSettings Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return None;
        ModelConfig json = ModelConfig.Load(path);
        return new ModelSettings
        {
            Task = json.OptionalText("task"),
            MaxLength = Positive(json, "max_length"),
            Stride = json.OptionalInt("stride"),
            Text = json.OptionalText(TextKey),
            TextPair = json.OptionalText(PairKey),
            Label = json.Has(LabelKey) ? json.Texts(LabelKey, []) : null,
            Config = json.Json[ConfigKey] is JsonObject keys
                ? keys.ToDictionary(key => key.Key, key => key.Value?.ToString() ?? "", StringComparer.Ordinal)
                : new Dictionary<string, string>(),
            Threshold = Number(json, "threshold", most: 1),
            Temperature = Number(json, "temperature", most: double.MaxValue),
        };
    }

    /// <summary>Writes the settings into a model folder; what is null is left out.</summary>
    /// <exception cref="AteneaException">The file cannot be written (ATN0403).</exception>
    public void Save(string folder)
    {
        var json = new JsonObject();
        void Add(string key, JsonNode? value)
        {
            if (value is not null) json[key] = value;
        }

        Add("task", Task);
        Add("max_length", MaxLength);
        Add("stride", Stride);
        Add(TextKey, Text);
        Add(PairKey, TextPair);
        Add(LabelKey, Label is null ? null : new JsonArray([.. Label.Select(name => (JsonNode?)name)]));
        if (Config.Count > 0) json[ConfigKey] = new JsonObject(Config.Select(key => KeyValuePair.Create(key.Key, (JsonNode?)key.Value)));
        Add("threshold", Threshold);
        Add("temperature", Temperature);
        AtomicFile.WriteText(Path.Combine(folder, FileName), json.ToJsonString(Indented) + "\n");
    }

    private static int? Positive(ModelConfig json, string key) => json.Has(key) ? json.Size(key) : null;

    /// <summary>A number above 0, up to <paramref name="most"/>.</summary>
    private static double? Number(ModelConfig json, string key, double most)
    {
        if (!json.Has(key)) return null;
        double value = json.Number(key, 0);
        return value > 0 && value <= most
            ? value
            : throw json.Invalid(key, $"{value.ToString(CultureInfo.InvariantCulture)} is out of range");
    }
}
