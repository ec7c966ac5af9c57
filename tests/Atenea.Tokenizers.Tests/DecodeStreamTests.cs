using System.Text;
using System.Text.Json;

namespace Atenea.Tokenizers.Tests;

/// <summary>Text from ids one at a time against the text of all ids.</summary>
public sealed class DecodeStreamTests
{
    public static TheoryData<string> Samples => GoldenTests.Samples;

    /// <summary>The tokenizers of which the reference's streams are kept.</summary>
    public static TheoryData<string> Streamed => [.. Streams().Select(l => l.GetProperty("tokenizer").GetString()!).Distinct()];

    private static string StreamFolder => Path.Combine(GoldenTests.DataFolder, "decode_stream");

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
    [MemberData(nameof(Streamed))]
    public void Every_piece_is_that_of_the_reference(string name)
    {
        string own = Path.Combine(StreamFolder, name + ".json");
        Tokenizer tokenizer = File.Exists(own) ? Tokenizer.FromFile(own) : Load(name);
        int streams = 0;
        foreach (JsonElement line in Streams().Where(l => l.GetProperty("tokenizer").GetString() == name))
        {
            bool skip = line.GetProperty("skip_special_tokens").GetBoolean();
            int[] ids = Ids(line);
            string[] expected = [.. line.GetProperty("pieces").EnumerateArray().Select(p => p.GetString()!)];
            List<string> pieces = Pieces(tokenizer.DecodeStream(skip), ids);
            Assert.Equal(expected, pieces[..^1]);
            Assert.Equal(tokenizer.Decode(ids, skip), string.Concat(pieces));
            streams++;
        }

        Assert.True(streams >= 40);
    }

    [Fact]
    public void A_word_whose_mark_says_that_it_goes_on_is_held_back()
    {
        string folder = Directory.CreateTempSubdirectory("atenea-tok-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "vocab.txt"), "lo@@ 9\nw 8\nlow 7\ner 6\n@@ 5\nn@@ 4\n");
            File.WriteAllText(Path.Combine(folder, "bpe.codes"), "l o 9\nw e 8\n");
            File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"tokenizer_class": "BertweetTokenizer"}""");
            Tokenizer tokenizer = Tokenizer.FromDirectory(folder);
            DecodeStream stream = tokenizer.DecodeStream();
            Assert.Equal(["", "low", " low", "", " loer"], Tokens(tokenizer, "lo@@", "w", "low", "lo@@", "er").Select(stream.Push));
            Assert.Equal("", stream.Flush());

            // A mark that nothing follows is text.
            int[] open = Tokens(tokenizer, "low", "lo@@");
            Assert.Equal(["low", "", " lo@@"], Pieces(tokenizer.DecodeStream(), open));
            var random = new Random(3);
            for (int i = 0; i < 300; i++)
            {
                int[] ids = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(tokenizer.HighestId + 2))];
                bool skip = random.Next(2) == 0;
                Assert.Equal(tokenizer.Decode(ids, skip), string.Concat(Pieces(tokenizer.DecodeStream(skip), ids)));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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

    private static int[] Tokens(Tokenizer tokenizer, params string[] tokens) => [.. tokens.Select(t => tokenizer.TokenToId(t)!.Value)];

    private static int[] Ids(JsonElement line) => [.. line.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32())];

    private static IEnumerable<JsonElement> Streams() =>
        File.ReadLines(Path.Combine(StreamFolder, "streams.jsonl")).Select(line => JsonSerializer.Deserialize<JsonElement>(line));

    private static List<string> Pieces(DecodeStream stream, int[] ids) => [.. ids.Select(stream.Push), stream.Flush()];

    /// <summary>The text by way of UTF-8, where half a surrogate pair would change.</summary>
    private static string ThroughUtf8(string text) => Utf8.GetString(Utf8.GetBytes(text));

    private static UTF8Encoding Utf8 { get; } = new(false);

    private static IEnumerable<int[]> CaseIds(string name)
    {
        foreach (string line in File.ReadLines(Path.Combine(GoldenTests.DataFolder, name, "cases.jsonl")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.TryGetProperty("ids", out _))
            {
                yield return Ids(document.RootElement);
            }
        }
    }
}
