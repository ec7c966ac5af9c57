using System.Buffers;
using System.Globalization;
using System.Text;

namespace Atenea.Tokenizers.Tests;

/// <summary>Properties that hold for any text, tried on seeded random ones with every sample tokenizer.</summary>
public sealed class FuzzTests
{
    private const int Texts = 400;

    private static readonly string[] Marks =
        ["[MASK]", "<s>", "</s>", "\u2581", "\u0120", "\r\n", "n't", "##a", "\U0001F600", "\U00020000"];

    private static readonly (int First, int Last)[] Blocks =
    [
        (0x20, 0x7E), (0x00, 0x1F), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x52F), (0x600, 0x6FF), (0x900, 0x97F), (0x1100, 0x11FF),
        (0x2000, 0x206F), (0x3000, 0x30FF), (0x4E00, 0x4FFF), (0xAC00, 0xACFF), (0xD800, 0xDFFF), (0xF900, 0xFAFF), (0xFB00, 0xFDFF),
        (0xFE00, 0xFFFF),
    ];

    public static TheoryData<string> Samples => GoldenTests.Samples;

    [Theory]
    [MemberData(nameof(Samples))]
    public void Any_text_gives_ordered_offsets_within_it_and_the_same_ids_on_the_fast_path(string name)
    {
        Tokenizer tokenizer = Tokenizer.FromDirectory(Path.Combine(GoldenTests.DataFolder, name));
        var random = new Random(20240607);
        for (int i = 0; i < Texts; i++)
        {
            string text = RandomText(random);
            Encoding encoding = tokenizer.Encode(text, options: new EncodeOptions { AddSpecialTokens = false });
            int start = 0;
            foreach (TextSpan span in encoding.Offsets)
            {
                Assert.InRange(span.Start, 0, text.Length);
                Assert.InRange(span.End, span.Start, text.Length);
                Assert.True(span.Start >= start, $"offsets go back in {Escape(text)}");
                start = span.Start;
            }

            var ids = new ArrayBufferWriter<int>();
            tokenizer.EncodeIds(text, ids, addSpecialTokens: false);
            Assert.Equal(encoding.Ids, ids.WrittenSpan.ToArray());
            _ = tokenizer.Decode(encoding.Ids);
        }
    }

    [Theory]
    [InlineData("olmo2-regex-like")]
    [InlineData("modernbert-like")]
    [InlineData("spm-bpe-bytefallback")]
    [InlineData("wordlevel-ws")]
    public void Offsets_cover_all_text_but_white_space(string name)
    {
        // These tokenizers drop nothing: no character of theirs vanishes in normalisation.
        Tokenizer tokenizer = Tokenizer.FromDirectory(Path.Combine(GoldenTests.DataFolder, name));
        var random = new Random(7);
        for (int i = 0; i < Texts; i++)
        {
            string text = string.Concat(RandomText(random).Where(c => char.GetUnicodeCategory(c) is not (
                UnicodeCategory.Surrogate or UnicodeCategory.Control or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
                or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.OtherNotAssigned)));
            Encoding encoding = tokenizer.Encode(text, options: new EncodeOptions { AddSpecialTokens = false });
            var covered = new bool[text.Length];
            foreach (TextSpan span in encoding.Offsets)
            {
                covered.AsSpan(span.Start, span.End - span.Start).Fill(true);
            }

            for (int at = 0; at < text.Length; at++)
            {
                Assert.True(covered[at] || char.IsWhiteSpace(text[at]), $"unit {at} of {Escape(text)} is in no token");
            }
        }
    }

    [Theory]
    [InlineData("bert-added-tokens")]
    [InlineData("modernbert-like")]
    [InlineData("camembert-like")]
    public void Batches_on_many_threads_give_what_single_calls_give(string name)
    {
        Tokenizer tokenizer = Tokenizer.FromDirectory(Path.Combine(GoldenTests.DataFolder, name));
        var random = new Random(11);
        string[] texts = [.. Enumerable.Range(0, 300).Select(_ => RandomText(random))];
        Encoding[] batch = tokenizer.EncodeBatch(texts, threads: 8);
        Tokenizer fresh = Tokenizer.FromDirectory(Path.Combine(GoldenTests.DataFolder, name));
        for (int i = 0; i < texts.Length; i++)
        {
            Encoding single = fresh.Encode(texts[i]);
            Assert.Equal(single.Ids, batch[i].Ids);
            Assert.Equal(single.Offsets, batch[i].Offsets);
            Assert.Equal(single.Tokens, batch[i].Tokens);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Very_long_words_and_lines_are_taken(string name)
    {
        Tokenizer tokenizer = Tokenizer.FromDirectory(Path.Combine(GoldenTests.DataFolder, name));
        foreach ((string unit, int times) in new[] { ("a", 200_000), (" ", 100_000), ("e\u0301", 50_000), ("ab ", 100_000) })
        {
            string text = string.Concat(Enumerable.Repeat(unit, times));
            Assert.Equal(tokenizer.Encode(text).Count, tokenizer.CountIds(text));
        }
    }

    [Fact]
    public void A_warm_tokenizer_allocates_nothing_per_token()
    {
        Tokenizer tokenizer = Tokenizer.FromDirectory(Path.Combine(GoldenTests.DataFolder, "modernbert-like"));
        string text = string.Concat(Enumerable.Repeat("the quick brown fox, 123 jumps! ", 2000));
        var ids = new ArrayBufferWriter<int>(1 << 20);
        for (int i = 0; i < 3; i++)
        {
            ids.ResetWrittenCount();
            tokenizer.EncodeIds(text, ids);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        ids.ResetWrittenCount();
        int count = tokenizer.EncodeIds(text, ids);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(count > 10_000);
        Assert.InRange(allocated, 0, 1024);
    }

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        int length = random.Next(40);
        for (int i = 0; i < length; i++)
        {
            (int first, int last) = Blocks[random.Next(Blocks.Length)];
            switch (random.Next(8))
            {
                case 0:
                    text.Append("  "[..random.Next(1, 3)]);
                    break;
                case 1:
                    text.Append(Marks[random.Next(Marks.Length)]);
                    break;
                case 2 or 3 or 4:
                    text.Append((char)random.Next('a', 'z' + 1));
                    break;
                default:
                    text.Append((char)random.Next(first, last + 1));
                    break;
            }
        }

        return text.ToString();
    }

    internal static string Escape(string text) =>
        string.Concat(text.Select(c => c is >= ' ' and < '\x7F' ? c.ToString() : $"\\u{(int)c:X4}"));
}
