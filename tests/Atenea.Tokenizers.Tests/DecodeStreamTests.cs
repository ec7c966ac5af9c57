using System.Text;
using System.Text.Json;

namespace Atenea.Tokenizers.Tests;

/// <summary>Text from ids one at a time against the text of all ids.</summary>
public sealed class DecodeStreamTests
{
    public static TheoryData<string> Samples => GoldenTests.Samples;

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_pieces_are_together_the_text_of_all_ids(string name)
    {
        Tokenizer tokenizer = Load(name);
        int cases = 0;
        foreach (int[] ids in CaseIds(name))
        {
            foreach (bool skip in new[] { true, false })
            {
                Assert.Equal(tokenizer.Decode(ids, skip), string.Concat(Pieces(tokenizer.DecodeStream(skip), ids)));
            }

            cases++;
        }

        Assert.True(cases > 20);
    }

    [Theory]
    [InlineData("modernbert-like")]
    [InlineData("olmo2-regex-like")]
    [InlineData("spm-bpe-bytefallback")]
    public void A_character_is_never_given_out_in_parts(string name)
    {
        Tokenizer tokenizer = Load(name);
        string text = string.Concat(Enumerable.Repeat("\U00013080\U0001F9FF᚛क\U0001F468\u200D\U0001F680é", 20));
        int[] ids = [.. tokenizer.Encode(text, options: new EncodeOptions { AddSpecialTokens = false }).Ids];
        List<string> pieces = Pieces(tokenizer.DecodeStream(), ids);
        Assert.Contains("", pieces);
        Assert.All(pieces, p => Assert.DoesNotContain('\uFFFD', p));
        Assert.All(pieces, p => Assert.Equal(p, ThroughUtf8(p)));
        Assert.Equal(tokenizer.Decode(ids), string.Concat(pieces));
    }

    [Theory]
    [InlineData("modernbert-like", "Ġ", "ð")]
    [InlineData("spm-bpe-bytefallback", "<0xF0>", "<0xF0>")]
    public void Incomplete_bytes_come_at_the_end(string name, string first, string last)
    {
        Tokenizer tokenizer = Load(name);
        int[] ids = [tokenizer.TokenToId("a")!.Value, tokenizer.TokenToId(last)!.Value];
        DecodeStream stream = tokenizer.DecodeStream();
        Assert.Equal("a", stream.Push(ids[0]));
        Assert.Equal("", stream.Push(ids[1]));
        Assert.Equal("\uFFFD", stream.Flush());
        Assert.Equal("", stream.Flush());
        int[] again = [tokenizer.TokenToId(first)!.Value, ids[0]];
        Assert.Equal(tokenizer.Decode(again), string.Concat(Pieces(stream, again)));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_long_stream_keeps_few_ids(string name)
    {
        Tokenizer tokenizer = Load(name);
        DecodeStream stream = tokenizer.DecodeStream();
        foreach (int id in CaseIds(name).SelectMany(ids => ids).Take(5000))
        {
            stream.Push(id);
            Assert.InRange(stream.WindowLength, 0, 64);
        }
    }

    [Theory]
    [InlineData("modernbert-like", "ð")]
    [InlineData("spm-bpe-bytefallback", "<0xF0>")]
    public void Endless_invalid_bytes_are_given_out_in_time(string name, string token)
    {
        Tokenizer tokenizer = Load(name);
        int[] ids = [.. Enumerable.Repeat(tokenizer.TokenToId(token)!.Value, 1000)];
        DecodeStream stream = tokenizer.DecodeStream();
        var text = new StringBuilder();
        foreach (int id in ids)
        {
            text.Append(stream.Push(id));
            Assert.InRange(stream.WindowLength, 0, 64);
        }

        Assert.InRange(text.Length, 900, 1000);
        Assert.Equal(tokenizer.Decode(ids), text.Append(stream.Flush()).ToString());
    }

    private static Tokenizer Load(string name) => Tokenizer.FromDirectory(Path.Combine(GoldenTests.DataFolder, name));

    private static List<string> Pieces(DecodeStream stream, int[] ids) => [.. ids.Select(stream.Push), stream.Flush()];

    /// <summary>The text by way of UTF-8, where half a surrogate pair would change.</summary>
    private static string ThroughUtf8(string text) => Utf8.GetString(Utf8.GetBytes(text));

    private static UTF8Encoding Utf8 { get; } = new(false);

    private static IEnumerable<int[]> CaseIds(string name)
    {
        foreach (string line in File.ReadLines(Path.Combine(GoldenTests.DataFolder, name, "cases.jsonl")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.TryGetProperty("ids", out JsonElement ids))
            {
                yield return [.. ids.EnumerateArray().Select(i => i.GetInt32())];
            }
        }
    }
}
