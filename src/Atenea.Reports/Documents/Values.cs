using System.Globalization;

namespace Atenea.Reports;

/// <summary>Writes numbers for readers: as many digits as they can use, always with a decimal point.</summary>
public static class Values
{
    /// <summary>
    /// Four significant decimals for ordinary numbers, scientific for very small or large ones, whole numbers as they are.
    /// </summary>
    public static string Number(double value)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "∞" : "-∞";
        double size = Math.Abs(value);
        if (value == Math.Floor(value) && size < 1e15) return value.ToString("0", CultureInfo.InvariantCulture);
        return size is >= 1e-3 and < 1e5
            ? value.ToString(size >= 1000 ? "0.0" : size >= 10 ? "0.00" : "0.0000", CultureInfo.InvariantCulture)
            : value.ToString("0.###e+0", CultureInfo.InvariantCulture);
    }

    /// <summary>A count with its thousands apart: 12 345.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture).Replace(',', '\u202f');

    /// <summary>A time as people say it: 0.8 s, 12 s, 3 min 05 s, 2 h 10 min.</summary>
    public static string Duration(double seconds)
    {
        if (seconds < 10) return seconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
        long whole = (long)Math.Round(seconds);
        return whole < 60 ? string.Create(CultureInfo.InvariantCulture, $"{whole} s")
            : whole < 3600 ? string.Create(CultureInfo.InvariantCulture, $"{whole / 60} min {whole % 60:00} s")
            : string.Create(CultureInfo.InvariantCulture, $"{whole / 3600} h {whole % 3600 / 60:00} min");
    }

    /// <summary>A size in the largest unit that leaves a number above 1: 412 MB.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        double size = bytes;
        int unit = 0;
        while (size >= 999.5 && unit < units.Length - 1)
        {
            size /= 1000;
            unit++;
        }

        return size.ToString(unit == 0 || size >= 99.5 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + units[unit];
    }

    /// <summary>A count in thousands, millions or billions, as people write parameters and downloads: 54.3 k.</summary>
    public static string Rounded(long count)
    {
        (double divisor, string unit) = count switch
        {
            >= 1_000_000_000 => (1e9, " B"),
            >= 1_000_000 => (1e6, " M"),
            >= 10_000 => (1e3, " k"),
            _ => (1, ""),
        };
        return (count / divisor).ToString(divisor == 1 ? "0" : "0.0", CultureInfo.InvariantCulture) + unit;
    }

    /// <summary>The beginning of a text, with an ellipsis where something was cut off.</summary>
    public static string Shorten(string text, int longest) => text.Length <= longest ? text : text[..(longest - 1)] + "…";
}
