namespace Atenea.Cli.Tests;

public class TokenizerCommandTests
{
    private static readonly string Corpus = string.Concat(Enumerable.Range(0, 200)
        .Select(i => $"the quick brown fox number {i % 13} jumps over the lazy dog\n"));

    [Theory]
    [InlineData("wordpiece")]
    [InlineData("bpe")]
    [InlineData("unigram")]
    [InlineData("wordlevel")]
    public void A_trained_tokenizer_is_used_counted_and_measured(string kind)
    {
        using var folder = new TemporaryFolder();
        string corpus = folder.Write("corpus.txt", Corpus);
        string output = Path.Combine(Path.GetDirectoryName(corpus)!, "tokenizer");
        string size = kind == "bpe" ? "300" : "80";
        Outcome trained = Atenea.Run(
            "tokenizer", "train", "--model", kind, "--vocab-size", size, "--output", output, "--json", corpus);
        trained.AssertSuccess();
        Assert.InRange(trained.Json.GetProperty("vocab_size").GetInt32(), 10, 300);

        Outcome line = Atenea.Run("tokenize", output, "--text", "the quick fox", "--json");
        line.AssertSuccess();
        Assert.NotEmpty(line.Json.GetProperty("ids").EnumerateArray());

        Outcome counted = Atenea.Run("tokenize", output, "--count", "--input", corpus, "--max-length", "4", "--json");
        counted.AssertSuccess();
        Assert.Equal(200, counted.Json.GetProperty("texts").GetInt64());
        Assert.Equal(200, counted.Json.GetProperty("truncated_texts").GetInt64());

        Outcome bench = Atenea.Run("bench", "tok", "--text", corpus, "--tokenizer", Path.Combine(output, "tokenizer.json"),
            "--seconds", "0", "--threads", "2");
        bench.AssertSuccess();
        Assert.Equal("MB/s", bench.Json.GetProperty("unit").GetString());

        Outcome again = Atenea.Run("tokenizer", "train", "--from", output, "--vocab-size", "290", "--output", output + "2", corpus);
        again.AssertSuccess();
    }

    [Fact]
    public void Wrong_training_is_refused()
    {
        using var folder = new TemporaryFolder();
        string corpus = folder.Write("corpus.txt", Corpus);
        Atenea.Run("tokenizer", "train", "--model", "markov", "--output", "x", corpus).AssertRefused("ATN0103");
        Atenea.Run("tokenizer", "train", "--output", "x", corpus).AssertRefused("ATN0103");
        Atenea.Run("tokenizer", "train", "--model", "bpe", "--output", "x", corpus + ".none").AssertRefused("ATN0306");
        Atenea.Run("bench", "tok").AssertRefused("ATN0103");
    }
}
