using System.Text.Json.Nodes;

namespace Atenea.Tokenizers;

/// <summary>Builds the pipelines of RoBERTa, GPT-2 and Qwen2 from <c>vocab.json</c> and <c>merges.txt</c>.</summary>
internal static class ByteBpeFiles
{
    /// <summary>Qwen2's word pattern.</summary>
    public const string QwenPattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Reads the files.</summary>
    public static TokenizerDefinition Read(string directory, string? family, JsonObject config)
    {
        string vocabularyPath = Path.Combine(directory, "vocab.json");
        string mergesPath = Path.Combine(directory, "merges.txt");
        Vocabulary vocabulary = ModelReader.ReadEntries(JsonReading.ReadObject(vocabularyPath), vocabularyPath);
        var settings = new BpeSettings { ContinuingPrefix = "", EndOfWordSuffix = "" };
        var model = new BpeModel(vocabulary, ReadMerges(mergesPath), settings, mergesPath);
        bool qwen = family == "Qwen2Tokenizer";
        bool gpt = !qwen && (family == "GPT2Tokenizer" || vocabulary.IdOf("</s>") < 0);
        bool prefixSpace = TokenizerConfig.Flag(config, "add_prefix_space") ?? false;
        var added = new AddedTokenFiles(vocabulary);
        added.AddConfigured(config, directory);
        added.AddRoles(config, qwen || gpt ? SpecialTokenRoles.Gpt : SpecialTokenRoles.Roberta);

        return new TokenizerDefinition
        {
            Where = vocabularyPath,
            Model = model,
            AddedTokens = added.Tokens,
            Normalizer = qwen ? ComponentJson.Of("NFC") : null,
            PreTokenizer = qwen ? QwenWords(prefixSpace) : ComponentJson.ByteLevel(prefixSpace),
            PostProcessor = qwen || gpt
                ? ComponentJson.PlainTemplate()
                : ComponentJson.RobertaProcessing(
                    TokenizerConfig.Token(config, "cls_token") ?? "<s>",
                    TokenizerConfig.Token(config, "sep_token") ?? "</s>",
                    token => vocabulary.Require(token, vocabularyPath),
                    TokenizerConfig.Flag(config, "trim_offsets") ?? true,
                    prefixSpace),
            Decoder = ComponentJson.ByteLevel(addPrefixSpace: true),
            Config = config,
        };
    }

    private static JsonObject QwenWords(bool prefixSpace) => ComponentJson.PreTokenizers(
        new JsonObject
        {
            ["type"] = "Split",
            ["pattern"] = new JsonObject { ["Regex"] = QwenPattern },
            ["behavior"] = "Isolated",
            ["invert"] = false,
        },
        ComponentJson.ByteLevel(prefixSpace, useRegex: false));

    private static List<(string, string)> ReadMerges(string path)
    {
        List<(string, string)> merges = [];
        string[] lines = TextFiles.ReadLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length > 0 && !lines[i].StartsWith("#version", StringComparison.Ordinal))
            {
                merges.Add(ModelReader.SplitMerge(lines[i], i, path));
            }
        }

        return merges;
    }
}
