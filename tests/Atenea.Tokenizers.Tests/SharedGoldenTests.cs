using System.Globalization;
using System.Text.Json.Nodes;

namespace Atenea.Tokenizers.Tests;

/// <summary>
/// All cases of all golden tokenizers, of the folder that was named or from ../shared beside the checkout. Where a named folder has the
/// cases alone, the tokenizers themselves are those beside the checkout.
/// </summary>
[Trait("Category", "Slow")]
[Trait("Data", "Goldens")]
public sealed class SharedGoldenTests
{
    /// <summary>Where a skeleton's vocabulary is kept: a folder's vocabulary files, or a SentencePiece model.</summary>
    private static readonly Dictionary<string, string> Sources = new(StringComparer.Ordinal)
    {
        ["albert-like-conv"] = "albert-like/tokenizer.json",
        ["bert-base-multilingual-cased"] = "bert-base-multilingual-cased/vocab.txt",
        ["bert-cased-no-cjk-strip"] = "bert-base-cased/vocab.txt",
        ["beto-uncased-keep-accents"] = "beto-uncased/vocab.txt",
        ["camembert-like-conv"] = "camembert-like/tokenizer.json",
        ["deberta-v3"] = "deberta-v3/spm.model",
        ["deberta-v3-charsmap"] = "deberta-v3/spm.model",
        ["german-albert-30k"] = "german-albert-30k/spiece.model",
        ["gpt2"] = "gpt2/vocab.json",
        ["qwen2"] = "qwen2/vocab.json",
        ["roberta-base-prefix-space"] = "roberta-base/vocab.json",
        ["xlmr-like-conv"] = "xlmr-like/tokenizer.json",
    };

    public static TheoryData<string> Names => [.. Folders()];

    /// <summary>Folders whose older files build the same pipeline as their tokenizer.json.</summary>
    public static TheoryData<string> LegacyNames =>
    [
        .. new[]
        {
            "albert-like", "bert-base-cased", "bert-base-chinese", "bert-base-multilingual-cased", "bert-base-uncased", "beto-cased",
            "beto-uncased", "camembert-like", "deberta-v3", "german-albert-30k", "gpt2", "mpnet-like", "phobert", "qwen2",
            "spm-bpe-bytefallback", "xlmr-like",
        }.Intersect(Folders()),
    ];

