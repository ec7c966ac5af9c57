using System.Diagnostics;
using System.Globalization;
using Atenea.Hub;

namespace Atenea.Cli;

/// <summary>
/// Shows downloads on standard error: a line of progress that rewrites itself (for people), and what a person should know of waits and
/// retries.
/// </summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="showProgress">Whether the line of progress is wanted.</param>
internal sealed class DownloadDisplay(Terminal terminal, bool showProgress) : DownloadObserver, IDisposable
{
    private readonly StatusLine _status = new(terminal);
    private readonly Lock _lock = new();
    private long _start;
    private long _startBytes;

    /// <inheritdoc/>
    public override void Progressed(DownloadProgress progress)
    {
        if (!showProgress) return;
        lock (_lock)
        {
            if (_start == 0) (_start, _startBytes) = (Stopwatch.GetTimestamp(), progress.BytesDone);
            if (progress.FilesDone == progress.Files)
            {
                _status.Clear();
                _start = 0;
            }
            else if (_status.IsDue)
            {
                double rate = (progress.BytesDone - _startBytes) / Math.Max(0.1, Stopwatch.GetElapsedTime(_start).TotalSeconds);
                string all = progress.Bytes is { } bytes ? $" of {Sizes.Text(bytes)}" : "";
                string files = $"{progress.FilesDone}/{progress.Files} files";
                _status.Show($"downloading  {files}  {Sizes.Text(progress.BytesDone)}{all}  {Sizes.Text((long)rate)}/s");
            }
        }
    }

    /// <inheritdoc/>
    public override void Notice(string text)
    {
        lock (_lock)
        {
            _status.Clear();
            terminal.Error.WriteLine("note: " + text);
        }
    }

    /// <summary>Takes the line of progress away.</summary>
    public void Dispose()
    {
        lock (_lock) _status.Dispose();
    }
}

/// <summary>Sizes for people.</summary>
internal static class Sizes
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>Bytes in the largest unit (of a thousand each) that leaves a number of at least one.</summary>
    public static string Text(long bytes)
    {
        double value = bytes;
        int unit = 0;
        while (Math.Abs(value) >= 999.5 && unit < Units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return value.ToString(unit == 0 || value >= 99.5 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    /// <summary>A count in thousands, millions or more, as people write parameters and downloads.</summary>
    public static string Count(long count)
    {
        (double divisor, string unit) = count switch
        {
            >= 1_000_000_000 => (1e9, " B"),
            >= 1_000_000 => (1e6, " M"),
            >= 10_000 => (1e3, " k"),
            _ => (1, ""),
        };
        return (count / divisor).ToString(divisor == 1 ? "0" : "0.0", CultureInfo.InvariantCulture) + unit;
    }
}
