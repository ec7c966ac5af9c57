using System.Globalization;
using System.Text;

namespace Atenea.Cli;

/// <summary>
/// Texts of users' files as a terminal may show them: what is invisible or would move, colour or erase is written out, <c>\u001b</c>.
/// </summary>
internal static class SafeText
{
    /// <summary>A text on one line, without anything that acts on a terminal.</summary>
    public static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i)) safe.Append(text[i]).Append(text[++i]);
            else if (ActsOnTerminal(text[i])) safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            else safe.Append(text[i]);
        }

        return safe.ToString();
    }

    /// <summary>The same, fit for the markup of tables.</summary>
    public static string Markup(string text) => Spectre.Console.Markup.Escape(Escape(text));

    private static bool ActsOnTerminal(char c) => c is (>= '\u007F' or < ' ')
        && char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
