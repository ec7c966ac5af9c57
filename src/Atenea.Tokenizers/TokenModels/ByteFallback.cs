using System.Globalization;
using System.Text;

namespace Atenea.Tokenizers;

/// <summary>The pieces <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c> that stand for bytes of text outside the vocabulary.</summary>
internal static class ByteFallback
{
    /// <summary>The id of each byte's piece, -1 where the vocabulary has none.</summary>
    public static int[] Ids(Vocabulary vocabulary)
    {
        var ids = new int[256];
        for (int b = 0; b < 256; b++)
        {
            ids[b] = vocabulary.IdOf(string.Create(CultureInfo.InvariantCulture, $"<0x{b:X2}>"));
        }

        return ids;
    }

    /// <summary>Whether every byte of a text has its piece.</summary>
    public static bool Covers(int[] ids, ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (Rune rune in text.EnumerateRunes())
        {
            foreach (byte value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                if (ids[value] < 0) return false;
            }
        }

        return true;
    }
}
