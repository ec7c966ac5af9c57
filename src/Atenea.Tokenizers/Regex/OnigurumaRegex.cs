using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>
/// Regular expressions as tokenizer.json uses them (Oniguruma's syntax, Unicode semantics over code points). .NET's own engine works on
/// UTF-16 units and with other Unicode tables, so that a letter above U+FFFF would not be a letter.
/// </summary>
internal sealed class OnigurumaRegex
{
    private readonly string _pattern;
    private readonly string _where;
    private readonly RegexNode _start;
    private readonly MatchState _state;
    private readonly int _loops;

    /// <summary>Compiles a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="where">The file, for errors.</param>
    /// <param name="word">The ranges of <c>\w</c>; null for Oniguruma's.</param>
    /// <exception cref="AteneaException">ATN0307: a construct that is not supported, named.</exception>
    public OnigurumaRegex(string pattern, string where, IReadOnlyList<(int First, int Last)>? word = null)
    {
        _pattern = pattern;
        _where = where;
        (_start, _loops) = new RegexParser(pattern, where, word).Parse();
        _state = new MatchState(0);
    }

    /// <summary>Finds the first match at or after <paramref name="from"/>.</summary>
    /// <exception cref="AteneaException">ATN0314: a group would have to be repeated more often than the stack allows.</exception>
    public bool Find(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        MatchState state = _loops == 0 ? _state : new MatchState(_loops);
        for (start = from; start <= text.Length; start++)
        {
            if (start > 0 && start < text.Length && char.IsLowSurrogate(text[start])) continue;

            end = Match(text, start, state);
            if (end >= 0) return true;
        }

        end = -1;
        return false;
    }

    private int Match(ReadOnlySpan<char> text, int start, MatchState state)
    {
        try
        {
            return _start.Match(text, start, state);
        }
        catch (InsufficientExecutionStackException e)
        {
            string what = $"the expression {_pattern} repeats a group too often within one match";
            throw new AteneaException(Catalogue.TextTooLong, what, _where, inner: e);
        }
    }
}
