using Atenea.Tokenizers.Regex;

namespace Atenea.Tokenizers.Text;

/// <summary>What a Split or Replace looks for: a literal text or a regular expression.</summary>
internal sealed class TextPattern
{
    private readonly string? _literal;
    private readonly OnigurumaRegex? _regex;

    private TextPattern(string? literal, OnigurumaRegex? regex)
    {
        _literal = literal;
        _regex = regex;
    }

    /// <summary>A pattern of a literal text.</summary>
    public static TextPattern Literal(string text) => new(text, null);

    /// <summary>A pattern of a regular expression.</summary>
    public static TextPattern Expression(string pattern, string where) => new(null, new OnigurumaRegex(pattern, where));

    /// <summary>Finds the first match at or after <paramref name="from"/>.</summary>
    public bool Find(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        if (_literal is null)
        {
            return _regex!.Find(text, from, out start, out end);
        }

        int found = _literal.Length == 0 ? -1 : text[from..].IndexOf(_literal, StringComparison.Ordinal);
        start = from + found;
        end = start + _literal.Length;
        return found >= 0;
    }
}
