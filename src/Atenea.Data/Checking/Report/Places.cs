using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Collects the lines of a finding whose message needs their final count.</summary>
internal sealed class Places
{
    private readonly List<long> _lines = [];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a place.</summary>
    public void Add(long line)
    {
        Count++;
        if (_lines.Count < Finding.MostPlaces) _lines.Add(line);
    }

    /// <summary>The finding at these places.</summary>
    /// <param name="code">The catalogue's entry.</param>
    /// <param name="severity">How much it matters.</param>
    /// <param name="message">What was found.</param>
    /// <param name="count">How often, where that is not the number of places.</param>
    public CheckFinding ToFinding(ErrorCode code, FindingSeverity severity, string message, long? count = null) =>
        new(code, severity, message, code.Remedy, [.. _lines.Distinct().Order()], count ?? Count);
}
