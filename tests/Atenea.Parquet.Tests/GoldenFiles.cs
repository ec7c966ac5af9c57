using System.Text.Json;

namespace Atenea.Parquet.Tests;

/// <summary>Files of the reference data and what their manifest says of them.</summary>
internal static class GoldenFiles
{
    public static string Folder => References.Golden(["parquet"], ["Goldens"]);

    public static IReadOnlyList<Golden> All { get; } = Read();

    public static string PathOf(string file) => Path.Combine(Folder, file);

    private static List<Golden> Read()
    {
        if (!References.Has(PathOf("manifest.json"))) return [];
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(PathOf("manifest.json")));
        return
        [
            .. manifest.RootElement.GetProperty("files").EnumerateArray().Select(f => new Golden(
                f.GetProperty("file").GetString()!,
                f.GetProperty("expect").GetString()!,
                f.TryGetProperty("expected", out JsonElement e) ? e.GetString() : null,
                f.TryGetProperty("kind", out JsonElement k) ? k.GetString() : null,
                f.TryGetProperty("schema", out JsonElement s) && s.ValueKind == JsonValueKind.Array
                    ? [.. s.EnumerateArray().Select(Column)]
                    : [])),
        ];
    }

    private static (string Name, string Type, bool IsNullable) Column(JsonElement column) =>
        (column.GetProperty("name").GetString()!, column.GetProperty("type").GetString()!, column.GetProperty("nullable").GetBoolean());
}

internal sealed record Golden(
    string File, string Expect, string? Expected, string? Kind, IReadOnlyList<(string Name, string Type, bool IsNullable)> Schema);
