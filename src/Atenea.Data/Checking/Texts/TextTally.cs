using System.Text.RegularExpressions;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Counts what is worth telling of texts one by one.</summary>
internal sealed partial class TextTally
{
    private const double IdenticalShare = 0.5;
    private const int IdenticalFewest = 10;

    private readonly Places _markup = new(), _identical = new();
    private string? _example;
    private long _rows;

    /// <summary>Looks at a text or pair.</summary>
    public void Add(string text, string? pair, long line)
    {
        _rows++;
        if (text.AsSpan().IndexOfAny('<', '&') >= 0 && Html().Match(text) is { Success: true } found)
        {
            _markup.Add(line);
            _example ??= found.Value;
        }

        if (pair == text) _identical.Add(line);
    }

    /// <summary>What was found.</summary>
    public IEnumerable<CheckFinding> Findings()
    {
        if (_markup.Count >= CheckLimits.MarkupRows && _markup.Count >= _rows * CheckLimits.MarkupShare)
        {
            yield return _markup.ToFinding(Catalogue.Markup, FindingSeverity.Information,
                $"{Numbers.Count(_markup.Count)} of {Numbers.Count(_rows)} texts hold HTML, such as '{_example}'");
        }

        if (_identical.Count >= IdenticalFewest && _identical.Count >= _rows * IdenticalShare)
        {
            yield return _identical.ToFinding(Catalogue.IdenticalPairs, FindingSeverity.Warning,
                $"{Numbers.Count(_identical.Count)} of {Numbers.Count(_rows)} pairs are twice the same text");
        }
    }

    [GeneratedRegex("</?(?:br|p|div|span|a|b|i|u|em|strong|ul|ol|li|h[1-6]|table|tr|td|img|script|style|html|body)(?:\\s[^<>]{0,500})?/?>|"
        + "&(?:#[0-9]{1,6}|amp|lt|gt|quot|nbsp|apos);",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Html();
}
