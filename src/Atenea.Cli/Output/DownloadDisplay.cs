using System.Diagnostics;
using Atenea.Hub;
using Atenea.Reports;

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
                string all = progress.Bytes is { } bytes ? $" of {Values.Bytes(bytes)}" : "";
                string files = $"{progress.FilesDone}/{progress.Files} files";
                _status.Show($"downloading  {files}  {Values.Bytes(progress.BytesDone)}{all}  {Values.Bytes((long)rate)}/s");
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
