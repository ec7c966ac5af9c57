using System.Text.Json;

namespace Atenea.Tokenizers.Tests;

/// <summary>Compares output lines with reference lines, every field that the reference has.</summary>
internal static class GoldenComparison
{
    /// <summary>Fields of the reference that describe it rather than a result.</summary>
    private static readonly HashSet<string> Informative = ["ids_exact_scores", "normalized_error", "offsets_utf16_unavailable"];

    /// <summary>Runs every case of a file; returns the number of cases and a description of each difference.</summary>
    public static (int Cases, List<string> Differences) Run(Tokenizer tokenizer, string path)
    {
        List<string> differences = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            string output = TokenizeLines.Encode(tokenizer, line, $"{path}:{number}");
            using JsonDocument expected = JsonDocument.Parse(line);
            using JsonDocument actual = JsonDocument.Parse(output);
            if (Difference(expected.RootElement, actual.RootElement, "") is { } difference)
            {
                differences.Add($"{path}:{number}{difference}");
            }
        }

        return (number, differences);
    }

    private static string? Difference(JsonElement expected, JsonElement actual, string at)
    {
        if (expected.ValueKind != actual.ValueKind) return $"{at}: expected {expected}, got {actual}";

        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in expected.EnumerateObject().Where(p => !Informative.Contains(p.Name)))
                {
                    if (!actual.TryGetProperty(property.Name, out JsonElement other)) return $"{at}.{property.Name}: missing";

                    string? difference = property.Name == "error"
                        ? ErrorDifference(property.Value, other, at)
                        : Difference(property.Value, other, $"{at}.{property.Name}");
                    if (difference is not null) return difference;
                }

                // Fields that are left out at their default must be left out here, too; tokens are left out to save space only.
                return actual.EnumerateObject()
                    .Where(p => p.Name != "tokens")
                    .Where(p => !expected.TryGetProperty(p.Name, out _) && !expected.TryGetProperty(p.Name + "_unavailable", out _))
                    .Select(p => $"{at}.{p.Name}: not expected").FirstOrDefault();
            case JsonValueKind.Array when expected.GetArrayLength() != actual.GetArrayLength():
                return $"{at}: expected {expected}, got {actual}";
            case JsonValueKind.Array:
                return expected.EnumerateArray().Zip(actual.EnumerateArray()).Select((p, i) => Difference(p.First, p.Second, $"{at}[{i}]"))
                    .FirstOrDefault(d => d is not null);
            default:
                return expected.ToString() == actual.ToString() ? null : $"{at}: expected {expected}, got {actual}";
        }
    }

    private static string? ErrorDifference(JsonElement expected, JsonElement actual, string at) =>
        actual.GetString()!.StartsWith(expected.GetString()!, StringComparison.Ordinal) ? null : $"{at}.error: {actual}";
}
