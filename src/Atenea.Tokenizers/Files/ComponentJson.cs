using System.Text.Json.Nodes;

namespace Atenea.Tokenizers;

/// <summary>Component objects of tokenizer.json, for tokenizers that do not come with one.</summary>
internal static class ComponentJson
{
    /// <summary>A component without settings.</summary>
    public static JsonObject Of(string type) => new() { ["type"] = type };

    /// <summary>Normalizers one after the other; those that are null are left out.</summary>
    public static JsonObject Normalizers(params IEnumerable<JsonNode?> steps) => Sequence("normalizers", steps);

    /// <summary>Pre-tokenizers one after the other; those that are null are left out.</summary>
    public static JsonObject PreTokenizers(params IEnumerable<JsonNode?> steps) => Sequence("pretokenizers", steps);

    /// <summary>The normalizer BertNormalizer.</summary>
    public static JsonObject BertNormalizer(bool lowercase = true, bool? stripAccents = null, bool handleChineseCharacters = true) => new()
    {
        ["type"] = "BertNormalizer",
        ["clean_text"] = true,
        ["handle_chinese_chars"] = handleChineseCharacters,
        ["strip_accents"] = stripAccents,
        ["lowercase"] = lowercase,
    };

    /// <summary>A normalizer (or decoder) that replaces a literal text.</summary>
    public static JsonObject Replace(string text, string content) => Replace(new JsonObject { ["String"] = text }, content);

    /// <summary>A normalizer that replaces what a regular expression matches.</summary>
    public static JsonObject ReplaceMatches(string regex, string content) => Replace(new JsonObject { ["Regex"] = regex }, content);

    /// <summary>A normalizer that takes white space off the end.</summary>
    public static JsonObject StripRight() => new() { ["type"] = "Strip", ["strip_left"] = false, ["strip_right"] = true };

    /// <summary>GPT-2's byte level, as a pre-tokenizer or decoder.</summary>
    public static JsonObject ByteLevel(bool addPrefixSpace, bool useRegex = true) => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = addPrefixSpace,
        ["trim_offsets"] = true,
        ["use_regex"] = useRegex,
    };

    /// <summary>SentencePiece's spaces, as a pre-tokenizer or decoder.</summary>
    public static JsonObject Metaspace(string scheme = "always", bool split = true) => new()
    {
        ["type"] = "Metaspace",
        ["replacement"] = "\u2581",
        ["prepend_scheme"] = scheme,
        ["split"] = split,
    };

    /// <summary>The decoder of WordPiece.</summary>
    public static JsonObject WordPieceDecoder() => new() { ["type"] = "WordPiece", ["prefix"] = "##", ["cleanup"] = true };

    /// <summary>The decoder of SentencePiece models with byte pieces.</summary>
    public static JsonObject ByteFallbackDecoder() => Sequence(
        "decoders",
        Replace("\u2581", " "),
        Of("ByteFallback"),
        Of("Fuse"),
        new JsonObject { ["type"] = "Strip", ["content"] = " ", ["start"] = 1, ["stop"] = 0 });

    /// <summary>A post-processor that adds no tokens.</summary>
    public static JsonObject PlainTemplate() => Template(["A"], ["A", "B:1"], _ => 0);

    /// <summary>BERT's post-processor: <c>[CLS] A [SEP] B [SEP]</c>.</summary>
    public static JsonObject BertTemplate(string start, string end, Func<string, int> idOf) =>
        Template([start, "A", end], [start, "A", end, "B:1", end + ":1"], idOf);

    /// <summary>RoBERTa's post-processor as a template: <c>&lt;s&gt; A &lt;/s&gt;&lt;/s&gt; B &lt;/s&gt;</c>.</summary>
    public static JsonObject RobertaTemplate(string start, string end, Func<string, int> idOf) =>
        Template([start, "A", end], [start, "A", end, end, "B", end], idOf);

    /// <summary>RoBERTa's post-processor, which also trims offsets.</summary>
    public static JsonObject RobertaProcessing(
        string start, string end, Func<string, int> idOf, bool trimOffsets = true, bool addPrefixSpace = false)
    {
        return new JsonObject
        {
            ["type"] = "RobertaProcessing",
            ["sep"] = new JsonArray(end, idOf(end)),
            ["cls"] = new JsonArray(start, idOf(start)),
            ["trim_offsets"] = trimOffsets,
            ["add_prefix_space"] = addPrefixSpace,
        };
    }

    /// <summary>
    /// A TemplateProcessing. A part is <c>A</c>, <c>B</c> or a special token, with <c>:n</c> behind it for a type id other than 0.
    /// </summary>
    public static JsonObject Template(string[] single, string[] pair, Func<string, int> idOf)
    {
        var specials = new JsonObject();
        foreach (string token in single.Concat(pair).Select(part => Part(part).Name).Where(name => name is not ("A" or "B")).Distinct())
        {
            specials[token] = new JsonObject { ["id"] = token, ["ids"] = new JsonArray(idOf(token)), ["tokens"] = new JsonArray(token) };
        }

        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = Parts(single),
            ["pair"] = Parts(pair),
            ["special_tokens"] = specials,
        };
    }

    private static JsonArray Parts(string[] parts) => new([.. parts.Select(Part).Select(part => new JsonObject
    {
        [part.Name is "A" or "B" ? "Sequence" : "SpecialToken"] = new JsonObject { ["id"] = part.Name, ["type_id"] = part.TypeId },
    })]);

    private static (string Name, int TypeId) Part(string part) => part.Length > 2 && part[^2] == ':' && char.IsAsciiDigit(part[^1])
        ? (part[..^2], part[^1] - '0')
        : (part, 0);

    private static JsonObject Replace(JsonObject pattern, string content) =>
        new() { ["type"] = "Replace", ["pattern"] = pattern, ["content"] = content };

    private static JsonObject Sequence(string key, params IEnumerable<JsonNode?> steps) =>
        new() { ["type"] = "Sequence", [key] = new JsonArray([.. steps.OfType<JsonNode>()]) };
}
