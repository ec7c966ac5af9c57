using System.Globalization;

namespace Atenea.Data;

/// <summary>Numbers as messages show them.</summary>
internal static class Numbers
{
    /// <summary>A count, with commas between thousands.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A share as percentage.</summary>
    public static string Share(double share) => share.ToString(share is > 0 and < 0.01 ? "0.00 %" : "0.0 %", CultureInfo.InvariantCulture);

    /// <summary>A number with few decimals.</summary>
    public static string Short(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
