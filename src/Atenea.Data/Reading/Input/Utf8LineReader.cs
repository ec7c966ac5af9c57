using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// Reads text line by line as UTF-8 bytes, in a buffer as large as the longest line. Lines end with LF or CR LF; where the text begins with
/// lines that end with CR alone, as old Macs wrote them, CR ends lines.
/// </summary>
internal sealed class Utf8LineReader : IDisposable
{
    private readonly string _path;
    private readonly Utf8Input _input;
    private readonly InputBuffer _buffer;
    private readonly byte _lineEnd;

    /// <summary>Reads the text of an input, which it disposes of.</summary>
    public Utf8LineReader(string path, Utf8Input input)
    {
        _path = path;
        _input = input;
        _buffer = new InputBuffer(input);
        ReadOnlySpan<byte> start = input.Peek();
        _lineEnd = start.Contains((byte)'\r') && !start.Contains((byte)'\n') ? (byte)'\r' : (byte)'\n';
    }

    /// <summary>The number of the line that was read last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Whether the line that was read last is the last one, and has no line end.</summary>
    public bool IsUnfinished { get; private set; }

    /// <summary>Reads the next line. The span is valid until the next call.</summary>
    /// <exception cref="AteneaException">The line is longer than 128 MB (ATN0202), or not in the encoding of the file.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        line = default;
        int scanned = 0;
        int length;
        while ((length = _buffer.Held[scanned..].IndexOf(_lineEnd)) < 0)
        {
            scanned = _buffer.Held.Length;
            if (_buffer.IsFull)
                throw new AteneaException(Catalogue.DataFileMalformed, "a line of more than 128 MB", $"{_path}: line {Line + 1}");
            if (!_buffer.Fill()) break;
        }

        IsUnfinished = length < 0;
        length = IsUnfinished ? _buffer.Held.Length : scanned + length;
        if (IsUnfinished && length == 0) return false;

        Line++;
        line = _buffer.Held[..length];
        _buffer.Use(length + (IsUnfinished ? 0 : 1));
        if (line is [.., (byte)'\r']) line = line[..^1];
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _input.Dispose();
}
