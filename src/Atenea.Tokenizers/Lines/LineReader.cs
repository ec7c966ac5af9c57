using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>
/// Lines of a text, each read in chunks, so that a line of any length takes bounded memory. Lines end as for
/// <see cref="TextReader.ReadLine"/>.
/// </summary>
/// <param name="reader">The text.</param>
/// <param name="name">The file's name, for errors.</param>
public sealed class LineReader(TextReader reader, string name)
{
    private readonly char[] _buffer = new char[1 << 16];
    private int _at;
    private int _end;
    private bool _withinLine;
    private bool _afterReturn;
    private byte[] _bytes = new byte[1 << 12];

    /// <summary>The number of the current line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>File and line, for errors.</summary>
    public string Where => $"{name}: line {Number}";

    /// <summary>Goes to the next line, whatever of the current one has been read; false at the end of the text.</summary>
    public bool Next()
    {
        while (_withinLine)
        {
            _ = NextChunk();
        }

        if (!Fill()) return false;

        Number++;
        _withinLine = true;
        return true;
    }

    /// <summary>More of the current line, valid until the next call; empty at its end.</summary>
    public ReadOnlySpan<char> NextChunk()
    {
        if (!_withinLine || !Fill())
        {
            _withinLine = false;
            return [];
        }

        ReadOnlySpan<char> rest = _buffer.AsSpan(_at, _end - _at);
        int length = rest.IndexOfAny('\r', '\n');
        if (length < 0)
        {
            _at = _end;
            return rest;
        }

        _withinLine = false;
        _afterReturn = rest[length] == '\r';
        _at += length + 1;
        return rest[..length];
    }

    /// <summary>The rest of the current line as UTF-8, valid until the next call.</summary>
    /// <param name="most">Most bytes that are taken.</param>
    /// <exception cref="AteneaException">ATN0314: the line is longer.</exception>
    public ReadOnlyMemory<byte> ReadUtf8(int most)
    {
        System.Text.Encoder encoder = System.Text.Encoding.UTF8.GetEncoder();
        int count = 0;
        while (_withinLine)
        {
            ReadOnlySpan<char> chunk = NextChunk();
            int needed = count + encoder.GetByteCount(chunk, flush: !_withinLine);
            if (needed > most) throw new AteneaException(Catalogue.TextTooLong, $"the line has more than {most} bytes", Where);

            if (needed > _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Max(needed, (int)Math.Min(most, _bytes.Length * 2L)));
            }

            count += encoder.GetBytes(chunk, _bytes.AsSpan(count), flush: !_withinLine);
        }

        return _bytes.AsMemory(0, count);
    }

    /// <summary>Makes sure that a character is at hand; false at the end of the text.</summary>
    private bool Fill()
    {
        while (true)
        {
            if (_at == _end)
            {
                _at = 0;
                _end = reader.Read(_buffer);
                if (_end == 0) return false;
            }

            // The line feed of a pair that ended the line before.
            bool pair = _afterReturn && _buffer[_at] == '\n';
            _afterReturn = false;
            if (!pair) return true;

            _at++;
        }
    }
}
