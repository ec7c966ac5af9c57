using System.Globalization;
using System.Numerics;

namespace Atenea.Training;

/// <summary>
/// Formats a number with a fixed number of decimals as C and Python do: rounded from the exact binary value, exact ties to even. (.NET
/// rounds exact ties away from zero: 0.125 would become 0.13.)
/// </summary>
internal static class FixedPoint
{
    public static string Format(double value, int digits)
    {
        if (double.IsNaN(value)) return "nan";
        if (!double.IsFinite(value)) return value > 0 ? "inf" : "-inf";
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        long fraction = bits & 0xF_FFFF_FFFF_FFFF;
        BigInteger numerator = (exponent == 0 ? fraction : fraction | (1L << 52)) * BigInteger.Pow(10, digits), divisor = BigInteger.One;
        int shift = Math.Max(exponent, 1) - 1075;
        if (shift >= 0) numerator <<= shift;
        else divisor <<= -shift;

        BigInteger whole = BigInteger.DivRem(numerator, divisor, out BigInteger rest);
        int half = (rest * 2).CompareTo(divisor);
        if (half > 0 || (half == 0 && !whole.IsEven)) whole++;
        string text = whole.ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        string shown = digits == 0 ? text : $"{text[..^digits]}.{text[^digits..]}";
        return bits < 0 ? "-" + shown : shown;
    }
}
