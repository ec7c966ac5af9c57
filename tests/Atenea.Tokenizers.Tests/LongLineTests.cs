using System.Text;
using Atenea.Errors;

namespace Atenea.Tokenizers.Tests;

/// <summary>Lines of any length in bounded memory.</summary>
public sealed class LongLineTests
{
    [Theory]
    [InlineData("a\nb\r\nc\rd")]
    [InlineData("\n\n\r\n\r\rx\n")]
    [InlineData("")]
    [InlineData("no end")]
    public void Lines_are_those_of_a_text_reader(string text)
    {
        // Long enough that line ends fall on the borders of the reader's buffer.
        foreach (string all in new[] { text, string.Concat(Enumerable.Repeat(text, 30_000)) })
        {
            List<string> expected = [];
            var plain = new StringReader(all);
            while (plain.ReadLine() is { } line)
            {
                expected.Add(line);
            }

            var lines = new LineReader(new StringReader(all), "f");
            List<string> found = [];
            while (lines.Next())
            {
                found.Add(lines.Number % 2 == 0 ? Utf8(lines.ReadUtf8(1 << 20)) : Chunks(lines));
            }

            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public void A_line_of_many_chunks_keeps_its_characters()
    {
        string line = string.Concat(Enumerable.Repeat("\U0001F600\u00E9a", 50_000));
        var lines = new LineReader(new StringReader("x\n" + line + "\ny"), "f");
        Assert.True(lines.Next() && lines.Next());
        Assert.Equal(line, Utf8(lines.ReadUtf8(1 << 20)));
        Assert.True(lines.Next());
        Assert.Equal("f: line 3", lines.Where);
        Assert.Equal("y", Chunks(lines));
        Assert.False(lines.Next());
    }

    [Theory]
    [InlineData("bert-added-tokens")]
    [InlineData("modernbert-like")]
    [InlineData("camembert-like")]
    [InlineData("spm-bpe-bytefallback")]
    public void Counting_in_chunks_counts_the_same(string name)
    {
        Tokenizer tokenizer = Load(name);
        const string Sentence = "The quick brown fox, 42 of them; n't jumps over New York\u3000\u4E2D\u6587 ";
        string[] texts = ["", "one", string.Concat(Enumerable.Repeat(Sentence, 3000)), " last "];
        int[] lengths = [.. texts.Select(t => tokenizer.CountIds(t))];
        tokenizer.PartLength = 1000;
        TokenStatistics ofTexts = TokenStatistics.Count(tokenizer, texts, maxLength: 128);
        var lines = new LineReader(new StringReader(string.Join('\n', texts)), "f");
        TokenStatistics ofLines = TokenStatistics.Count(tokenizer, lines, maxLength: 128);
        Assert.Equal(ofTexts, ofLines);
        Assert.Equal(lengths.Max(), ofTexts.LongestText);
        Assert.Equal(lengths.Sum() - 4 * tokenizer.CountSpecialTokens(pair: false), ofTexts.Tokens);
        Assert.Equal(lengths.Max() - 128, ofTexts.TruncatedTokens);
        Assert.Equal(texts.Sum(t => t.Length), ofTexts.Characters);
        Assert.Equal(texts.Sum(t => t.Split([' ', '\u3000'], StringSplitOptions.RemoveEmptyEntries).Length), ofTexts.Words);
    }

    [Fact]
    public void Counting_a_long_line_holds_little_of_it()
    {
        Tokenizer tokenizer = Load("modernbert-like");
        TokenStatistics.Count(tokenizer, Repeated("warm up ", 100_000));
        long before = GC.GetAllocatedBytesForCurrentThread();
        TokenStatistics counted = TokenStatistics.Count(tokenizer, Repeated("some words in a row, ", 2_000_000));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(42_000_000, counted.Characters);
        Assert.InRange(allocated, 0, 30_000_000);
    }

    [Fact]
    public void An_endless_word_is_refused_with_its_line()
    {
        Tokenizer tokenizer = Load("modernbert-like");
        var error = Assert.Throws<AteneaException>(() => TokenStatistics.Count(tokenizer, Repeated("a", Tokenizer.LongestUncut + 1)));
        Assert.Equal(Catalogue.TextTooLong, error.Code);
        Assert.Contains("f: line 1", error.Message, StringComparison.Ordinal);

        string line = "{\"text\": \"a b " + new string('a', Tokenizer.LongestUncut + 1) + "\"}";
        error = Assert.Throws<AteneaException>(() => TokenizeLines.Encode(tokenizer, line, "g: line 7"));
        Assert.Equal(Catalogue.TextTooLong, error.Code);
        Assert.Contains("g: line 7", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_above_the_bound_is_refused()
    {
        var lines = new LineReader(new StringReader("ab\n\u00E9\u00E9\u00E9\nc"), "f");
        Assert.True(lines.Next());
        Assert.Equal(2, lines.ReadUtf8(5).Length);
        Assert.True(lines.Next());
        var error = Assert.Throws<AteneaException>(() => lines.ReadUtf8(5));
        Assert.Equal(Catalogue.TextTooLong, error.Code);
        Assert.Contains("f: line 2", error.Message, StringComparison.Ordinal);
    }

    private static Tokenizer Load(string name) => Tokenizer.FromDirectory(Path.Combine(GoldenTests.DataFolder, name));

    private static LineReader Repeated(string text, int times) => new(new RepeatingReader(text, times), "f");

    private static string Utf8(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes.Span);

    private static string Chunks(LineReader lines)
    {
        var text = new StringBuilder();
        for (ReadOnlySpan<char> chunk = lines.NextChunk(); !chunk.IsEmpty; chunk = lines.NextChunk())
        {
            text.Append(chunk);
        }

        return text.ToString();
    }

    /// <summary>One long line that is never held.</summary>
    private sealed class RepeatingReader(string text, int times) : TextReader
    {
        private long _left = (long)text.Length * times;
        private int _at;

        public override int Read(Span<char> buffer)
        {
            int count = (int)Math.Min(_left, buffer.Length);
            for (int i = 0; i < count; i++)
            {
                buffer[i] = text[_at];
                _at = (_at + 1) % text.Length;
            }

            _left -= count;
            return count;
        }

        public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));
    }
}
