namespace Atenea.Tokenizers;

/// <summary>What a Split or Replace looks for: a literal text or a regular expression.</summary>
internal sealed class TextPattern
{
    /// <summary>Expressions that match runs of white space, but never a single space between two words.</summary>
    private static readonly HashSet<string> SpaceRuns = new(StringComparer.Ordinal) { " {2,}", @"\s{2,}", @"\s{2,}|[\n\r\t]", @"[\n\r\t]" };

    /// <summary>
    /// Expressions whose matches cover the text, never go on past a space, and look neither behind them nor, within a word, ahead of them:
    /// those of GPT-2, Qwen2, and Llama 3 and OLMo 2.
    /// </summary>
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        Gpt2PreTokenizer.Pattern,
        ByteBpeFiles.QwenPattern,
        ByteBpeFiles.QwenPattern.Replace(@"|\p{N}|", @"|\p{N}{1,3}|", StringComparison.Ordinal),
    };

    private readonly string _text;
    private readonly OnigurumaRegex? _regex;

    private TextPattern(string text, OnigurumaRegex? regex)
    {
        _text = text;
        _regex = regex;
    }

    /// <summary>Whether the pattern matches runs of white space only, and never a single space between two words.</summary>
    public bool IsSpaceRuns => _regex is not null && SpaceRuns.Contains(_text);

    /// <summary>Whether the matches are words that a space begins.</summary>
    public bool IsWords => _regex is not null && Words.Contains(_text);

    /// <summary>A pattern of a literal text.</summary>
    public static TextPattern Literal(string text) => new(text, null);

    /// <summary>A pattern of a regular expression.</summary>
    public static TextPattern Expression(string pattern, string where) => new(pattern, new OnigurumaRegex(pattern, where));

    /// <summary>Whether the pattern is one literal character.</summary>
    public bool Is(char character) => _regex is null && _text.Length == 1 && _text[0] == character;

    /// <summary>
    /// Whether the pattern is a literal text that holds neither white space nor <paramref name="space"/>, which stands for it.
    /// </summary>
    public bool HoldsNoSpace(char space) =>
        _regex is null && !_text.Contains(space) && !_text.Any(c => UnicodeTables.WhiteSpace.Contains(c));

    /// <summary>Finds the first match at or after <paramref name="from"/>.</summary>
    public bool Find(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        if (_regex is not null) return _regex.Find(text, from, out start, out end);

        int found = _text.Length == 0 ? -1 : text[from..].IndexOf(_text, StringComparison.Ordinal);
        start = from + found;
        end = start + _text.Length;
        return found >= 0;
    }
}
