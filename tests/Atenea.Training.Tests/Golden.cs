using System.Text.Json;

namespace Atenea.Training.Tests;

/// <summary>Finds and reads reference files.</summary>
internal static class Golden
{
    /// <summary>A file kept with the tests.</summary>
    public static string File(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "Data", .. parts]);

    /// <summary>A file of the reference data: of the folder that was named, else the copy kept with the tests.</summary>
    public static string Reference(params string[] parts) => References.Golden(parts);

    public static JsonElement[] Cases(params string[] parts)
    {
        if (!References.Has(Reference(parts))) return [];
        using JsonDocument document = JsonDocument.Parse(System.IO.File.ReadAllText(Reference(parts)));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    public static JsonElement Case(string name, params string[] parts) =>
        Cases(parts).Single(c => c.GetProperty("name").GetString() == name);

    public static TheoryData<string> Names(params string[] parts) => new(Cases(parts).Select(c => c.GetProperty("name").GetString()!));

    /// <summary>A number, or the words that stand for those that JSON lacks.</summary>
    public static double Number(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String) return element.GetDouble();
        return element.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var other => throw new FormatException(other),
        };
    }

    public static double[] Numbers(this JsonElement element) => [.. element.EnumerateArray().Select(Number)];

    public static int[] Integers(this JsonElement element) => [.. element.EnumerateArray().Select(e => e.GetInt32())];

    public static string[]? Texts(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Null ? null : [.. element.EnumerateArray().Select(e => e.GetString()!)];

    /// <summary>Equal up to the rounding of a few double operations; NaN equals NaN.</summary>
    public static void Close(double expected, double actual, double relative = 1e-12)
    {
        if (double.IsNaN(expected)) Assert.True(double.IsNaN(actual), $"expected NaN, found {actual}");
        else Assert.True(Math.Abs(expected - actual) <= relative * Math.Max(1, Math.Abs(expected)),
            $"expected {expected:R}, found {actual:R}");
    }
}
