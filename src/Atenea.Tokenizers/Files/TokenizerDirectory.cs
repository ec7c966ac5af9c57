using System.Text.Json;
using System.Text.Json.Nodes;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>Finds the tokenizer files of a folder and reads the best of them.</summary>
internal static class TokenizerDirectory
{
    private static readonly string[] SentencePieceNames = ["spm.model", "spiece.model", "sentencepiece.bpe.model", "tokenizer.model"];

    /// <summary>Reads the tokenizer of a folder.</summary>
    public static TokenizerDefinition Read(string directory)
    {
        if (!Directory.Exists(directory)) throw new AteneaException(Catalogue.TokenizerFilesMissing, "there is no such folder", directory);

        JsonObject config = ReadConfig(directory);
        string json = Path.Combine(directory, "tokenizer.json");
        if (File.Exists(json)) return TokenizerJson.Read(json, config);

        string? family = Families.Of(directory, config);
        if (File.Exists(Path.Combine(directory, "vocab.json")) && File.Exists(Path.Combine(directory, "merges.txt")))
        {
            return ByteBpeFiles.Read(directory, family, config);
        }

        string? model = SentencePieceNames.Select(n => Path.Combine(directory, n)).FirstOrDefault(File.Exists);
        if (model is not null) return SentencePieceFiles.Read(model, family, config);

        string vocabulary = Path.Combine(directory, "vocab.txt");
        string codes = Path.Combine(directory, "bpe.codes");
        if (File.Exists(vocabulary) && File.Exists(codes)) return SubwordFiles.Read(vocabulary, codes, family, config);
        if (File.Exists(vocabulary)) return BertFiles.Read(vocabulary, config);

        throw new AteneaException(Catalogue.TokenizerFilesMissing, "the folder holds no tokenizer files", directory);
    }

    /// <summary>Whether a folder holds files that <see cref="Read"/> takes.</summary>
    public static bool Holds(string directory) => SentencePieceNames.Append("tokenizer.json").Append("vocab.txt").Append("vocab.json")
        .Any(n => File.Exists(Path.Combine(directory, n)));

    /// <summary>tokenizer_config.json with special_tokens_map.json beneath it; what is absent in both is absent here.</summary>
    public static JsonObject ReadConfig(string directory)
    {
        JsonObject config = ReadObject(Path.Combine(directory, "tokenizer_config.json"));
        foreach ((string key, JsonNode? value) in ReadObject(Path.Combine(directory, "special_tokens_map.json")))
        {
            if (config[key] is null)
            {
                config[key] = value?.DeepClone();
            }
        }

        return config;
    }

    private static JsonObject ReadObject(string path)
    {
        if (!File.Exists(path)) return [];

        JsonElement root = JsonReading.ReadObject(path);
        return JsonObject.Create(root)!;
    }
}
