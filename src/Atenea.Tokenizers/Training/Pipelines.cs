using System.Text.Json.Nodes;

namespace Atenea.Tokenizers;

/// <summary>The pipelines that new tokenizers get, and special tokens' ids put into an existing one.</summary>
internal static class Pipelines
{
    /// <summary>The usual pipeline of a kind of model; its model is a placeholder that training replaces.</summary>
    public static TokenizerParts Of(ModelKind kind)
    {
        var empty = new TokenizerParts { Where = "training", Model = new WordLevelModel(Placeholder(), "", "training") };
        return kind switch
        {
            ModelKind.WordPiece => empty with
            {
                Normalizer = new JsonObject
                {
                    ["type"] = "BertNormalizer",
                    ["clean_text"] = true,
                    ["handle_chinese_chars"] = true,
                    ["strip_accents"] = null,
                    ["lowercase"] = true,
                },
                PreTokenizer = Step("BertPreTokenizer"),
                PostProcessor = Templates.Pair(["[CLS]", "A", "[SEP]"], ["[CLS]", "A", "[SEP]", "B:1", "[SEP]:1"], ("[CLS]", 0), ("[SEP]", 0)),
                Decoder = new JsonObject { ["type"] = "WordPiece", ["prefix"] = "##", ["cleanup"] = true },
            },
            ModelKind.Bpe => empty with
            {
                PreTokenizer = ByteLevel(),
                PostProcessor = Templates.Roberta(0, "</s>", 0, "<s>", trimOffsets: true, addPrefixSpace: false),
                Decoder = ByteLevel(),
            },
            ModelKind.Unigram => empty with
            {
                Normalizer = new JsonObject { ["type"] = "Sequence", ["normalizers"] = new JsonArray(Step("Nmt"), Step("NFKC"), Spaces()) },
                PreTokenizer = Metaspace(),
                PostProcessor = Templates.Pair(["<s>", "A", "</s>"], ["<s>", "A", "</s>", "</s>", "B", "</s>"], ("<s>", 0), ("</s>", 0)),
                Decoder = Metaspace(),
            },
            _ => empty with
            {
                Normalizer = new JsonObject { ["type"] = "Sequence", ["normalizers"] = new JsonArray(Step("NFC"), Step("Lowercase")) },
                PreTokenizer = Step("Whitespace"),
            },
        };
    }

    /// <summary>A post-processor with the ids that its special tokens have in a new vocabulary; tokens without one are left out.</summary>
    public static JsonNode? WithIds(JsonNode? processor, Func<string, int> idOf)
    {
        if (processor?.DeepClone() is not JsonObject copy)
        {
            return null;
        }

        foreach (JsonNode? step in copy["processors"] as JsonArray ?? [copy])
        {
            foreach (string end in new[] { "sep", "cls" })
            {
                if (step?[end] is JsonArray pair)
                {
                    pair[1] = idOf(pair[0]!.GetValue<string>());
                }
            }

            foreach ((string _, JsonNode? token) in step?["special_tokens"] as JsonObject ?? [])
            {
                token!["ids"] = new JsonArray([.. token["tokens"]!.AsArray().Select(t => (JsonNode)idOf(t!.GetValue<string>()))]);
            }
        }

        return Knows(copy) ? copy : null;
    }

    /// <summary>Whether every special token has an id; a frame with tokens that were not trained cannot be put around texts.</summary>
    private static bool Knows(JsonNode node) => node switch
    {
        JsonObject o => o.All(p => p.Key == "type_id" || p.Value is null || Knows(p.Value)),
        JsonArray a => a.All(v => v is null || Knows(v)),
        JsonValue v => !v.TryGetValue(out int id) || id >= 0,
        _ => true,
    };

    private static Vocabulary Placeholder() => new([new KeyValuePair<string, int>("", 0)], 1, "training");

    private static JsonObject Step(string type) => new() { ["type"] = type };

    private static JsonObject ByteLevel() =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true };

    private static JsonObject Spaces() => new()
    {
        ["type"] = "Replace",
        ["pattern"] = new JsonObject { ["Regex"] = " {2,}" },
        ["content"] = " ",
    };

    private static JsonObject Metaspace() => new()
    {
        ["type"] = "Metaspace",
        ["replacement"] = "\u2581",
        ["prepend_scheme"] = "always",
        ["split"] = true,
    };
}
