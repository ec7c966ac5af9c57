namespace Atenea.Tokenizers.Tests;

public sealed class TrainingTests
{
    private static readonly string[] Texts =
    [
        .. Enumerable.Range(0, 400).Select(i =>
            $"The quick brown fox number {i % 37} jumps over the lazy dog; der flinke Fuchs springt {i % 11} mal.\n"),
    ];

    [Theory]
    [InlineData(TokenizerModelKind.WordPiece)]
    [InlineData(TokenizerModelKind.Bpe)]
    [InlineData(TokenizerModelKind.Unigram)]
    [InlineData(TokenizerModelKind.WordLevel)]
    public void A_trained_tokenizer_is_always_the_same_and_survives_saving(TokenizerModelKind kind)
    {
        var options = new TokenizerTrainingOptions { VocabularySize = kind == TokenizerModelKind.Bpe ? 320 : 120 };
        Tokenizer first = TokenizerTrainer.Train(kind, Texts, options);
        Tokenizer second = TokenizerTrainer.Train(kind, Texts, options);
        string saved = Directory.CreateTempSubdirectory("atenea-train-").FullName;
        try
        {
            first.Save(saved);
            Tokenizer loaded = Tokenizer.FromDirectory(saved);
            Assert.InRange(first.VocabularySize, 20, options.VocabularySize!.Value);
            foreach (string text in Texts.Append("an unseen text: zebra 99").Append(""))
            {
                Encoding expected = first.Encode(text, "pair");
                Assert.Equal(expected.Ids, second.Encode(text, "pair").Ids);
                Assert.Equal(expected.Ids, loaded.Encode(text, "pair").Ids);
                Assert.Equal(expected.Offsets, loaded.Encode(text, "pair").Offsets);
            }

            Assert.Equal(first.PadTokenId, loaded.PadTokenId);
        }
        finally
        {
            Directory.Delete(saved, recursive: true);
        }
    }

    [Theory]
    [InlineData("bert-added-tokens")]
    [InlineData("modernbert-like")]
    [InlineData("camembert-like")]
    [InlineData("wordlevel-ws")]
    public void TrainFrom_keeps_the_pipeline_and_its_special_tokens(string name)
    {
        Tokenizer existing = Tokenizer.FromDirectory(Path.Combine(GoldenTests.DataFolder, name));
        Tokenizer trained = TokenizerTrainer.TrainFrom(existing, Texts, new TokenizerTrainingOptions { VocabularySize = 330 });
        Assert.Equal(existing.CountSpecialTokens(pair: true), trained.CountSpecialTokens(pair: true));
        Encoding encoding = trained.Encode("The quick brown fox", "jumps");
        Assert.Equal(existing.Encode("a", "b").SpecialTokensMask.Sum(), encoding.SpecialTokensMask.Sum());
        Assert.Contains("quick", trained.Decode(encoding.Ids), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("The quick brown fox".Length, encoding.Offsets.Where((_, i) => encoding.SequenceIds[i] == 0).Max(o => o.End));
    }

    [Fact]
    public void Long_lines_come_in_parts()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, new string('a', 3_000_000) + "\nshort\n");
            string[] lines = [.. TokenizerTrainer.ReadLines([path])];
            Assert.True(lines.Length > 2);
            Assert.All(lines, l => Assert.InRange(l.Length, 1, (1 << 20) + 1));
            Assert.Equal("short\n", lines[^1]);
            Assert.Equal(3_000_007, lines.Sum(l => l.Length));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
