using System.Text.Json.Nodes;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The keys of config.json about rotary positions and kinds of layers. Version 5 of transformers writes <c>rope_parameters</c> and
/// <c>layer_types</c>; files on the hub have older keys of their own for each family.
/// </summary>
internal static class RotarySettings
{
    /// <summary>The kind of layer whose tokens see the whole sequence.</summary>
    public const string Full = "full_attention";

    /// <summary>The kind of layer whose tokens see a window.</summary>
    public const string Sliding = "sliding_attention";

    /// <summary>The rotary positions of a kind of layer.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="layerKind">The key below <c>rope_parameters</c> that has this kind's settings; null where there is one for all.</param>
    /// <param name="olderKey">The key of older files, for example <c>rope_theta</c>.</param>
    /// <param name="absent">Theta when no key gives it.</param>
    /// <param name="headSize">Size of a head; even.</param>
    /// <exception cref="AteneaException">The base is no positive number (ATN0410); the positions are scaled in a way that is not built in
    /// (ATN0503).</exception>
    public static Rotary Read(ModelConfig config, string? layerKind, string olderKey, double absent, int headSize)
    {
        const string Key = "rope_parameters";
        if (headSize % 2 != 0) throw config.Invalid("num_attention_heads", $"heads of {headSize} features cannot be turned in pairs");
        RequirePlain(config, config.Json["rope_scaling"] as JsonObject, "rope_scaling");
        var parameters = config.Json[Key] as JsonObject;
        if (layerKind is not null && parameters is not null) parameters = parameters[layerKind] as JsonObject;
        RequirePlain(config, parameters, Key);
        double theta = parameters?["rope_theta"] is JsonValue value
            ? value.TryGetValue(out double given) ? given
                : throw config.Invalid(Key, $"rope_theta {value.ToJsonString()}, expected a number")
            : config.Number(olderKey, absent);
        return theta > 0 ? new Rotary(headSize, theta)
            : throw config.Invalid(parameters is null ? olderKey : Key, $"{theta}, expected a base above 0");
    }

    /// <summary>Whether each layer sees a window alone: <c>layer_types</c>, or what an older file's keys say.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="absent">The rule when <c>layer_types</c> is absent.</param>
    /// <exception cref="AteneaException">Another number of kinds than of layers, or an unknown kind (ATN0410).</exception>
    public static bool[] SlidingLayers(ModelConfig config, int layers, Func<int, bool> absent)
    {
        const string Key = "layer_types";
        if (!config.Has(Key)) return [.. Enumerable.Range(0, layers).Select(absent)];
        IReadOnlyList<string> kinds = config.Texts(Key, []);
        if (kinds.Count != layers) throw config.Invalid(Key, $"{kinds.Count} kinds for {layers} layers");
        foreach (string kind in kinds)
        {
            if (kind is not (Full or Sliding)) throw config.Invalid(Key, $"'{kind}', expected {Full} or {Sliding}");
        }

        return [.. kinds.Select(kind => kind == Sliding)];
    }

    private static void RequirePlain(ModelConfig config, JsonObject? settings, string key)
    {
        string? kind = (settings?["rope_type"] ?? settings?["type"])?.ToString();
        if (kind is not (null or "default"))
            throw config.Unsupported(key, $"rotary positions of kind '{kind}', only 'default' are built in");
    }
}
