using Atenea.Errors;

namespace Atenea.Tokenizers.Tests;

public sealed class RegexTests
{
    [Theory]
    [InlineData("a+b", "xaab", 1, 4)]
    [InlineData("a|ab", "ab", 0, 1)]
    [InlineData("(?:a|ab)c", "abc", 0, 3)]
    [InlineData("a+?", "aaa", 0, 1)]
    [InlineData("a{2,3}", "aaaa", 0, 3)]
    [InlineData("(?:ab){2,}", "abababx", 0, 6)]
    [InlineData("a++a|b", "aab", 2, 3)]
    [InlineData("(?>a|ab)c|x", "abcx", 3, 4)]
    [InlineData("(?i:'LL)", "'ll", 0, 3)]
    [InlineData("(?i)s", "\u017F", 0, 1)]
    [InlineData("\\s+(?!\\S)", "a   b", 1, 3)]
    [InlineData("(?<=a)b", "bab", 2, 3)]
    [InlineData("(?<!a)b", "abb", 2, 3)]
    [InlineData("\\bword\\b", "sword word", 6, 10)]
    [InlineData("^b$", "a\nb\nc", 2, 3)]
    [InlineData("[^\\r\\n\\p{L}\\p{N}]?\\p{L}+", "1!ab2", 1, 4)]
    [InlineData("\\p{L}", "\U00010400", 0, 2)]
    [InlineData("[\\p{L}&&[^a-z]]", "abC", 2, 3)]
    [InlineData("[[:upper:]]", "abC", 2, 3)]
    [InlineData("\\p{^L}", "ab1", 2, 3)]
    [InlineData("\\x{1F600}|\\u0041", "A", 0, 1)]
    [InlineData("\\p{Han}+", "ab\u4E2D\u6587", 2, 4)]
    public void Finds_what_the_reference_engine_finds(string pattern, string text, int start, int end)
    {
        Assert.True(new OnigurumaRegex(pattern, "test").Find(text, 0, out int foundStart, out int foundEnd));
        Assert.Equal((start, end), (foundStart, foundEnd));
    }

    [Theory]
    [InlineData("ab", "ba")]
    [InlineData("\\Aa\\z", "aa")]
    [InlineData(".", "\n")]
    [InlineData("(?!)", "a")]
    public void Finds_nothing_where_there_is_nothing(string pattern, string text) =>
        Assert.False(new OnigurumaRegex(pattern, "test").Find(text, 0, out _, out _));

    [Fact]
    public void Patterns_that_no_stack_holds_are_refused()
    {
        Refused(string.Concat(Enumerable.Repeat("(", 1500)) + "a" + string.Concat(Enumerable.Repeat(")", 1500)), "too deep");
        Refused(string.Concat(Enumerable.Repeat("[", 3000)), "class");
        Refused(new string('a', 5000), "4096");
        Refused("(?<=(?:(?:a{999}){999}){999})b", "lookbehind");
        Assert.True(new OnigurumaRegex(new string('a', 4096), "test").Find(new string('a', 5000), 0, out _, out int end));
        Assert.Equal(4096, end);
    }

    [Fact]
    public void A_group_that_is_repeated_beyond_the_stack_is_a_coded_error()
    {
        var regex = new OnigurumaRegex("(?:a|b)*c", "test");
        Assert.True(regex.Find(string.Concat(Enumerable.Repeat("ab", 100)) + "c", 0, out _, out _));
        AteneaException error = Assert.Throws<AteneaException>(
            () => regex.Find(string.Concat(Enumerable.Repeat("ab", 1_000_000)), 0, out _, out _));
        Assert.Same(Catalogue.TextTooLong, error.Code);
    }

    private static void Refused(string pattern, string named)
    {
        AteneaException error = Assert.Throws<AteneaException>(() => new OnigurumaRegex(pattern, "test"));
        Assert.Same(Catalogue.TokenizerRegexUnsupported, error.Code);
        Assert.Contains(named, error.What, StringComparison.Ordinal);
    }
}
