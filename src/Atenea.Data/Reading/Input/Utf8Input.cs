using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Unicode;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// The text of a data file as sound UTF-8, whatever the file is: unpacked if its name ends in .gz, without a byte order mark, transcoded
/// from UTF-16, UTF-32 or a named encoding, from the encoding that it looks like where it is not UTF-8 at all, and without NUL characters.
/// What was done is noted in the log; what is ambiguous (a mixture of encodings, a cut file) is a problem. Reads in chunks, so that a file
/// may be of any length.
/// </summary>
internal sealed class Utf8Input : Stream
{
    private const int ChunkBytes = 1 << 16;
    private const int LongestCharacter = 4;
    private const int LongestOneByte = 3; // the UTF-8 bytes of a Windows-1252 character

    private readonly string _path;
    private readonly ReadingLog _log;
    private readonly byte[] _chunk = new byte[ChunkBytes];
    private Stream _bytes;
    private byte[]? _cleaned;
    private byte[] _current;
    private int _start;
    private int _end;
    private int _held;
    private bool _atEnd;
    private bool _isDecided;
    private bool _isMixed;
    private long _bytesDone;
    private long _lineFeeds;
    private long _returns;

    private Utf8Input(string path, Stream bytes, string encoding, ReadingLog log)
    {
        _path = path;
        _bytes = bytes;
        _log = log;
        _current = _chunk;
        EncodingName = encoding;
    }

