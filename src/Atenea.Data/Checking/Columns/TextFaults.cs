using System.Globalization;

namespace Atenea.Data;

/// <summary>Looks for what wrong encodings, editors and terminals leave in texts.</summary>
internal static class TextFaults
{
    /// <summary>Stands for letters that a decoder could not read.</summary>
    private const char Replacement = '\uFFFD';

    /// <summary>Whether a text holds U+FFFD.</summary>
    public static bool HasReplacement(string text) => text.Contains(Replacement, StringComparison.Ordinal);

    /// <summary>
    /// The first characters that are UTF-8 bytes decoded as Windows-1252 (<c>Ã¡</c> for <c>á</c>), or null: a lead byte and its
    /// continuation bytes that together decode to one character.
    /// </summary>
    public static string? DoublyEncoded(string text)
    {
        for (int i = 0; i + 1 < text.Length; i++)
        {
            int length = text[i] switch
            {
                >= '\u00C2' and <= '\u00DF' => 2,
                >= '\u00E0' and <= '\u00EF' => 3,
                >= '\u00F0' and <= '\u00F4' => 4,
                _ => 0,
            };
            if (length == 0 || i + length > text.Length) continue;
            ReadOnlySpan<char> candidate = text.AsSpan(i, length);
            bool continues = true;
            foreach (char c in candidate[1..]) continues &= IsContinuation(c);
            if (continues) return candidate.ToString();
        }

        return null;
    }

    /// <summary>
    /// The first control or invisible character other than line ends, tabs and those that emoji are composed with; null if there is none.
    /// </summary>
    public static char? Invisible(string text)
    {
        foreach (char c in text)
        {
            if (c < ' ' ? c is not ('\n' or '\r' or '\t') : c >= '\u007F' && IsInvisible(c)) return c;
        }

        return null;
    }

    private static bool IsInvisible(char c) => c switch
    {
        '\u200D' or '\u200C' => false, // joiners: emoji, Persian, Indic scripts
        '\u00A0' or '\u202F' => true, // spaces that do not break look like spaces and are others
        _ => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
    };

    /// <summary>What a byte from 0x80 to 0xBF becomes in Windows-1252.</summary>
    private static bool IsContinuation(char c) =>
        c is >= '\u0080' and <= '\u00BF' || "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ".Contains(c, StringComparison.Ordinal);
}
