using System.Text.Json.Nodes;
using Atenea.Errors;

namespace Atenea.Tokenizers.Tests;

public sealed class BadInputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("atenea-bad-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_without_tokenizer_files_is_refused()
    {
        Refused(Catalogue.TokenizerFilesMissing, () => Tokenizer.FromDirectory(_folder), _folder);
        Refused(Catalogue.TokenizerFilesMissing, () => Tokenizer.FromDirectory(Path.Combine(_folder, "nowhere")), "nowhere");
        Refused(Catalogue.TokenizerFilesMissing, () => Tokenizer.FromFile(Path.Combine(_folder, "tokenizer.json")), "tokenizer.json");
    }

    [Fact]
    public void Truncated_json_is_refused_wherever_it_is_cut()
    {
        string whole = File.ReadAllText(Path.Combine(GoldenTests.DataFolder, "bert-added-tokens", "tokenizer.json"));
        for (int cut = 0; cut < whole.Length - 1; cut += 997)
        {
            Write("tokenizer.json", whole[..cut]);
            Refused(Catalogue.TokenizerFileInvalid, () => Tokenizer.FromDirectory(_folder), "tokenizer.json");
        }
    }

    [Theory]
    [InlineData("[]", "ATN0301")]
    [InlineData("{}", "ATN0301")]
    [InlineData("""{"model": 5}""", "ATN0301")]
    [InlineData("""{"model": {"type": "Markov", "vocab": {}}}""", "ATN0302")]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": ["a"], "unk_token": "a"}}""", "ATN0301")]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": {"a": "x"}, "unk_token": "a"}}""", "ATN0301")]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": {"a": 0, "b": 0}, "unk_token": "a"}}""", "ATN0303")]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": {"a": -1}, "unk_token": "a"}}""", "ATN0303")]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": {"a": 2000000000}, "unk_token": "a"}}""", "ATN0303")]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "[UNK]"}}""", "ATN0304")]
    [InlineData("""{"model": {"type": "WordPiece", "vocab": {"a": 0}, "unk_token": "[UNK]"}}""", "ATN0304")]
    [InlineData("""{"model": {"type": "Unigram", "vocab": [["a", -1.5]], "unk_id": 7}}""", "ATN0304")]
    [InlineData("""{"model": {"type": "Unigram", "vocab": [["a"]], "unk_id": 0}}""", "ATN0303")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}}""", "ATN0305")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b"]}}""", "ATN0305")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["ab"]}}""", "ATN0305")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [], "dropout": 0.1}}""", "ATN0302")]
    public void A_damaged_model_is_refused(string json, string code)
    {
        Write("tokenizer.json", json);
        AteneaException error = Assert.Throws<AteneaException>(() => Tokenizer.FromDirectory(_folder));
        Assert.Equal(code, error.Code.Id);
    }

    [Theory]
    [InlineData("normalizer", """{"type": "Rot13"}""", "ATN0302", "Rot13")]
    [InlineData("normalizer", """{"type": "Precompiled", "precompiled_charsmap": "!"}""", "ATN0301", "base64")]
    [InlineData("normalizer", """{"type": "Precompiled", "precompiled_charsmap": "/////w=="}""", "ATN0301", "map")]
    [InlineData("normalizer", """{"type": "Strip", "strip_left": "yes"}""", "ATN0301", "strip_left")]
    [InlineData("pre_tokenizer", """{"type": "Scissors"}""", "ATN0302", "Scissors")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "(a)\\1"}}""", "ATN0307", "\\1")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "(?<=a+)b"}}""", "ATN0307", "lookbehind")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "[a"}}""", "ATN0307", "class")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "\\p{Nonsense}"}}""", "ATN0307", "Nonsense")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"String": "a"}, "behavior": "Shred"}""", "ATN0302", "Shred")]
    [InlineData("post_processor", """{"type": "Glue"}""", "ATN0302", "Glue")]
    [InlineData(
        "post_processor",
        """{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "X"}}], "pair": [], "special_tokens": {}}""",
        "ATN0301",
        "X")]
    [InlineData("decoder", """{"type": "Enigma"}""", "ATN0302", "Enigma")]
    public void An_unknown_or_damaged_component_is_named(string key, string component, string code, string named)
    {
        JsonObject root = JsonNode.Parse("""{"model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"}}""")!.AsObject();
        root[key] = JsonNode.Parse(component);
        Write("tokenizer.json", root.ToJsonString());
        AteneaException error = Assert.Throws<AteneaException>(() => Tokenizer.FromDirectory(_folder));
        Assert.Equal(code, error.Code.Id);
        Assert.Contains(named, error.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_vocabulary_text_is_refused()
    {
        File.WriteAllBytes(Path.Combine(_folder, "vocab.txt"), [(byte)'[', 0xC3, 0x28, (byte)'\n']);
        Refused(Catalogue.TokenizerFileEncoding, () => Tokenizer.FromDirectory(_folder), "vocab.txt");
        Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\na\n");
        Refused(Catalogue.VocabularyInvalid, () => Tokenizer.FromDirectory(_folder), "vocab.txt");
        Write("vocab.txt", "[PAD]\n[CLS]\n[SEP]\n");
        Refused(Catalogue.UnknownTokenMissing, () => Tokenizer.FromDirectory(_folder), "vocab.txt");
    }

    [Fact]
    public void Lines_that_are_no_cases_are_refused_with_their_place()
    {
        Tokenizer tokenizer = Tokenizer.FromDirectory(Path.Combine(GoldenTests.DataFolder, "wordlevel-ws"));
        foreach (string line in new[] { "{", "[]", "{}", """{"text": 5}""", """{"words": "x"}""" })
        {
            Refused(Catalogue.TokenizerFileInvalid, () => TokenizeLines.Encode(tokenizer, line, "f.jsonl:3"), "f.jsonl:3");
        }

        foreach (string option in new[] { "\"maxlength\": 5", "\"padding\": \"some\"" })
        {
            string line = "{\"text\": \"a\", \"options\": {" + option + "}}";
            Refused(Catalogue.TokenizerOptionInvalid, () => TokenizeLines.Encode(tokenizer, line, "f.jsonl:3"), "f.jsonl:3");
        }
    }

    [Fact]
    public void Training_that_cannot_be_done_is_refused()
    {
        Refused(Catalogue.TokenizerTrainingInvalid, () => Train(TokenizerModelKind.WordPiece, [" \n"], 30_000), null);
        Refused(Catalogue.TokenizerTrainingInvalid, () => Train(TokenizerModelKind.Bpe, ["text"], 3), null);
        Refused(Catalogue.TokenizerTrainingInvalid, () => Train(TokenizerModelKind.Unigram, ["abcdefghijklmnop"], 8), null);

        string missing = Path.Combine(_folder, "none.txt");
        Refused(Catalogue.TokenizerFilesMissing, () => Train(TokenizerModelKind.Bpe, TokenizerTrainer.ReadLines([missing]), 300), missing);
        string latin = Path.Combine(_folder, "latin.txt");
        File.WriteAllBytes(latin, [(byte)'a', 0xE9, (byte)'b']);
        Refused(Catalogue.TokenizerFileEncoding, () => Train(TokenizerModelKind.Bpe, TokenizerTrainer.ReadLines([latin]), 300), latin);
    }

    [Theory]
    [InlineData("1e99999999999")]
    [InlineData("-1e400")]
    [InlineData("\"-1\"")]
    public void A_score_that_is_no_number_is_refused(string score)
    {
        Write("tokenizer.json", """{"model": {"type": "Unigram", "unk_id": 0, "vocab": [["a", """ + score + "]]}}");
        Refused(Catalogue.VocabularyInvalid, () => Tokenizer.FromDirectory(_folder), "tokenizer.json");
    }

    private static void Train(TokenizerModelKind kind, IEnumerable<string> texts, int size) =>
        TokenizerTrainer.Train(kind, texts, new TokenizerTrainingOptions { VocabularySize = size });

    private static void Refused(ErrorCode code, Action action, string? where)
    {
        AteneaException error = Assert.Throws<AteneaException>(action);
        Assert.Same(code, error.Code);
        if (where is not null)
        {
            Assert.Contains(where, error.Where, StringComparison.Ordinal);
        }
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
