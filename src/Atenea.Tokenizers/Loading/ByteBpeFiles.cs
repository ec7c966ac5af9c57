using System.Text.Json.Nodes;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>Builds the pipelines of RoBERTa, GPT-2 and Qwen2 from <c>vocab.json</c> and <c>merges.txt</c>.</summary>
internal static class ByteBpeFiles
{
    /// <summary>Qwen2's word pattern.</summary>
    public const string QwenPattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>
    /// None takes white space in: the mask of the published tokenizer.json does, but not that of the reference's class for these files,
    /// unless the configuration says so.
    /// </summary>
    private static readonly Dictionary<string, string> RobertaRoles = new(StringComparer.Ordinal)
    {
        ["bos_token"] = "<s>",
        ["eos_token"] = "</s>",
        ["unk_token"] = "<unk>",
        ["sep_token"] = "</s>",
        ["pad_token"] = "<pad>",
        ["cls_token"] = "<s>",
        ["mask_token"] = "<mask>",
    };

    private static readonly Dictionary<string, string> GptRoles = new(StringComparer.Ordinal)
    {
        ["bos_token"] = "<|endoftext|>",
        ["eos_token"] = "<|endoftext|>",
        ["unk_token"] = "<|endoftext|>",
    };

    /// <summary>Reads the files.</summary>
    public static TokenizerParts Read(string directory, string? family, JsonObject config)
    {
        string vocabularyPath = Path.Combine(directory, "vocab.json");
        string mergesPath = Path.Combine(directory, "merges.txt");
        Vocabulary vocabulary = ModelReader.ReadEntries(JsonReading.ReadObject(vocabularyPath), vocabularyPath);
        var settings = new BpeSettings { ContinuingPrefix = "", EndOfWordSuffix = "" };
        var model = new BpeModel(vocabulary, ReadMerges(mergesPath), settings, mergesPath);
        bool qwen = family == "Qwen2Tokenizer";
        bool gpt = !qwen && (family == "GPT2Tokenizer" || vocabulary.IdOf("</s>") < 0);
        bool prefixSpace = TokenizerConfig.Flag(config, "add_prefix_space") ?? false;
        bool trim = TokenizerConfig.Flag(config, "trim_offsets") ?? true;
        var added = new AddedTokenFiles(t => vocabulary.IdOf(t), vocabulary.Span);
        added.AddConfigured(config, directory);
        added.AddRoles(config, qwen || gpt ? GptRoles : RobertaRoles);

        return new TokenizerParts
        {
            Where = vocabularyPath,
            Model = model,
            AddedTokens = added.Tokens,
            Normalizer = qwen ? new JsonObject { ["type"] = "NFC" } : null,
            PreTokenizer = qwen ? QwenWords(prefixSpace) : ByteLevel(prefixSpace, useRegex: true),
            PostProcessor = qwen || gpt ? Templates.Pair(["A"], ["A", "B:1"]) : RobertaEnds(config, vocabulary, vocabularyPath, trim, prefixSpace),
            Decoder = ByteLevel(addPrefixSpace: true, useRegex: true),
            Config = config,
        };
    }

    private static JsonObject RobertaEnds(JsonObject config, Vocabulary vocabulary, string where, bool trim, bool prefixSpace)
    {
        string start = TokenizerConfig.Token(config, "cls_token") ?? "<s>";
        string end = TokenizerConfig.Token(config, "sep_token") ?? "</s>";
        return Templates.Roberta(Id(end), end, Id(start), start, trim, prefixSpace);

        int Id(string token) => vocabulary.IdOf(token) is >= 0 and int id
            ? id
            : throw new AteneaException(Catalogue.VocabularyInvalid, $"the vocabulary has no '{token}'", where);
    }

    private static JsonObject ByteLevel(bool addPrefixSpace, bool useRegex) => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = addPrefixSpace,
        ["trim_offsets"] = true,
        ["use_regex"] = useRegex,
    };

    private static JsonObject QwenWords(bool prefixSpace) => new()
    {
        ["type"] = "Sequence",
        ["pretokenizers"] = new JsonArray(
            new JsonObject
            {
                ["type"] = "Split",
                ["pattern"] = new JsonObject { ["Regex"] = QwenPattern },
                ["behavior"] = "Isolated",
                ["invert"] = false,
            },
            ByteLevel(prefixSpace, useRegex: false)),
    };

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
