using System.Text.Json;
using Atenea.Errors;
using Atenea.Tokenizers.TokenModels;

namespace Atenea.Tokenizers.Loading;

/// <summary>Reads the <c>model</c> object of tokenizer.json.</summary>
internal static class ModelReader
{
    /// <summary>Reads the model. Old files leave its type out; it is then told by the keys.</summary>
    public static TokenModel Read(JsonElement model, string where)
    {
        string? type = model.Text("type", where);
        if (type is null)
        {
            type = model.Optional("merges") is not null ? "BPE"
                : model.Optional("unk_id") is not null || model.Optional("vocab")?.ValueKind == JsonValueKind.Array ? "Unigram"
                : model.Optional("continuing_subword_prefix") is not null ? "WordPiece"
                : "WordLevel";
        }

        return type switch
        {
            "WordPiece" => new WordPieceModel(
                ReadVocabulary(model, where),
                model.Text("unk_token", where, "[UNK]")!,
                model.Text("continuing_subword_prefix", where, "##")!,
                model.Integer("max_input_chars_per_word", where) ?? 100,
                where),
            _ => throw new AteneaException(Catalogue.TokenizerComponentUnknown, $"there is no model '{type}'", where),
        };
    }

    private static Vocabulary ReadVocabulary(JsonElement model, string where)
    {
        JsonElement vocabulary = model.Required("vocab", where);
        if (vocabulary.ValueKind != JsonValueKind.Object)
        {
            throw new AteneaException(Catalogue.TokenizerFileInvalid, $"'vocab' is {JsonReading.Name(vocabulary)}, not an object", where);
        }

        return new Vocabulary(Entries(vocabulary, where), vocabulary.GetPropertyCount(), where);
    }

    private static IEnumerable<KeyValuePair<string, int>> Entries(JsonElement vocabulary, string where)
    {
        foreach (JsonProperty entry in vocabulary.EnumerateObject())
        {
            yield return new KeyValuePair<string, int>(entry.Name, entry.Value.AsInteger(entry.Name, where));
        }
    }
}
