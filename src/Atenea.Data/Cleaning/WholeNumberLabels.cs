using System.Globalization;

namespace Atenea.Data;

/// <summary>Labels that are whole numbers written as pandas and people write them: <c>1.0</c>, <c>01</c>, <c>+1</c>, <c>1e0</c>.</summary>
internal static class WholeNumberLabels
{
    /// <summary>
    /// The plain whole number of each label as it is written otherwise; empty unless all labels are whole numbers and some are not plain.
    /// </summary>
    /// <param name="labels">The distinct labels.</param>
    public static IReadOnlyDictionary<string, string> Plain(IEnumerable<string> labels)
    {
        var plain = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string label in labels)
        {
            if (!double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
                return new Dictionary<string, string>();
            if (number != Math.Floor(number) || Math.Abs(number) > 1e15) return new Dictionary<string, string>();
            string written = (number + 0).ToString("0", CultureInfo.InvariantCulture); // + 0: no minus in front of zero
            if (written != label) plain.Add(label, written);
        }

        return plain;
    }
}
