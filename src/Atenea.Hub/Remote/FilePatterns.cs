using System.Text;
using System.Text.RegularExpressions;

namespace Atenea.Hub;

/// <summary>
/// Chooses files by shell patterns, as huggingface_hub does (Python's fnmatch): <c>*</c> any characters, also slashes; <c>?</c> one;
/// <c>[abc]</c>, <c>[a-z]</c>,
/// <c>[!abc]</c> one of or not of these. A pattern that ends in a slash means everything below that folder. Case matters.
/// </summary>
internal sealed class FilePatterns
{
    private readonly Regex[] _patterns;

    /// <summary>Prepares patterns.</summary>
    /// <param name="patterns">The patterns; a name matches if it matches one of them.</param>
    public FilePatterns(IEnumerable<string> patterns) => _patterns = [.. patterns.Select(Translate)];

    /// <summary>Whether a file's name, with slashes between its parts, matches one of the patterns.</summary>
    public bool Match(string name)
    {
        string path = name.Replace('\\', '/');
        return _patterns.Any(p => p.IsMatch(path));
    }

    private static Regex Translate(string pattern)
    {
        string text = pattern.Replace('\\', '/');
        if (text.EndsWith('/')) text += "*";
        var regex = new StringBuilder("^");
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '*': regex.Append(".*"); break;
                case '?': regex.Append('.'); break;
                case '[' when ClassEnd(text, i) is var end and > 0:
                    regex.Append(Class(text[(i + 1)..end]));
                    i = end;
                    break;
                default: regex.Append(Regex.Escape(text[i].ToString())); break;
            }
        }
        // Without backtracking a pattern of many stars stays linear in the name's length.
        return new Regex(regex.Append("\\z").ToString(),
            RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    // A bracket right after [ or [! is a member of the class, not its end; without an end the [ means itself.
    private static int ClassEnd(string text, int start)
    {
        int from = start + 1;
        if (from < text.Length && text[from] == '!') from++;
        if (from < text.Length && text[from] == ']') from++;
        return from < text.Length ? text.IndexOf(']', from) : -1;
    }

    private static string Class(string members)
    {
        bool negated = members[0] == '!';
        string list = negated ? members[1..] : members;
        var regex = new StringBuilder(negated ? "[^" : "[");
        bool any = false;
        for (int i = 0; i < list.Length; i++)
        {
            bool range = i + 2 < list.Length && list[i + 1] == '-';
            char last = range ? list[i + 2] : list[i];
            if (last >= list[i])
            {
                regex.Append(Code(list[i])).Append('-').Append(Code(last));
                any = true;
            }

            if (range) i += 2;
        }
        // A class of backward ranges only is empty: nothing is in it, and everything is in its negation.
        return any ? regex.Append(']').ToString() : negated ? "." : "[^\\u0000-\\uFFFF]";
    }

    private static string Code(char c) => $"\\u{(int)c:X4}";
}
