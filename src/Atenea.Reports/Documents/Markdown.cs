using System.Text;

namespace Atenea.Reports;

/// <summary>Text within Markdown.</summary>
internal static class Markdown
{
    private const string Special = "\\`*_{}[]<>#|~";

    /// <summary>A text that is shown as it is.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (Special.Contains(c, StringComparison.Ordinal)) escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }

    /// <summary>A text within one cell of a table.</summary>
    public static string Cell(string text) => Escape(text).ReplaceLineEndings(" ");
}
