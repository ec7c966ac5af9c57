using System.Text.Json.Nodes;

namespace Atenea.Tokenizers;

/// <summary>Reading the loosely typed tokenizer_config.json.</summary>
internal static class TokenizerConfig
{
    /// <summary>A token named in the configuration; null if absent.</summary>
    public static string? Token(JsonObject config, string key) => Token(config[key]);

    /// <summary>A token given as a string or as an added-token object; null where it is neither.</summary>
    public static string? Token(JsonNode? token) => token switch
    {
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonObject added => Text(added, "content"),
        _ => null,
    };

    /// <summary>A string, or null.</summary>
    public static string? Text(JsonObject config, string key) =>
        config[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>A Boolean, or null where it is absent or null.</summary>
    public static bool? Flag(JsonObject config, string key) =>
        config[key] is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;

    /// <summary>The class name without the suffix of the fast variants.</summary>
    public static string? ClassName(JsonObject config)
    {
        string? name = Text(config, "tokenizer_class");
        return name is not null && name.EndsWith("Fast", StringComparison.Ordinal) && name != "PreTrainedTokenizerFast" ? name[..^4] : name;
    }
}
