using System.Diagnostics;

namespace Atenea.Cli;

/// <summary>
/// One line of progress on standard error that rewrites itself, shown to people only: nothing is written into files and pipes.
/// </summary>
/// <param name="terminal">Where it is shown.</param>
internal sealed class StatusLine(Terminal terminal) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private long _lastShown;
    private int _width;

    /// <summary>Whether it is time to show a new text: at most ten times a second, and only to people. Asking costs nothing.</summary>
    public bool IsDue => terminal.ErrorIsTerminal && (_lastShown == 0 || Stopwatch.GetElapsedTime(_lastShown) >= Interval);

    /// <summary>Shows a new text in place of the one before. Ask <see cref="IsDue"/> first.</summary>
    public void Show(string text)
    {
        _lastShown = Stopwatch.GetTimestamp();
        int most = Math.Max(20, ConsoleWidth() - 1);
        string line = text.Length > most ? text[..most] : text;
        terminal.Error.Write("\r" + line.PadRight(_width));
        _width = line.Length;
    }

    /// <summary>Takes the line away, so that something lasting can be written in its place.</summary>
    public void Clear()
    {
        if (_width > 0) terminal.Error.Write("\r" + new string(' ', _width) + "\r");
        _width = 0;
        _lastShown = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private static int ConsoleWidth()
    {
        try
        {
            return Console.WindowWidth is > 0 and int width ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
