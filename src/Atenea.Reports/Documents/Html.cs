using System.Net;

namespace Atenea.Reports;

/// <summary>Text within HTML and SVG.</summary>
internal static class Html
{
    /// <summary>
    /// Escapes a text so that it is shown as it is, in content and in quoted attributes; control characters that XML forbids become the
    /// replacement character.
    /// </summary>
    public static string Escape(string text)
    {
        string clean = text.Any(IsForbidden) ? string.Concat(text.Select(c => IsForbidden(c) ? '\ufffd' : c)) : text;
        return WebUtility.HtmlEncode(clean);
    }

    private static bool IsForbidden(char c) => (c < ' ' && c is not ('\t' or '\n' or '\r')) || c is '\ufffe' or '\uffff';
}
