using System.Globalization;
using System.Text.Json;

namespace Atenea.Tokenizers;

/// <summary>
/// Scores as the reference library reads and writes them. Its JSON reader does not round correctly: it takes all digits as one integer,
/// converts that to double and divides by the power of ten. Equal scores decide segmentations, so the same error must be made here.
/// </summary>
internal static class ScoreText
{
    private const int LargestPower = 308;

    private static readonly double[] Powers =
        [.. Enumerable.Range(0, LargestPower + 1).Select(i => double.Parse("1e" + i.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))];

    /// <summary>Reads a number of JSON.</summary>
    public static double Read(ReadOnlySpan<byte> text)
    {
        bool negative = text.StartsWith("-"u8);
        ulong digits = 0;
        int exponent = 0;
        bool fraction = false;
        bool full = false;
        int i = negative ? 1 : 0;
        for (; i < text.Length; i++)
        {
            byte c = text[i];
            if (c == '.')
            {
                fraction = true;
                continue;
            }

            if (!char.IsAsciiDigit((char)c))
            {
                break;
            }

            ulong digit = (ulong)(c - '0');
            full |= digits > (ulong.MaxValue - digit) / 10;
            if (full)
            {
                // Digits beyond the integer's range are dropped; in the whole part they still count as tens.
                exponent += fraction ? 0 : 1;
                continue;
            }

            digits = digits * 10 + digit;
            exponent -= fraction ? 1 : 0;
        }

        if (i < text.Length && text[i] is (byte)'e' or (byte)'E')
        {
            exponent += int.Parse(System.Text.Encoding.ASCII.GetString(text[(i + 1)..]), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        }

        double value = digits;
        while (value != 0 && exponent < -LargestPower)
        {
            value /= Powers[LargestPower];
            exponent += LargestPower;
        }

        value = exponent < 0 ? value / Powers[Math.Min(-exponent, LargestPower)] : value * Powers[Math.Min(exponent, LargestPower)];
        return negative ? -value : value;
    }

    /// <summary>A score after being written as JSON and read again.</summary>
    public static double RoundTrip(double value) =>
        Read(System.Text.Encoding.ASCII.GetBytes(value.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>
    /// Writes a score so that <see cref="Read"/> (and the reference library) reads the same double, if some spelling does.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        if (Read(System.Text.Encoding.ASCII.GetBytes(text)) != value)
        {
            text = Enumerable.Range(15, 6).Select(n => value.ToString("E" + n.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))
                .Concat(Enumerable.Range(15, 4).Select(n => value.ToString("F" + n.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)))
                .FirstOrDefault(t => Read(System.Text.Encoding.ASCII.GetBytes(t)) == value, text);
        }

        // A score is a floating point number in the reference library's reader, so it must look like one.
        bool whole = text.All(c => char.IsAsciiDigit(c) || c == '-');
        writer.WriteRawValue(whole ? text + ".0" : text, skipInputValidation: true);
    }
}
