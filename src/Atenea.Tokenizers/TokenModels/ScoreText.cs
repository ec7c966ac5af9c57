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
    private const int FarthestPower = 1 << 20;

    private static readonly double[] Powers =
        [.. Enumerable.Range(0, LargestPower + 1).Select(i => double.Parse($"1e{i}", CultureInfo.InvariantCulture))];

    /// <summary>Formats that are tried, in this order, where the shortest spelling is read as another number.</summary>
    private static readonly string[] Spellings = ["E15", "E16", "E17", "E18", "E19", "E20", "F15", "F16", "F17", "F18"];

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

            if (!char.IsAsciiDigit((char)c)) break;

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
            // A power beyond the integers is beyond the doubles, too: the score is then zero or infinite.
            bool small = int.TryParse(text[(i + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int power);
            int beyond = text[i + 1] == '-' ? -FarthestPower : FarthestPower;
            exponent += small ? Math.Clamp(power, -FarthestPower, FarthestPower) : beyond;
        }

        double value = digits == 0 ? 0 : Scaled(digits, exponent);
        return negative ? -value : value;
    }

    private static double Scaled(double value, int exponent)
    {
        for (; exponent < -LargestPower; exponent += LargestPower)
        {
            value /= Powers[LargestPower];
        }

        if (exponent > LargestPower) return double.PositiveInfinity;
        return exponent < 0 ? value / Powers[-exponent] : value * Powers[exponent];
    }

    private static double Read(string text) => Read(System.Text.Encoding.ASCII.GetBytes(text));

    /// <summary>A score after being written as JSON and read again.</summary>
    public static double RoundTrip(double value) => Read(value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>
    /// Writes a score so that <see cref="Read(ReadOnlySpan{byte})"/> (and the reference library) reads the same double, if some spelling
    /// does.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        if (Read(text) != value)
        {
            text = Spellings.Select(format => value.ToString(format, CultureInfo.InvariantCulture))
                .FirstOrDefault(spelling => Read(spelling) == value, text);
        }

        // A score is a floating point number in the reference library's reader, so it must look like one.
        bool whole = text.All(c => char.IsAsciiDigit(c) || c == '-');
        writer.WriteRawValue(whole ? text + ".0" : text, skipInputValidation: true);
    }
}
