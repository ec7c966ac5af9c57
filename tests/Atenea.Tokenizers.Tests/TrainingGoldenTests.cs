using System.Text.Json;
using System.Text.Json.Nodes;

namespace Atenea.Tokenizers.Tests;

/// <summary>The reference library's vocabularies, learnt anew from its corpus in ../shared.</summary>
[Trait("Category", "Slow")]
public sealed class TrainingGoldenTests
{
    private static string Goldens => References.Beside("goldens", "tokenizers", "training");

    private static string Corpus => Path.Combine(Goldens, "corpus.txt");

    [Fact]
    public void Byte_level_bpe_is_the_same_in_vocabulary_and_merges()
    {
        JsonObject expected = Model("bpe_bytelevel");
        JsonObject actual = Trained("bpe_bytelevel", TokenizerModelKind.Bpe);
        Assert.Equal(Vocabulary(expected), Vocabulary(actual));
        Assert.Equal(expected["merges"]!.ToJsonString(), actual["merges"]!.ToJsonString());
    }

    [Fact]
    public void Word_level_is_the_same()
    {
        Assert.Equal(Vocabulary(Model("wordlevel")), Vocabulary(Trained("wordlevel", TokenizerModelKind.WordLevel)));
    }

    [Theory]
    [InlineData("bpe_end_of_word")]
    [InlineData("wordpiece")]
    [InlineData("wordpiece_limits")]
    public void The_rule_replayed_from_the_first_ids_gives_the_same_vocabulary(string name)
    {
        // The ids of decorated characters came from a hash order; everything after them follows from the rule.
        string[] expected = Vocabulary(Model(name));
        using JsonDocument steps = JsonDocument.Parse(File.ReadAllText(Path.Combine(Goldens, name, "merge_steps.json")));
        string[] results = [.. steps.RootElement.EnumerateArray().Select(step => step[3].GetString()!)];
        int first = Array.IndexOf(expected, results[0]);
        TokenizerTrainingOptions options = Options(name);
        var trainer = new BpeTrainer(options, options.VocabularySize!.Value, null) { FirstTokens = expected[..first] };
        BpeVocabulary actual = trainer.Train(TokenizerTrainer.CountWords(Pipeline(name), TokenizerTrainer.ReadLines([Corpus]), null));
        Assert.Equal(expected, actual.Tokens);
        Assert.Equal(results, actual.Merges.Select(merge => merge.Left + WithoutPrefix(merge.Right)));

        string WithoutPrefix(string piece) => options.ContinuingPrefix is { } prefix && piece.StartsWith(prefix, StringComparison.Ordinal)
            ? piece[prefix.Length..]
            : piece;
    }

    [Fact]
    public void Unigram_finds_the_same_pieces()
    {
        Dictionary<string, double> expected = Scores(Model("unigram"));
        Dictionary<string, double> actual = Scores(Trained("unigram", TokenizerModelKind.Unigram));
        Assert.Empty(actual.Keys.Except(expected.Keys));
        Assert.Equal(expected.Count, actual.Count);
        Assert.All(actual, piece => Assert.Equal(expected[piece.Key], piece.Value, 0.002));
    }

    private static JsonObject Trained(string name, TokenizerModelKind kind)
    {
        IEnumerable<string> lines = TokenizerTrainer.ReadLines([Corpus]);
        Tokenizer trained = TokenizerTrainer.Train(kind, Pipeline(name).Definition, lines, Options(name), null);
        using var stream = new MemoryStream();
        TokenizerWriter.WriteTokenizer(trained.Definition, trained.AddedTokens, stream);
        return JsonNode.Parse(stream.ToArray())!["model"]!.AsObject();
    }

    private static Tokenizer Pipeline(string name) => Tokenizer.FromFile(Path.Combine(Goldens, name, "tokenizer.json"));

    private static JsonObject Model(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Goldens, name, "tokenizer.json")))!["model"]!.AsObject();

    private static string[] Vocabulary(JsonObject model) =>
        [.. model["vocab"]!.AsObject().OrderBy(p => p.Value!.GetValue<int>()).Select(p => p.Key)];

    private static Dictionary<string, double> Scores(JsonObject model) =>
        model["vocab"]!.AsArray().ToDictionary(p => p![0]!.GetValue<string>(), p => p![1]!.GetValue<double>());

    private static TokenizerTrainingOptions Options(string name)
    {
        JsonObject given = JsonNode.Parse(File.ReadAllText(Path.Combine(Goldens, "trainer_options.json")))![name]!["options"]!.AsObject();
        return new TokenizerTrainingOptions
        {
            VocabularySize = given["vocab_size"]!.GetValue<int>(),
            MinFrequency = given["min_frequency"]?.GetValue<int>() ?? 0,
            SpecialTokens = [.. given["special_tokens"]!.AsArray().Select(t => t!.GetValue<string>())],
            LimitAlphabet = given["limit_alphabet"]?.GetValue<int>(),
            InitialAlphabet = given["initial_alphabet"] is JsonArray letters ? [.. letters.Select(t => t!.GetValue<string>())]
                : given["initial_alphabet"] is null ? [] : [.. Enumerable.Range(0, 256).Select(b => ByteAlphabet.UnitOf(b).ToString())],
            ContinuingPrefix = given["continuing_subword_prefix"]?.GetValue<string>(),
            EndOfWordSuffix = given["end_of_word_suffix"]?.GetValue<string>(),
            MaxTokenLength = given["max_token_length"]?.GetValue<int>(),
            UnknownToken = given["unk_token"]?.GetValue<string>(),
        };
    }
}