    internal static string Goldens => Path.Combine(References.Folder, "tokenizers");

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Names))]
    public void Equals_the_reference_in_every_field(string name) => Check(name, Assemble(name));

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Names))]
    public void Parts_give_what_the_whole_gives(string name)
    {
        // BERTweet's tweet normaliser looks across words; no other pipeline here does.
        int cuts = PartsTests.CountCuts(Assemble(name), texts: 1500);
        Assert.Equal(name != "bertweet-like", cuts > 150);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(LegacyNames))]
    public void Older_files_give_the_same(string name) => WithOlderFiles(name, name, tokenizer => Check(name, tokenizer));

    /// <summary>
    /// The published tokenizer.json of RoBERTa takes the white space before a mask into it; the class that reads the older files does not
    /// (Data/roberta-legacy holds what it makes of masks). Everything else is the same.
    /// </summary>
    [Theory]
    [InlineData("roberta-base")]
    [InlineData("roberta-base-prefix-space")]
    public void Older_files_of_roberta_give_the_same_but_for_spaces_before_masks(string name)
    {
        string cases = Path.Combine(Goldens, name, "cases.jsonl");
        if (References.Given is not null) Assert.SkipUnless(File.Exists(cases), $"{References.Given} has no {name}");
        string[] lines = File.ReadAllLines(cases);
        WithOlderFiles("roberta-base", name, tokenizer =>
        {
            (_, List<string> differences) = GoldenComparison.Run(tokenizer, cases);
            Assert.InRange(differences.Count, 1, 9);
            Assert.All(differences, difference =>
            {
                string number = difference[(cases.Length + 1)..].Split('.', ':')[0];
                Assert.Contains(" <mask>", lines[int.Parse(number, CultureInfo.InvariantCulture) - 1], StringComparison.Ordinal);
            });
        });
    }

    private static void WithOlderFiles(string vocabulary, string name, Action<Tokenizer> check)
    {
        string folder = Directory.CreateTempSubdirectory("atenea-tok-").FullName;
        try
        {
            foreach (string file in Directory.GetFiles(Files(vocabulary)).Append(Path.Combine(Files(name), "tokenizer_config.json")))
            {
                string leaf = Path.GetFileName(file);
                bool isCases = leaf.EndsWith("cases.jsonl", StringComparison.Ordinal);
                if (!isCases && leaf is not ("tokenizer.json" or "tokenizer_skeleton.json" or "meta.json"))
                {
                    File.Copy(file, Path.Combine(folder, leaf), overwrite: true);
                }
            }

            check(Tokenizer.FromDirectory(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> Folders() => References.Folders(Goldens, "cases.jsonl");

    /// <summary>The folder with the tokenizer's own files.</summary>
    private static string Files(string name)
    {
        string folder = Path.Combine(Goldens, name);
        return File.Exists(Path.Combine(folder, "tokenizer_config.json")) ? folder : References.Beside("goldens", "tokenizers", name);
    }

    private static void Check(string name, Tokenizer tokenizer)
    {
        foreach (string file in new[] { "cases.jsonl", "batch_cases.jsonl" }.Select(f => Path.Combine(Goldens, name, f)).Where(File.Exists))
        {
            (int cases, List<string> differences) = GoldenComparison.Run(tokenizer, file);
            Assert.True(cases > 0);
            Assert.Empty(differences);
        }
    }

    private static Tokenizer Assemble(string name)
    {
        string folder = Files(name);
        if (name.StartsWith("bertweet", StringComparison.Ordinal))
        {
            return new Tokenizer(SubwordFiles.Read(
                Path.Combine(Files("phobert"), "vocab.txt"), Path.Combine(Files("phobert"), "bpe.codes"), "BertweetTokenizer",
                TokenizerDirectory.ReadConfig(folder)));
        }

        if (name is "distilbert-like" or "electra-like")
        {
            string vocabulary = Path.Combine(Files("bert-base-uncased"), "vocab.txt");
            return new Tokenizer(BertFiles.Read(vocabulary, TokenizerDirectory.ReadConfig(folder)));
        }

        if (!Sources.TryGetValue(name, out string? source)) return Tokenizer.FromDirectory(folder);

        JsonObject root = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "tokenizer_skeleton.json")))!.AsObject();
        JsonObject model = root["model"]!.AsObject();
        string path = Path.Combine(Files(Path.GetDirectoryName(source)!), Path.GetFileName(source));
        switch (Path.GetFileName(source))
        {
            case "vocab.txt":
                string[] tokens = File.ReadAllText(path).Split('\n')[..^1];
                model["vocab"] = new JsonObject(tokens.Select((t, i) => KeyValuePair.Create(t, (JsonNode?)i)));
                break;
            case "vocab.json":
                model["vocab"] = JsonNode.Parse(File.ReadAllText(path));
                model["merges"] = new JsonArray([.. File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "merges.txt")).Split('\n')
                    .Where(l => l.Length > 0 && !l.StartsWith("#version", StringComparison.Ordinal)).Select(l => (JsonNode)l)]);
                break;
            case "tokenizer.json":
                model["vocab"] = JsonNode.Parse(File.ReadAllText(path))!["model"]!["vocab"]!.DeepClone();
                break;
            default:
                IEnumerable<JsonNode> pieces = SentencePieceModel.Read(path).Pieces.Select(p => new JsonArray(p.Piece, (double)p.Score));
                model["vocab"] = new JsonArray([.. pieces]);
                break;
        }

        ReadOnlyMemory<byte> json = System.Text.Encoding.UTF8.GetBytes(root.ToJsonString());
        return new Tokenizer(TokenizerJson.Read(JsonReading.ParseObject(json, name), name, TokenizerDirectory.ReadConfig(folder)));
    }
}
