using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary>
/// Where commands write: results to standard output, progress and messages to standard error. Colours only where a person looks: not into a
/// file or pipe, not with <c>NO_COLOR</c>; <c>FORCE_COLOR</c> turns them on.
/// </summary>
internal sealed class Terminal : IDisposable
{
    private const int WidthWithoutTerminal = 160;

    private readonly Lazy<IAnsiConsole> _console;
    private bool _abandoned;

    /// <summary>Opens the process's standard streams.</summary>
    public Terminal()
    {
        OutputStream = OpenOutput();
        Output = new StreamWriter(OutputStream, new UTF8Encoding(false), 1 << 14) { AutoFlush = false, NewLine = "\n" };
        Error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false), 1 << 10) { AutoFlush = true, NewLine = "\n" };
        OutputIsTerminal = !Console.IsOutputRedirected;
        ErrorIsTerminal = !Console.IsErrorRedirected;
        _console = new(() => CreateConsole(Output, OutputIsTerminal));
    }

    /// <summary>Standard output as bytes, unbuffered; for commands that write nothing to <see cref="Output"/>.</summary>
    public Stream OutputStream { get; }

    /// <summary>Standard output, buffered; throws when its reader is gone.</summary>
    public TextWriter Output { get; }

    /// <summary>Standard error, unbuffered.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether standard output is a person's terminal.</summary>
    public bool OutputIsTerminal { get; }

    /// <summary>Whether standard error is a person's terminal.</summary>
    public bool ErrorIsTerminal { get; }

    /// <summary>Tables and colours on standard output.</summary>
    public IAnsiConsole Rich => _console.Value;

    /// <summary>Prints one value as JSON: on one line when <paramref name="line"/> is set, readable otherwise.</summary>
    /// <param name="write">Writes the value.</param>
    /// <param name="line">One line, for streams of values.</param>
    public void WriteJson(Action<Utf8JsonWriter> write, bool line = false)
    {
        using var buffer = new MemoryStream();
        // Texts are for people: é stays é. The output is never put into HTML.
        var options = new JsonWriterOptions { Indented = !line, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(buffer, options)) write(json);
        Output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        if (line) Output.Flush();
    }

    /// <summary>Prints one value as JSON.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">Its form, of <see cref="CliJson"/>.</param>
    /// <param name="line">One line, for streams of values.</param>
    public void WriteJson<T>(T value, JsonTypeInfo<T> type, bool line = false) =>
        WriteJson(json => JsonSerializer.Serialize(json, value, type), line);

    /// <summary>Prints an error's message, its code in red.</summary>
    public void WriteError(string message)
    {
        int end = message.IndexOf(' ', StringComparison.Ordinal);
        Error.WriteLine(end > 0 && Colours(ErrorIsTerminal) ? $"\u001b[1;31m{message[..end]}\u001b[0m{message[end..]}" : message);
    }

    /// <summary>Drops what was not written yet, after the reader of standard output has gone away.</summary>
    public void Abandon() => _abandoned = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_abandoned) Output.Dispose();
        Error.Dispose();
    }

    // Into a pipe, the runtime's own stream swallows "broken pipe", and a command would compute on for nobody. A file keeps the runtime's
    // stream, which appends where the process before it stopped.
    private static Stream OpenOutput()
    {
        if (!OperatingSystem.IsWindows())
        {
            var direct = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!direct.CanSeek) return direct;
        }

        return Console.OpenStandardOutput();
    }

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isTerminal)
    {
        bool colours = Colours(isTerminal);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!isTerminal) console.Profile.Width = WidthWithoutTerminal;
        return console;
    }

    private static bool Colours(bool isTerminal) =>
        Set("FORCE_COLOR") || (isTerminal && !Set("NO_COLOR") && Environment.GetEnvironmentVariable("TERM") != "dumb");

    private static bool Set(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
