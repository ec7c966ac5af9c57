using System.Buffers;

namespace Atenea.Data;

/// <summary>Looks at texts as a reader would.</summary>
internal static class TextCheck
{
    /// <summary>Characters without a width that are not white space by Unicode's book.</summary>
    private static readonly SearchValues<char> Invisible = SearchValues.Create("\u200B\u200C\u200D\u2060\uFEFF");

    /// <summary>Whether a text is missing or has nothing to see: white space and characters without a width only.</summary>
    public static bool IsEmpty(string? text)
    {
        foreach (char c in text ?? "")
        {
            if (!char.IsWhiteSpace(c) && !Invisible.Contains(c)) return false;
        }

        return true;
    }
}
