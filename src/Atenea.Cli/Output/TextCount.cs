using System.Diagnostics;

namespace Atenea.Cli;

/// <summary>Counts the texts that were answered, and tells how many and how fast while it goes on.</summary>
internal sealed class TextCount(Terminal terminal) : IDisposable
{
    private const int ToldEvery = 64;

    private readonly StatusLine _status = new(terminal);
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>The number.</summary>
    public long Texts { get; private set; }

    /// <summary>The time, for people: <c>1.5 s (40.0 texts/s)</c>.</summary>
    public string Time => FormattableString.Invariant($"{Elapsed:0.0} s ({PerSecond:0.0} texts/s)");

    private double Elapsed => Stopwatch.GetElapsedTime(_start).TotalSeconds;

    private double PerSecond => Texts / Math.Max(1e-9, Elapsed);

    /// <summary>One more.</summary>
    public void Add()
    {
        if (++Texts % ToldEvery == 0 && _status.IsDue) _status.Show(FormattableString.Invariant($"{Texts} texts, {PerSecond:0.0} texts/s"));
    }

    /// <summary>Removes the line on the terminal.</summary>
    public void Clear() => _status.Clear();

    /// <inheritdoc/>
    public void Dispose() => _status.Dispose();
}
