using System.Text.Json;
using System.Text.Json.Nodes;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>Reads tokenizer.json.</summary>
internal static class TokenizerJson
{
    /// <summary>Reads the file; <paramref name="config"/> is the contents of tokenizer_config.json, if any.</summary>
    public static TokenizerDefinition Read(string path, JsonObject config) => Read(JsonReading.ReadObject(path), path, config);

    /// <summary>Reads the root object of a tokenizer.json.</summary>
    public static TokenizerDefinition Read(JsonElement root, string where, JsonObject config)
    {
        TokenModel model = ModelReader.Read(root.Required("model", where), where);
        return new TokenizerDefinition
        {
            Where = where,
            Model = model,
            AddedTokens = ReadAddedTokens(root, where),
            Normalizer = Node(root, "normalizer"),
            PreTokenizer = Node(root, "pre_tokenizer"),
            PostProcessor = Node(root, "post_processor"),
            Decoder = Node(root, "decoder"),
            Truncation = Node(root, "truncation"),
            Padding = Node(root, "padding"),
            Config = config,
        };
    }

    private static List<AddedToken> ReadAddedTokens(JsonElement root, string where)
    {
        List<AddedToken> tokens = [];
        var contents = new Dictionary<string, int>(StringComparer.Ordinal);
        var ids = new Dictionary<int, string>();
        foreach (JsonElement item in root.Items("added_tokens", where))
        {
            int id = item.Required("id", where).AsInteger("id", where);
            string content = item.Required("content", where).AsText("content", where);
            if (id is < 0 or > Vocabulary.MostIds || !ids.TryAdd(id, content) || !contents.TryAdd(content, id))
            {
                throw new AteneaException(
                    Catalogue.VocabularyInvalid, $"the added token '{content}' or its id {id} occurs twice or is impossible", where);
            }

            bool special = item.Flag("special", false, where);
            tokens.Add(new AddedToken(
                content,
                id,
                special,
                item.Flag("normalized", !special, where),
                item.Flag("lstrip", false, where),
                item.Flag("rstrip", false, where),
                item.Flag("single_word", false, where)));
        }

        return tokens;
    }

    private static JsonNode? Node(JsonElement root, string key) =>
        root.Optional(key) is { } value ? JsonNode.Parse(value.GetRawText()) : null;
}
