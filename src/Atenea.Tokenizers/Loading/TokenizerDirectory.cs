using System.Text.Json;
using System.Text.Json.Nodes;
using Atenea.Errors;

namespace Atenea.Tokenizers.Loading;

/// <summary>Finds the tokenizer files of a folder and reads the best of them.</summary>
internal static class TokenizerDirectory
{
    /// <summary>Reads the tokenizer of a folder.</summary>
    public static TokenizerParts Read(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new AteneaException(Catalogue.TokenizerFilesMissing, "there is no such folder", directory);
        }

        JsonObject config = ReadConfig(directory);
        string json = Path.Combine(directory, "tokenizer.json");
        if (File.Exists(json))
        {
            return TokenizerJson.Read(json, config);
        }

        string vocabulary = Path.Combine(directory, "vocab.txt");
        if (File.Exists(vocabulary))
        {
            return BertFiles.Read(vocabulary, config);
        }

        throw new AteneaException(Catalogue.TokenizerFilesMissing, "the folder holds no tokenizer files", directory);
    }

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
        if (!File.Exists(path))
        {
            return [];
        }

        JsonElement root = JsonReading.ReadObject(path);
        return JsonObject.Create(root)!;
    }
}
