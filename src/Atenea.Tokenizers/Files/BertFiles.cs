using System.Text.Json.Nodes;

namespace Atenea.Tokenizers;

/// <summary>Builds BERT's pipeline (and MPNet's, which only differs at the ends) from <c>vocab.txt</c> and tokenizer_config.json.</summary>
internal static class BertFiles
{
    /// <summary>Reads the files.</summary>
    public static TokenizerDefinition Read(string vocabularyPath, JsonObject config)
    {
        string[] lines = TextFiles.ReadLines(vocabularyPath);
        Vocabulary vocabulary = Vocabulary.Of(lines, lines.Length, vocabularyPath);
        bool mpnet = TokenizerConfig.ClassName(config) == "MPNetTokenizer";
        IReadOnlyDictionary<string, string> roles = mpnet ? SpecialTokenRoles.Mpnet : SpecialTokenRoles.Bert;
        (string start, string end, string mask) = (Token("cls_token"), Token("sep_token"), Token("mask_token"));

        var special = new SortedDictionary<int, AddedToken>();
        foreach (string token in new[] { Token("pad_token"), Token("unk_token"), start, end, mask })
        {
            if (vocabulary.IdOf(token) is >= 0 and int id)
            {
                special.TryAdd(id, new AddedToken(token, id, Special: true, LeftStrip: mpnet && token == mask));
            }
        }

        return new TokenizerDefinition
        {
            Where = vocabularyPath,
            Model = new WordPieceModel(vocabulary, Token("unk_token"), "##", 100, vocabularyPath),
            AddedTokens = [.. special.Values],
            Normalizer = ComponentJson.BertNormalizer(
                TokenizerConfig.Flag(config, "do_lower_case") ?? true,
                TokenizerConfig.Flag(config, "strip_accents"),
                TokenizerConfig.Flag(config, "tokenize_chinese_chars") ?? true),
            PreTokenizer = ComponentJson.Of("BertPreTokenizer"),
            PostProcessor = mpnet ? ComponentJson.RobertaProcessing(start, end, Id) : ComponentJson.BertTemplate(start, end, Id),
            Decoder = ComponentJson.WordPieceDecoder(),
            Config = config,
        };

        string Token(string role) => TokenizerConfig.Token(config, role) ?? roles[role];

        int Id(string token) => vocabulary.Require(token, vocabularyPath);
    }
}