    /// <summary>
    /// The encoding of the file, as far as it has been read: <c>utf-8</c>, <c>utf-8-bom</c>, <c>utf-16-le</c>, <c>windows-1252</c> and so
    /// on.
    /// </summary>
    public string EncodingName { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="log">Takes what is found.</param>
    /// <param name="encoding">The encoding, or null to recognise it.</param>
    /// <exception cref="AteneaException">
    /// The file is of another kind than its name says (ATN0214), looks like UTF-16 without a mark (ATN0204), or the encoding is unknown
    /// (ATN0252).
    /// </exception>
    public static Utf8Input Open(string path, ReadingLog log, string? encoding = null)
    {
        byte[] start = Start(path);
        ContentSniffer.Check(start, path);
        (string name, int mark) = encoding is null ? Recognise(start, path) : TextEncodings.Named(encoding, start);
        return new Utf8Input(path, OpenText(path, name, mark), name, log) { _bytesDone = mark };
    }

    /// <summary>The text that will be read next, up to 64 kB, without reading it.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        if (_start == _end) Fill();
        return _current.AsSpan(_start, _end - _start);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (_start == _end)
        {
            if (buffer.IsEmpty || !Fill()) return 0;
        }

        int count = Math.Min(buffer.Length, _end - _start);
        _current.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _bytes.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The unpacked bytes of a file.</summary>
    internal static Stream OpenBytes(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>The file from a byte on, as UTF-8.</summary>
    private static Stream OpenText(string path, string encoding, long from)
    {
        Encoding? other = TextEncodings.Find(encoding);
        Stream bytes = OpenBytes(path);
        try
        {
            if (bytes.CanSeek) bytes.Seek(from, SeekOrigin.Begin);
            else Skip(bytes, from);
            return other is null ? bytes : Encoding.CreateTranscodingStream(bytes, other, new UTF8Encoding(false));
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    private static void Skip(Stream bytes, long count)
    {
        var buffer = new byte[ChunkBytes];
        while (count > 0)
        {
            int read = bytes.ReadAtLeast(buffer.AsSpan(0, (int)Math.Min(count, ChunkBytes)), 1);
            count -= read;
        }
    }

    private static byte[] Start(string path)
    {
        try
        {
            using Stream bytes = OpenBytes(path);
            var start = new byte[ChunkBytes];
            return start[..bytes.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException e)
        {
            throw DamagedGZip(path, e);
        }
    }

    private static (string Name, int Mark) Recognise(ReadOnlySpan<byte> start, string path)
    {
        if (TextEncodings.FromMark(start) is { } marked) return marked;
        if (TextEncodings.GuessWide(start) is { } wide)
        {
            throw new AteneaException(Catalogue.TextEncodingInvalid, $"the file looks like {wide} without a byte order mark", path,
                $"save it as UTF-8, or name the encoding: {wide}");
        }

        return (TextEncodings.Utf8, 0);
    }

    private static AteneaException DamagedGZip(string path, Exception cause) =>
        new(Catalogue.DataFileMalformed, $"the gzip file is damaged or cut: {cause.Message}", path, "get the file again", cause);

    /// <summary>Reads the next chunk that holds text. A character that the chunk's end cuts is held back for the next one.</summary>
    private bool Fill()
    {
        do
        {
            if (_atEnd) return false;
            FillOnce();
        }
        while (_end == 0);
        return true;
    }

    private void FillOnce()
    {
        // What was held back lies behind the text of the chunk that has been used up.
        if (_held > 0 && _current == _chunk) _chunk.AsSpan(_end, _held).CopyTo(_chunk);
        int read = ReadBytes(_held);
        _atEnd = read == 0;
        int length = _held + read;
        Span<byte> text = _chunk.AsSpan(0, length);
        int complete = _atEnd ? length : CompleteLength(text);
        text = text[..complete];
        bool isValid = Utf8.IsValid(text);
        if (!isValid && !_isDecided && Decide())
        {
            _start = _end = _held = 0;
            _atEnd = false;
            return;
        }

        _bytesDone += complete;
        _held = length - complete;
        _start = 0;
        if (isValid && !text.Contains((byte)0))
        {
            _current = _chunk;
            _end = complete;
            CountLines(text);
        }
        else
        {
            Clean(text);
            _chunk.AsSpan(complete, _held).CopyTo(_chunk);
        }
    }

    /// <summary>
    /// Fills the chunk behind what it holds, to its end if the file goes on that long, so that what is recognised does not depend on the
    /// disk.
    /// </summary>
    private int ReadBytes(int held)
    {
        try
        {
            return _bytes.ReadAtLeast(_chunk.AsSpan(held), ChunkBytes - held, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw DamagedGZip(_path, e);
        }
        catch (DecoderFallbackException e)
        {
            throw new AteneaException(Catalogue.TextEncodingInvalid, $"bytes that are not {EncodingName}", $"{_path}: line {Line}",
                "name the right encoding", e);
        }
        catch (IOException e)
        {
            throw Hub.FileErrors.CannotRead(_path, e);
        }
    }

    /// <summary>The line that comes next; files of carriage returns alone have their lines too.</summary>
    private long Line => (_lineFeeds > 0 ? _lineFeeds : _returns) + 1;

    private void CountLines(ReadOnlySpan<byte> text)
    {
        _lineFeeds += text.Count((byte)'\n');
        _returns += text.Count((byte)'\r');
    }

    /// <summary>
    /// Copies text without NUL characters and with bytes that are not UTF-8 taken as Windows-1252, where that is what the file is.
    /// </summary>
    private void Clean(ReadOnlySpan<byte> text)
    {
        _cleaned ??= new byte[ChunkBytes * LongestOneByte];
        _current = _cleaned;
        _end = 0;
        while (!text.IsEmpty)
        {
            if (text[0] is > 0 and < 0x80)
            {
                int ascii = PlainLength(text);
                text[..ascii].CopyTo(_cleaned.AsSpan(_end));
                CountLines(text[..ascii]);
                _end += ascii;
                text = text[ascii..];
                continue;
            }

            OperationStatus status = Rune.DecodeFromUtf8(text, out Rune rune, out int length);
            if (text[0] == 0)
            {
                _log.Note(Catalogue.NulCharacters, "NUL characters were removed", Line);
            }
            else if (status == OperationStatus.Done)
            {
                _end += rune.EncodeToUtf8(_cleaned.AsSpan(_end));
            }
            else
            {
                length = 1;
                if (_isMixed) AppendOneByte(text[0]);
            }

            text = text[length..];
        }
    }

    private static int PlainLength(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAnyExceptInRange((byte)1, (byte)0x7F);
        return end < 0 ? text.Length : end;
    }

    private void AppendOneByte(byte value)
    {
        Span<char> character = stackalloc char[1];
        TextEncodings.Windows1252.GetChars([value], character);
        _end += Encoding.UTF8.GetBytes(character, _cleaned.AsSpan(_end));
    }

    /// <summary>
    /// Bytes that are not UTF-8: what is this file? What lies before this chunk was ASCII if the file is in another encoding, and so was
    /// read rightly.
    /// </summary>
    /// <returns>Whether the file is read in another encoding, from this chunk on.</returns>
    private bool Decide()
    {
        _isDecided = true;
        EncodingSurvey survey;
        using (Stream bytes = OpenBytes(_path)) survey = EncodingSurvey.Of(bytes);
        if (survey.IsCut)
        {
            _log.Problem(Catalogue.TextCut, "the file ends inside a UTF-8 character: it was probably cut", _path, Line);
            return false;
        }

        if (survey.Encoding is { } guess && EncodingName == TextEncodings.Utf8) // no other encoding has a mark of UTF-8
        {
            string said = guess.Said is null ? "" : $" (it looks like {guess.Said})";
            string note = $"the file is not UTF-8; it was read as {guess.Name}{said}";
            foreach (long line in survey.InvalidLines) _log.Note(Catalogue.EncodingGuessed, note, line);
            EncodingName = guess.Name;
            _bytes.Dispose();
            _bytes = OpenText(_path, guess.Name, _bytesDone);
            return true;
        }

        _isMixed = true;
        foreach (long line in survey.InvalidLines)
        {
            _log.Problem(Catalogue.EncodingMixed,
                "bytes that are not UTF-8 (they look like Windows-1252) in a file that is UTF-8 elsewhere: it mixes two encodings",
                _path, line);
        }

        return false;
    }

    /// <summary>The length of a text without a last character that is not complete.</summary>
    private static int CompleteLength(ReadOnlySpan<byte> text)
    {
        for (int back = 1; back < LongestCharacter && back <= text.Length; back++)
        {
            byte value = text[^back];
            if (value < 0x80) return text.Length;
            if (value < 0xC0) continue; // a continuation byte: look further back for its start
            int needed = value >= 0xF0 ? 4 : value >= 0xE0 ? 3 : 2;
            return needed > back ? text.Length - back : text.Length;
        }

        return text.Length;
    }
}
