using System.Text.Unicode;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Reads a file line by line as UTF-8 bytes, in a buffer as large as the longest line. Drops a byte order mark and line ends.</summary>
internal sealed class Utf8LineReader : IDisposable
{
    private const int LongestLine = 1 << 30;

    private readonly string _path;
    private readonly FileStream _stream;
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _atEnd;

    /// <summary>Opens the file.</summary>
    public Utf8LineReader(string path)
    {
        _path = path;
        _stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
    }

    /// <summary>The number of the line that was read last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Reads the next line. The span is valid until the next call.</summary>
    /// <exception cref="AteneaException">The line is not UTF-8 (ATN0204), or longer than 1 GB (ATN0202).</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        line = default;
        int scanned = 0;
        int length;
        while ((length = _buffer.AsSpan(_start + scanned, _end - _start - scanned).IndexOf((byte)'\n')) < 0)
        {
            scanned = _end - _start;
            if (!Fill()) break;
        }
        bool terminated = length >= 0;
        length = terminated ? scanned + length : _end - _start;
        if (!terminated && length == 0) return false;

        Line++;
        line = _buffer.AsSpan(_start, length);
        _start += length + (terminated ? 1 : 0);
        if (Line == 1 && line.StartsWith("\uFEFF"u8)) line = line["\uFEFF"u8.Length..];
        if (line is [.., (byte)'\r']) line = line[..^1];
        if (!Utf8.IsValid(line)) throw new AteneaException(Catalogue.TextEncodingInvalid, "bytes that are not UTF-8", $"{_path}: line {Line}");
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private bool Fill()
    {
        if (_atEnd) return false;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        else if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LongestLine)
                throw new AteneaException(Catalogue.DataFileMalformed, "a line of more than 1 GB", $"{_path}: line {Line + 1}");
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _atEnd = read == 0;
        return !_atEnd;
    }
}
