using System.Globalization;
using System.Net;
using System.Text;

namespace Atenea.Tokenizers;

/// <summary>HTML entities as NLTK's tweet tokenizer resolves them: those it does not know vanish.</summary>
internal static class HtmlEntities
{
    /// <summary>
    /// Windows-1252's characters for the bytes 80 to 9F, which is how browsers read such entities; 0 where there is none.
    /// </summary>
    private const string Windows1252 =
        "\u20AC\0\u201A\u0192\u201E\u2026\u2020\u2021"
        + "\u02C6\u2030\u0160\u2039\u0152\0\u017D\0"
        + "\0\u2018\u2019\u201C\u201D\u2022\u2013\u2014"
        + "\u02DC\u2122\u0161\u203A\u0153\0\u017E\u0178";

    /// <summary>Replaces every entity (<c>&amp;name;</c>, <c>&amp;#number;</c>, <c>&amp;#xnumber;</c>).</summary>
    public static string Replace(string text)
    {
        var replaced = new StringBuilder(text.Length);
        int done = 0;
        for (int at = text.IndexOf('&', StringComparison.Ordinal); at >= 0; at = text.IndexOf('&', at))
        {
            int end = at + 1;
            while (end < text.Length && text[end] is not ('&' or ';') && !UnicodeTables.WhiteSpace.Contains(text[end]))
            {
                end++;
            }

            if (end == text.Length || text[end] != ';' || end == at + 1)
            {
                at++;
                continue;
            }

            replaced.Append(text, done, at - done).Append(Resolve(text[(at + 1)..end]));
            at = end + 1;
            done = at;
        }

        return replaced.Append(text, done, text.Length - done).ToString();
    }

    private static string Resolve(string body)
    {
        // The marks are taken only where something is left behind them; an x alone also marks a (hexadecimal) number.
        bool hash = body[0] == '#' && body.Length > 1;
        string rest = hash ? body[1..] : body;
        bool hexadecimal = rest[0] == 'x' && rest.Length > 1;
        rest = hexadecimal ? rest[1..] : rest;
        if (hash || hexadecimal) return Number(rest, hexadecimal);

        string decoded = body == "apos" ? "" : WebUtility.HtmlDecode("&" + body + ";");
        return decoded.Length <= 2 && !decoded.StartsWith('&') || body == "amp" ? decoded : "";
    }

    private static string Number(string digits, bool hexadecimal)
    {
        NumberStyles style = hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        if (!int.TryParse(digits, style, CultureInfo.InvariantCulture, out int number) || number is < 0 or > 0x10FFFF) return "";

        if (number is >= 0x80 and <= 0x9F)
        {
            char mapped = Windows1252[number - 0x80];
            return mapped == 0 ? "" : mapped.ToString();
        }

        return number is >= 0xD800 and <= 0xDFFF ? "\uFFFD" : char.ConvertFromUtf32(number);
    }
}
