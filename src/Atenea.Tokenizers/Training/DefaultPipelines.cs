using System.Text.Json.Nodes;

namespace Atenea.Tokenizers;

/// <summary>The pipelines that new tokenizers get, and the ids of a new vocabulary put into an existing one.</summary>
internal static class DefaultPipelines
{
    /// <summary>The usual special tokens of a kind of model.</summary>
    public static IReadOnlyList<string> SpecialTokens(TokenizerModelKind kind) => kind switch
    {
        TokenizerModelKind.WordPiece => ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
        TokenizerModelKind.WordLevel => ["[UNK]", "[PAD]"],
        _ => ["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
    };

    /// <summary>The usual pipeline of a kind of model; its model is a placeholder that training replaces.</summary>
    public static TokenizerDefinition Of(TokenizerModelKind kind)
    {
        const string Where = "training";
        var placeholder = new WordLevelModel(Vocabulary.Of([""], 1, Where), "", Where);
        var empty = new TokenizerDefinition { Where = Where, Model = placeholder };
        return kind switch
        {
            TokenizerModelKind.WordPiece => empty with
            {
                Normalizer = ComponentJson.BertNormalizer(),
                PreTokenizer = ComponentJson.Of("BertPreTokenizer"),
                PostProcessor = ComponentJson.BertTemplate("[CLS]", "[SEP]", NotYet),
                Decoder = ComponentJson.WordPieceDecoder(),
            },
            TokenizerModelKind.Bpe => empty with
            {
                PreTokenizer = ComponentJson.ByteLevel(addPrefixSpace: false),
                PostProcessor = ComponentJson.RobertaProcessing("<s>", "</s>", NotYet),
                Decoder = ComponentJson.ByteLevel(addPrefixSpace: false),
            },
            TokenizerModelKind.Unigram => empty with
            {
                Normalizer = ComponentJson.Normalizers(
                    ComponentJson.Of("Nmt"), ComponentJson.Of("NFKC"), ComponentJson.ReplaceMatches(" {2,}", " ")),
                PreTokenizer = ComponentJson.Metaspace(),
                PostProcessor = ComponentJson.RobertaTemplate("<s>", "</s>", NotYet),
                Decoder = ComponentJson.Metaspace(),
            },
            _ => empty with
            {
                Normalizer = ComponentJson.Normalizers(ComponentJson.Of("NFC"), ComponentJson.Of("Lowercase")),
                PreTokenizer = ComponentJson.Of("Whitespace"),
            },
        };
    }

    /// <summary>A post-processor with the ids that its special tokens have in a new vocabulary; tokens without one are left out.</summary>
    public static JsonNode? WithIds(JsonNode? processor, Func<string, int> idOf)
    {
        if (processor?.DeepClone() is not JsonObject copy) return null;

        foreach (JsonNode? step in (IEnumerable<JsonNode?>?)(copy["processors"] as JsonArray) ?? [copy])
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

    /// <summary>The id of a token of a vocabulary that is still to be learnt.</summary>
    private static int NotYet(string token) => 0;
}
