using System.Text.Json;

namespace Atenea.Tokenizers.Tests;

public sealed class TweetTests
{
    [Fact]
    public void Tweets_are_normalised_as_the_reference_does()
    {
        List<string> differences = [];
        foreach (string line in File.ReadLines(Path.Combine(GoldenTests.DataFolder, "tweets", "normalized.jsonl")))
        {
            using JsonDocument pair = JsonDocument.Parse(line);
            string text = pair.RootElement.GetProperty("text").GetString()!;
            string expected = pair.RootElement.GetProperty("normalized").GetString()!;
            string actual = TweetNormalizer.Normalize(text);
            if (actual != expected)
            {
                differences.Add($"{text}: expected {expected}, got {actual}");
            }
        }

        Assert.Empty(differences);
    }

    [Theory]
    [InlineData("a&amp;b", "a & b")]
    [InlineData("&lt;3", "<3")]
    [InlineData("&nosuch; x", "x")]
    [InlineData("&#65;&#x42;", "AB")]
    [InlineData("&apos;", "")]
    [InlineData("&#128;", "\u20AC")]
    public void Entities_are_resolved_or_dropped(string text, string expected) => Assert.Equal(expected, TweetNormalizer.Normalize(text));

    [Fact]
    public void A_link_pattern_never_hangs()
    {
        string text = "http://" + string.Concat(Enumerable.Repeat("!?", 4000)) + " " + string.Concat(Enumerable.Repeat("(a", 500));
        Assert.NotEmpty(TweetNormalizer.Normalize(text));
    }
}
