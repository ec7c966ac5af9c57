using System.Text;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>One kind of thing that a check found in a file, by a reader or by comparing rows.</summary>
/// <param name="Code">The catalogue's entry.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What was found, with its values.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Lines">The lines of the first places, ascending; empty where it is about the file as a whole.</param>
/// <param name="Count">How often it was found.</param>
public sealed record CheckFinding(
    ErrorCode Code, FindingSeverity Severity, string Message, string Remedy, IReadOnlyList<long> Lines, long Count)
{
    /// <summary>The kind in one word, from the code's title: <c>near_duplicate</c>.</summary>
    public string Kind
    {
        get
        {
            var kind = new StringBuilder(Code.Title.Length);
            foreach (char c in Code.Title)
            {
                if (char.IsAsciiLetterOrDigit(c)) kind.Append(char.ToLowerInvariant(c));
                else if (kind.Length > 0 && kind[^1] != '_') kind.Append('_');
            }

            return kind.ToString().TrimEnd('_');
        }
    }

    /// <summary>What a reader found. Where its places differ, the message tells the values of the first ones.</summary>
    internal static CheckFinding From(Finding finding) =>
        new(finding.Code, finding.Severity, Merged(finding), finding.Remedy, finding.Lines, finding.Count);

    /// <summary>About a file as a whole.</summary>
    internal static CheckFinding Whole(ErrorCode code, FindingSeverity severity, string message, long count = 1) =>
        new(code, severity, message, code.Remedy, [], count);

    private static string Merged(Finding finding)
    {
        const int mostValues = 6, longestValue = 40;
        string[] values =
            [.. finding.Places.Select(p => p.Value).Where(v => v is { Length: > 0 and <= longestValue }).Distinct().Take(mostValues + 1)!];
        if (finding.Count < 2 || values.Length < 2) return finding.Message;
        string more = values.Length > mostValues ? " and others" : "";
        return $"{finding.Message} (values: {string.Join(", ", values.Take(mostValues).Select(v => $"'{v}'"))}{more})";
    }
}
