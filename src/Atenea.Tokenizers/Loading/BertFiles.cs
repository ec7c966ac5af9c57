using System.Text.Json.Nodes;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>Builds BERT's pipeline (and MPNet's, which only differs at the ends) from <c>vocab.txt</c> and tokenizer_config.json.</summary>
internal static class BertFiles
{
    /// <summary>Reads the files.</summary>
    public static TokenizerParts Read(string vocabularyPath, JsonObject config)
    {
        Vocabulary vocabulary = ReadVocabulary(vocabularyPath);
        bool mpnet = TokenizerConfig.ClassName(config) == "MPNetTokenizer";
        string unknown = TokenizerConfig.Token(config, "unk_token") ?? "[UNK]";
        string start = TokenizerConfig.Token(config, "cls_token") ?? (mpnet ? "<s>" : "[CLS]");
        string end = TokenizerConfig.Token(config, "sep_token") ?? (mpnet ? "</s>" : "[SEP]");
        string pad = TokenizerConfig.Token(config, "pad_token") ?? (mpnet ? "<pad>" : "[PAD]");
        string mask = TokenizerConfig.Token(config, "mask_token") ?? (mpnet ? "<mask>" : "[MASK]");
        bool lowercase = TokenizerConfig.Flag(config, "do_lower_case") ?? true;
        var model = new WordPieceModel(vocabulary, unknown, "##", 100, vocabularyPath);

        var special = new List<AddedToken>();
        foreach (string token in new[] { pad, unknown, start, end, mask })
        {
            if (vocabulary.IdOf(token) is >= 0 and int id && special.TrueForAll(t => t.Id != id))
            {
                special.Add(new AddedToken(token, id, Special: true, LeftStrip: mpnet && token == mask));
            }
        }

        return new TokenizerParts
        {
            Where = vocabularyPath,
            Model = model,
            AddedTokens = [.. special.OrderBy(t => t.Id)],
            Normalizer = new JsonObject
            {
                ["type"] = "BertNormalizer",
                ["clean_text"] = true,
                ["handle_chinese_chars"] = TokenizerConfig.Flag(config, "tokenize_chinese_chars") ?? true,
                ["strip_accents"] = TokenizerConfig.Flag(config, "strip_accents"),
                ["lowercase"] = lowercase,
            },
            PreTokenizer = new JsonObject { ["type"] = "BertPreTokenizer" },
            PostProcessor = mpnet
                ? Templates.Roberta(Id(end), end, Id(start), start, trimOffsets: true, addPrefixSpace: false)
                : Templates.Pair([start, "A", end], [start, "A", end, "B:1", end + ":1"], (start, Id(start)), (end, Id(end))),
            Decoder = new JsonObject { ["type"] = "WordPiece", ["prefix"] = "##", ["cleanup"] = true },
            Config = config,
        };

        int Id(string token) => vocabulary.IdOf(token) is >= 0 and int id
            ? id
            : throw new AteneaException(Catalogue.VocabularyInvalid, $"the vocabulary has no '{token}'", vocabularyPath);
    }

    private static Vocabulary ReadVocabulary(string path)
    {
        string[] lines = TextFiles.ReadLines(path);
        var entries = new Dictionary<string, int>(lines.Length, StringComparer.Ordinal);
        for (int id = 0; id < lines.Length; id++)
        {
            if (!entries.TryAdd(lines[id], id))
            {
                throw new AteneaException(
                    Catalogue.VocabularyInvalid, $"token '{lines[id]}' stands on lines {entries[lines[id]] + 1} and {id + 1}", path);
            }
        }

        return new Vocabulary(entries, lines.Length, path);
    }
}
