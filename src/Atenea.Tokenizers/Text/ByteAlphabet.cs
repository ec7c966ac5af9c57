namespace Atenea.Tokenizers;

/// <summary>
/// GPT-2's printable stand-ins for the 256 byte values: printable Latin-1 stands for itself, the other 68 bytes are U+0100 upwards.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Units = BuildUnits();
    private static readonly short[] Bytes = BuildBytes();

    /// <summary>The letter of a byte.</summary>
    public static char UnitOf(int value) => Units[value];

    /// <summary>The byte of a letter, or -1.</summary>
    public static int ByteOf(char unit) => unit < Bytes.Length ? Bytes[unit] : -1;

    private static char[] BuildUnits()
    {
        var units = new char[256];
        int next = 256;
        for (int b = 0; b < 256; b++)
        {
            bool printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            units[b] = printable ? (char)b : (char)next++;
        }

        return units;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[256 + 68];
        Array.Fill(bytes, (short)-1);
        for (int b = 0; b < 256; b++)
        {
            bytes[UnitOf(b)] = (short)b;
        }

        return bytes;
    }
}
