using System.Globalization;

namespace Atenea.Data;

/// <summary>The words of a text: runs of letters, digits and apostrophes between them; each Chinese or Japanese character is one.</summary>
internal ref struct Words(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text;

    /// <summary>The current word.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Moves to the next word.</summary>
    public bool MoveNext()
    {
        int start = 0;
        while (start < _rest.Length && !IsPart(_rest[start])) start++;
        if (start == _rest.Length) return false;
        int end = start + 1;
        if (!IsIdeograph(_rest[start]))
        {
            while (end < _rest.Length && ((IsPart(_rest[end]) && !IsIdeograph(_rest[end]))
                || (_rest[end] is '\'' or '’' && end + 1 < _rest.Length && char.IsLetter(_rest[end + 1]))))
            {
                end++;
            }
        }

        Current = _rest[start..end];
        _rest = _rest[end..];
        return true;
    }

    /// <summary>Chinese characters and Japanese syllables, which are written without spaces.</summary>
    public static bool IsIdeograph(char c) =>
        c is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF');

    private static bool IsPart(char c) => char.IsLetterOrDigit(c)
        || (c > '\u02FF' && char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);
}
