using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Atenea.Training;

/// <summary>Writes single values so that every YAML reader, 1.1 or 1.2, gets back what was meant.</summary>
internal static partial class Yaml
{
    // Words that some YAML readers take for a boolean or for nothing.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "null", "true", "false", "yes", "no", "on", "off", "y", "n",
    };

    public static string Text(string? value)
    {
        if (value is null) return "null";
        bool isNumber = double.TryParse(value, NumberStyles.Any, CultureInfo.InvariantCulture, out _);
        if (PlainText().IsMatch(value) && !Reserved.Contains(value) && !isNumber) return value;
        var quoted = new StringBuilder("\"");
        foreach (char c in value)
        {
            switch (c)
            {
                case '"': quoted.Append("\\\""); break;
                case '\\': quoted.Append("\\\\"); break;
                case '\n': quoted.Append("\\n"); break;
                case '\t': quoted.Append("\\t"); break;
                case '\r': quoted.Append("\\r"); break;
                case < ' ' or '\u007f' or '\u0085' or '\u2028' or '\u2029' or '\ufeff':
                    quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    break;
                default: quoted.Append(c); break;
            }
        }

        return quoted.Append('"').ToString();
    }

    public static string Boolean(bool? value) => value switch { null => "null", true => "true", false => "false" };

    public static string Integer(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";

    /// <summary>
    /// The shortest form that reads back to the same number. With a point and an exponent sign, which YAML 1.1 asks of a float: 5.0e-05.
    /// </summary>
    public static string Number(double? value)
    {
        if (value is not { } number) return "null";
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        int exponent = text.IndexOf('E', StringComparison.Ordinal);
        if (exponent < 0) return text;
        string mantissa = text[..exponent], power = text[(exponent + 1)..];
        return $"{(mantissa.Contains('.', StringComparison.Ordinal) ? mantissa : mantissa + ".0")}e{power}";
    }

    public static string List(IReadOnlyList<string>? values) => values is null ? "null" : $"[{string.Join(", ", values.Select(Text))}]";

    public static string Map(IReadOnlyDictionary<string, string> values) =>
        $"{{{string.Join(", ", values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{Text(v.Key)}: {MapValue(v.Value)}"))}}}";

    private static string MapValue(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? value : Text(value);

    [GeneratedRegex("^[A-Za-z0-9_./]([A-Za-z0-9_./ +-]*[A-Za-z0-9_./+-])?$")]
    private static partial Regex PlainText();
}
