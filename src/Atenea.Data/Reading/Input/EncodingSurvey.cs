using System.Buffers;
using System.Text;

namespace Atenea.Data;

/// <summary>
/// Looks through a whole file that is not valid UTF-8 for what it is: text in another encoding, a mixture of UTF-8 and Windows-1252, or a
/// file that was cut inside its last character.
/// </summary>
internal sealed class EncodingSurvey
{
    // Two bytes of Chinese, Japanese or Korean text may happen to be sound UTF-8, and a line of such bytes alone if it is very short.
    private const int LeastUnsoundPerSound = 10;
    private const int MostSample = 1 << 18;

    private readonly ArrayBufferWriter<byte> _sample = new();
    private long _lineFeeds;
    private long _returns;
    private long _validCharacters;
    private long _soundLines;
    private long _unsoundLines;
    private bool _hasValid;
    private bool _hasInvalid;

    private EncodingSurvey()
    {
    }

    /// <summary>Lines with bytes that are not UTF-8, at most <see cref="Finding.MostPlaces"/>.</summary>
    public List<long> InvalidLines { get; } = [];

    /// <summary>Whether the only fault is that the file ends inside a character.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The encoding of the whole file; null for a mixture or a file that was cut.</summary>
    public EncodingGuess? Encoding { get; private set; }

    /// <summary>Reads the bytes to their end.</summary>
    public static EncodingSurvey Of(Stream bytes)
    {
        var survey = new EncodingSurvey();
        var buffer = new byte[1 << 16];
        int held = 0;
        while (true)
        {
            int read = bytes.Read(buffer, held, buffer.Length - held);
            int length = held + read;
            int done = survey.Look(buffer.AsSpan(0, length), isLast: read == 0);
            if (read == 0) break;
            buffer.AsSpan(done, length - done).CopyTo(buffer);
            held = length - done;
        }

        survey.EndLine();
        survey.Decide();
        return survey;
    }

    /// <summary>Counts the characters of some bytes.</summary>
    /// <returns>The bytes that were looked at; a character that they cut is left.</returns>
    private int Look(ReadOnlySpan<byte> bytes, bool isLast)
    {
        int at = 0, sampleStart = _sample.WrittenCount > 0 ? 0 : -1;
        while (at < bytes.Length)
        {
            if (bytes[at] < 0x80)
            {
                if (bytes[at] == '\n') _lineFeeds++;
                else if (bytes[at] == '\r') _returns++;
                if (bytes[at] is (byte)'\n' or (byte)'\r') EndLine();
                at++;
                continue;
            }

            if (sampleStart < 0) sampleStart = at;
            OperationStatus status = Rune.DecodeFromUtf8(bytes[at..], out _, out int length);
            if (status == OperationStatus.NeedMoreData && !isLast) break;
            if (status == OperationStatus.Done)
            {
                _validCharacters++;
                _hasValid = true;
            }
            else
            {
                IsCut = status == OperationStatus.NeedMoreData && _unsoundLines == 0 && !_hasInvalid;
                AddInvalid();
            }

            at += length;
        }

        if (sampleStart >= 0) _sample.Write(bytes.Slice(sampleStart, Math.Min(at - sampleStart, MostSample - _sample.WrittenCount)));
        return at;
    }

    private void AddInvalid()
    {
        _hasInvalid = true;
        // Files of carriage returns alone have their lines too.
        long line = (_lineFeeds > 0 ? _lineFeeds : _returns) + 1;
        if (InvalidLines.Count < Finding.MostPlaces && (InvalidLines.Count == 0 || InvalidLines[^1] != line)) InvalidLines.Add(line);
    }

    private void EndLine()
    {
        if (_hasInvalid) _unsoundLines++;
        else if (_hasValid) _soundLines++;
        _hasInvalid = _hasValid = false;
    }

    private void Decide()
    {
        if (IsCut || _unsoundLines < LeastUnsoundPerSound * _soundLines) return;
        EncodingGuess guess = EncodingGuess.Of(_sample.WrittenSpan);
        if (!guess.IsUsual || _validCharacters == 0) Encoding = guess;
    }
}
