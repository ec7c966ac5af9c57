using System.Globalization;
using System.Text.Json.Nodes;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>Builds BERTweet and PhoBERT from <c>vocab.txt</c> (a piece and its count a line) and <c>bpe.codes</c>.</summary>
internal static class SubwordFiles
{
    /// <summary>Reads the files.</summary>
    public static TokenizerDefinition Read(string vocabularyPath, string codesPath, string? family, JsonObject config)
    {
        // These get the first ids, in this order.
        string[] special = [Token("bos_token"), Token("pad_token"), Token("eos_token"), Token("unk_token")];
        var entries = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string token in special)
        {
            entries[token] = entries.Count;
        }

        string[] lines = TextFiles.ReadLines(vocabularyPath);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = PythonWhitespace.Trim(lines[i]);
            int space = line.LastIndexOf(' ');
            if (space < 0)
            {
                throw new AteneaException(Catalogue.VocabularyInvalid, $"'{line}' is not a piece and its count",
                    string.Create(CultureInfo.InvariantCulture, $"{vocabularyPath}:{i + 1}"));
            }

            if (!entries.TryAdd(line[..space], entries.Count))
            {
                throw new AteneaException(Catalogue.VocabularyInvalid, $"the piece '{line[..space]}' occurs twice",
                    string.Create(CultureInfo.InvariantCulture, $"{vocabularyPath}:{i + 1}"));
            }
        }

        var vocabulary = new Vocabulary(entries, entries.Count, vocabularyPath);
        string mask = Token("mask_token");
        int maskId = vocabulary.IdOf(mask) is >= 0 and int known ? known : vocabulary.Span;
        bool tweets = family == "BertweetTokenizer" && (TokenizerConfig.Flag(config, "normalization") ?? false);
        IEnumerable<AddedToken> added = special.Append(mask).Distinct()
            .Select(token => new AddedToken(token, token == mask ? maskId : entries[token], Special: true));
        return new TokenizerDefinition
        {
            Where = vocabularyPath,
            Model = new SubwordNmtModel(vocabulary, ReadCodes(codesPath), entries[Token("unk_token")]),
            AddedTokens = [.. added],
            Normalizer = tweets ? ComponentJson.Of("Tweet") : null,
            PreTokenizer = ComponentJson.Of("SubwordNmt"),
            PostProcessor = ComponentJson.RobertaTemplate(
                Token("cls_token"), Token("sep_token"), token => vocabulary.Require(token, vocabularyPath)),
            Decoder = ComponentJson.Of("SubwordNmt"),
            Config = config,
            SourceFiles = [vocabularyPath, codesPath],
            CutsAlternately = true,
        };

        string Token(string role) => TokenizerConfig.Token(config, role) ?? SpecialTokenRoles.Roberta[role];
    }

    /// <summary>
    /// A merge a line: two symbols and a count. Lines of another form keep their rank but match nothing, as in the reference.
    /// </summary>
    private static List<(string Left, string Right, int Rank)> ReadCodes(string path)
    {
        List<(string, string, int)> merges = [];
        string[] lines = TextFiles.ReadAll(path).Split('\n');
        for (int rank = 0; rank < lines.Length - 1; rank++)
        {
            List<string> parts = PythonWhitespace.Split(lines[rank]);
            if (parts.Count == 3)
            {
                merges.Add((parts[0], parts[1], rank));
            }
        }

        return merges.Count > 0 ? merges : throw new AteneaException(Catalogue.MergesInvalid, "no line holds two pieces and a count", path);
    }
}
