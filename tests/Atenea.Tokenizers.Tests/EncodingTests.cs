using System.Buffers;
using Atenea.Errors;

namespace Atenea.Tokenizers.Tests;

public sealed class EncodingTests
{
    private static readonly Tokenizer Bert = Tokenizer.FromDirectory(Path.Combine(GoldenTests.DataFolder, "bert-base-chinese"));

    [Fact]
    public void Special_tokens_are_known_by_their_role()
    {
        Assert.Equal((0, 100, 101, 102, 103), (Bert.PadTokenId, Bert.UnknownTokenId, Bert.ClsTokenId, Bert.SepTokenId, Bert.MaskTokenId));
        Assert.Equal(21128, Bert.VocabularySize);
        Assert.Equal(101, Bert.TokenToId("[CLS]"));
        Assert.Equal("[CLS]", Bert.IdToToken(101));
        Assert.Null(Bert.TokenToId("no such token"));
        Assert.Null(Bert.IdToToken(1 << 20));
    }

    [Fact]
    public void Look_ups_between_characters_tokens_and_words_agree()
    {
        const string Text = "playing 中文";
        Encoding encoding = Bert.Encode(Text, "ab");
        int? token = encoding.CharToToken(0);
        Assert.NotNull(token);
        Assert.Equal(0, encoding.TokenToWord(token.Value)!.Value.Word);
        Assert.Null(encoding.CharToToken(Text.IndexOf(' ', StringComparison.Ordinal)));
        TextSpan word = encoding.WordToChars(0)!.Value;
        Assert.Equal("playing", Text[word.Start..word.End]);
        Assert.Equal(1, encoding.CharToWord(Text.IndexOf('中', StringComparison.Ordinal)));
        Assert.Equal(1, encoding.TokenToChars(encoding.CharToToken(0, sequence: 1)!.Value)!.Value.Sequence);
        Assert.Null(encoding.TokenToChars(0));
    }

    [Fact]
    public void The_fast_path_gives_the_same_ids()
    {
        foreach (string text in new[] { "", "Hello, World!", "中文 and Ünïcödé \uD800 lone", new string('a', 500) + " b" })
        {
            var ids = new ArrayBufferWriter<int>();
            int count = Bert.EncodeIds(text, ids);
            Assert.Equal(Bert.Encode(text).Ids, ids.WrittenSpan.ToArray());
            Assert.Equal(count, ids.WrittenCount);
            Assert.Equal(count, Bert.CountIds(text));
            var cut = new ArrayBufferWriter<int>();
            Bert.EncodeIds(text, cut, maxLength: 4);
            Assert.Equal(Bert.Encode(text, options: new EncodeOptions { MaxLength = 4 }).Ids, cut.WrittenSpan.ToArray());
        }
    }

    [Fact]
    public void A_batch_gives_what_single_calls_give()
    {
        string[] texts = [.. Enumerable.Range(0, 200).Select(i => $"text {i} 中 {new string('x', i)}")];
        Encoding[] batch = Bert.EncodeBatch(texts, threads: 4);
        for (int i = 0; i < texts.Length; i++)
        {
            Assert.Equal(Bert.Encode(texts[i]).Ids, batch[i].Ids);
        }
    }

    [Fact]
    public void Truncation_is_told()
    {
        Encoding encoding = Bert.Encode("一二三四五六", options: new EncodeOptions { MaxLength = 5 });
        Assert.True(encoding.WasTruncated);
        Assert.Equal(3, encoding.TruncatedTokens);
        Assert.Single(encoding.Overflowing);
        Assert.False(Bert.Encode("一").WasTruncated);
    }

    [Fact]
    public void Truncation_that_cannot_be_done_is_a_coded_error()
    {
        var options = new EncodeOptions { MaxLength = 5, Stride = 3 };
        AteneaException error = Assert.Throws<AteneaException>(() => Bert.Encode("一二三四五六", options: options));
        Assert.Same(Catalogue.TruncationImpossible, error.Code);
        error = Assert.Throws<AteneaException>(() => Bert.Encode("一", options: new EncodeOptions { MaxLength = 5, Stride = -1 }));
        Assert.Same(Catalogue.TokenizerOptionInvalid, error.Code);
    }

    [Fact]
    public void Offsets_convert_to_code_points()
    {
        const string Text = "😀 中";
        Encoding encoding = Bert.Encode(Text, options: new EncodeOptions { AddSpecialTokens = false });
        Assert.Equal([new TextSpan(0, 2), new TextSpan(3, 4)], encoding.Offsets);
        Assert.Equal([new TextSpan(0, 1), new TextSpan(2, 3)], TextOffsets.ToCodePoints(encoding.Offsets, Text));
    }
}
