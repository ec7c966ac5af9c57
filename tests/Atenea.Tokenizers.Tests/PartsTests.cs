using System.Buffers;
using System.Text;

namespace Atenea.Tokenizers.Tests;

/// <summary>A text encoded in parts gives what it gives as a whole.</summary>
public sealed class PartsTests
{
    private static readonly string[] Words =
    [
        "a", "I", "the", "word", "Don't", "can not", "x1", "42", "2024", "new york", "New York City", "\u00E9t\u00E9", "e\u0301te\u0301",
        "Espa\u00F1ol", "\u0130stanbul", "\u03A3\u03AF\u03C3\u03C5\u03C6\u03BF\u03C2", "\u0440\u0443\u0441\u0441\u043A\u0438\u0439",
        "\u0627\u0644\u0639\u0631\u0628\u064A\u0629", "\u0939\u093F\u0928\u094D\u0926\u0940", "\u0915", "\u0E44\u0E17\u0E22", "\u0E33",
        "\u4E2D\u6587", "\u4E2D", "\u65E5\u672C\u8A9E\u306E", "\uD55C\uAD6D\uC5B4", "\u1112\u1161\u11AB", "\uFB01n", "\uFF21\uFF22",
        "\u2460", "\u00B5", "\uFDFA", "\u0600a", "\U0001F600", "\U00020000", "\uD800", "``", "''", "n't", "'s", "...", "(",
        "http://a.b/c", "#tag", "\u2581", "\u0120",
    ];

    private static readonly string[] Spaces =
    [
        " ", " ", " ", " ", " ", "  ", "", "\n", "\t", "\u00A0", "\u3000", "\u200B", "\u0000", "\u0085", " \u0301", "-", ", ", ". ",
        "\r\n ",
    ];

    public static TheoryData<string> Samples => GoldenTests.Samples;

    [Theory]
    [MemberData(nameof(Samples))]
    public void Parts_give_what_the_whole_gives(string name) =>
        Assert.True(CountCuts(Tokenizer.FromDirectory(Path.Combine(GoldenTests.DataFolder, name)), texts: 300) > 30);

    [Fact]
    public void Ideographs_are_cut_where_each_is_a_word()
    {
        Tokenizer tokenizer = Tokenizer.FromDirectory(Path.Combine(GoldenTests.DataFolder, "bert-base-chinese"));
        string text = string.Concat(Enumerable.Repeat("\u4E2D\u56FD\u4EBA\u53E3\u5341\u56DB\u4EBF\u3002", 50));
        Assert.True(Compare(tokenizer, text) > 10);
    }

    [Theory]
    [InlineData("modernbert-like")]
    [InlineData("camembert-like")]
    public void An_endless_word_is_not_cut(string name)
    {
        Tokenizer tokenizer = Tokenizer.FromDirectory(Path.Combine(GoldenTests.DataFolder, name));
        Assert.Equal(0, Compare(tokenizer, new string('a', 1000)));
        Assert.Equal(0, Compare(tokenizer, string.Concat(Enumerable.Repeat("a, ", 300))));
    }

    /// <summary>Compares random texts; returns how many cuts there were.</summary>
    internal static int CountCuts(Tokenizer tokenizer, int texts)
    {
        var random = new Random(20250711);
        string[] added = [.. tokenizer.AddedTokens.Select(t => t.Content)];
        int cuts = 0;
        for (int i = 0; i < texts; i++)
        {
            cuts += Compare(tokenizer, RandomText(random, added));
        }

        return cuts;
    }

    private static int Compare(Tokenizer tokenizer, string text)
    {
        int usual = tokenizer.PartLength;
        Encoding whole = tokenizer.Encode(text);
        tokenizer.PartLength = 4;
        try
        {
            string shown = FuzzTests.Escape(text);
            Encoding parts = tokenizer.Encode(text);
            Assert.True(whole.Ids.AsSpan().SequenceEqual(parts.Ids), "ids: " + shown);
            Assert.True(whole.Tokens.AsSpan().SequenceEqual(parts.Tokens), "tokens: " + shown);
            Assert.True(whole.Offsets.AsSpan().SequenceEqual(parts.Offsets), "offsets: " + shown);
            Assert.True(whole.WordIds.AsSpan().SequenceEqual(parts.WordIds), "word ids: " + shown);
            Assert.True(whole.SpecialTokensMask.AsSpan().SequenceEqual(parts.SpecialTokensMask), "mask: " + shown);

            var ids = new ArrayBufferWriter<int>();
            Assert.Equal(whole.Count, tokenizer.EncodeIds(text, ids));
            Assert.True(whole.Ids.AsSpan().SequenceEqual(ids.WrittenSpan), "fast ids: " + shown);
            Assert.Equal(whole.Count, tokenizer.CountIds(text));
            int most = whole.Count / 2 + 2;
            ids.ResetWrittenCount();
            Assert.Equal(Math.Min(most, whole.Count), tokenizer.EncodeIds(text, ids, maxLength: most));

            int cuts = 0;
            for (int start = 0, length; (length = tokenizer.CutOf(text.AsSpan(start))) > 0; start += length)
            {
                cuts++;
            }

            return cuts;
        }
        finally
        {
            tokenizer.PartLength = usual;
        }
    }

    /// <summary>Words of many scripts with every kind of thing between them that a pipeline may look at.</summary>
    private static string RandomText(Random random, string[] added)
    {
        var text = new StringBuilder(random.Next(4) == 0 ? Spaces[random.Next(Spaces.Length)] : "");
        int count = random.Next(2, 30);
        for (int i = 0; i < count; i++)
        {
            text.Append(added.Length > 0 && random.Next(5) == 0 ? added[random.Next(added.Length)] : Words[random.Next(Words.Length)]);
            text.Append(Spaces[random.Next(Spaces.Length)]);
        }

        return text.ToString();
    }
}
