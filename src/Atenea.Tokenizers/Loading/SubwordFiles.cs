using System.Globalization;
using System.Text.Json.Nodes;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>Builds BERTweet and PhoBERT from <c>vocab.txt</c> (a piece and its count a line) and <c>bpe.codes</c>.</summary>
internal static class SubwordFiles
{
    private static readonly string[] FirstTokens = ["bos_token:<s>", "pad_token:<pad>", "eos_token:</s>", "unk_token:<unk>"];

    /// <summary>Reads the files.</summary>
    public static TokenizerParts Read(string vocabularyPath, string codesPath, string? family, JsonObject config)
    {
        List<string> special = [.. FirstTokens.Select(r => r.Split(':')).Select(r => TokenizerConfig.Token(config, r[0]) ?? r[1])];
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
        string mask = TokenizerConfig.Token(config, "mask_token") ?? "<mask>";
        int maskId = vocabulary.IdOf(mask) is >= 0 and int known ? known : vocabulary.Span;
        string start = TokenizerConfig.Token(config, "cls_token") ?? "<s>";
        string end = TokenizerConfig.Token(config, "sep_token") ?? "</s>";
        bool tweets = family == "BertweetTokenizer" && (TokenizerConfig.Flag(config, "normalization") ?? false);
        return new TokenizerParts
        {
            Where = vocabularyPath,
            Model = new SubwordNmtModel(vocabulary, ReadCodes(codesPath), entries[special[3]]),
            AddedTokens = [.. special.Append(mask).Distinct().Select(t => new AddedToken(t, t == mask ? maskId : entries[t], Special: true))],
            Normalizer = tweets ? new JsonObject { ["type"] = "Tweet" } : null,
            PreTokenizer = new JsonObject { ["type"] = "SubwordNmt" },
            PostProcessor = Templates.Pair([start, "A", end], [start, "A", end, end, "B", end], (start, Id(start)), (end, Id(end))),
            Decoder = new JsonObject { ["type"] = "SubwordNmt" },
            Config = config,
            SourceFiles = [vocabularyPath, codesPath],
            CutsAlternately = true,
        };

        int Id(string token) => vocabulary.IdOf(token) is >= 0 and int id
            ? id
            : throw new AteneaException(Catalogue.VocabularyInvalid, $"the vocabulary has no '{token}'", vocabularyPath);
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
