using System.Buffers;
using System.Text;

namespace Atenea.Data;

/// <summary>
/// Looks through a whole file that is not valid UTF-8 for what it is: a file in a one-byte encoding (no character beyond ASCII is sound
/// UTF-8), a mixture of both, or a file that was cut inside its last character.
/// </summary>
internal sealed class EncodingSurvey
{
    /// <summary>Lines with bytes that are not UTF-8, at most <see cref="Finding.MostPlaces"/>.</summary>
    public List<long> InvalidLines { get; } = [];

    /// <summary>Characters beyond ASCII that are sound UTF-8.</summary>
    public long ValidCharacters { get; private set; }

    /// <summary>Whether the only fault is that the file ends inside a character.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Whether the file can be text in Windows-1252.</summary>
    public bool IsOneByte => ValidCharacters == 0 && !IsCut;

    /// <summary>Reads the bytes to their end.</summary>
    public static EncodingSurvey Of(Stream bytes)
    {
        var survey = new EncodingSurvey();
        var buffer = new byte[1 << 16];
        int held = 0;
        long lines = 0, returns = 0;
        bool invalidBefore = false;
        while (true)
        {
            int read = bytes.Read(buffer, held, buffer.Length - held);
            bool last = read == 0;
            ReadOnlySpan<byte> span = buffer.AsSpan(0, held + read);
            int at = 0;
            while (at < span.Length)
            {
                byte value = span[at];
                if (value < 0x80)
                {
                    if (value == '\n') lines++;
                    else if (value == '\r') returns++;
                    at++;
                    continue;
                }

                OperationStatus status = Rune.DecodeFromUtf8(span[at..], out _, out int length);
                if (status == OperationStatus.NeedMoreData && !last) break;
                if (status == OperationStatus.Done)
                {
                    survey.ValidCharacters++;
                }
                else
                {
                    survey.AddInvalid(lines > 0 ? lines + 1 : returns + 1);
                    survey.IsCut = status == OperationStatus.NeedMoreData && !invalidBefore;
                    invalidBefore = true;
                }

                at += length;
            }

            if (last) return survey;
            span[at..].CopyTo(buffer);
            held = span.Length - at;
        }
    }

    private void AddInvalid(long line)
    {
        if (InvalidLines.Count < Finding.MostPlaces && (InvalidLines.Count == 0 || InvalidLines[^1] != line)) InvalidLines.Add(line);
    }
}
