using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// One kind of thing that was found while reading or checking data, with all its places: a code of the <see cref="Catalogue"/>, what it
/// means, how often it occurs and where.
/// </summary>
public sealed class Finding
{
    /// <summary>Most places that are kept; the count goes on.</summary>
    public const int MostPlaces = 1000;

    private readonly List<FindingPlace> _places = [];

    /// <summary>Starts a finding without places.</summary>
    /// <param name="code">The catalogue's entry.</param>
    /// <param name="severity">How much it matters.</param>
    /// <param name="message">What was found, in a sentence that stands without its places.</param>
    /// <param name="remedy">What to do, if more exact than the catalogue's remedy.</param>
    public Finding(ErrorCode code, FindingSeverity severity, string message, string? remedy = null)
    {
        Code = code;
        Severity = severity;
        Message = message;
        Remedy = remedy ?? code.Remedy;
    }

    /// <summary>The catalogue's entry.</summary>
    public ErrorCode Code { get; }

    /// <summary>How much it matters.</summary>
    public FindingSeverity Severity { get; }

    /// <summary>What was found; of several places, what was found at the first.</summary>
    public string Message { get; }

    /// <summary>What to do.</summary>
    public string Remedy { get; }

    /// <summary>How often it was found.</summary>
    public long Count { get; private set; }

    /// <summary>The first places, at most <see cref="MostPlaces"/>.</summary>
    public IReadOnlyList<FindingPlace> Places => _places;

    /// <summary>The lines of the first places, each once, ascending.</summary>
    public IReadOnlyList<long> Lines => [.. _places.Select(p => p.Line).Where(l => l > 0).Distinct().Order()];

    /// <summary>Adds a place.</summary>
    /// <param name="line">The line, from 1; 0 for the file as a whole.</param>
    /// <param name="value">The value found there; long ones are cut.</param>
    public void Add(long line, string? value = null)
    {
        const int longestValue = 80;
        Count++;
        if (_places.Count == MostPlaces) return;
        if (value?.Length > longestValue) value = string.Concat(value.AsSpan(0, longestValue), "…");
        _places.Add(new FindingPlace(line, value));
    }
}
