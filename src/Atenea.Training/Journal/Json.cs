using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Atenea.Training;

/// <summary>JSON as the run's files have it: numbers that read back to the same bits, null for what is not a finite number.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    public static JsonArray List(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode?)JsonValue.Create(v))]);

    public static JsonArray Matrix(long[][] rows) =>
        new([.. rows.Select(row => (JsonNode?)new JsonArray([.. row.Select(v => (JsonNode?)JsonValue.Create(v))]))]);

    public static string Text(JsonNode node) => node.ToJsonString(Indented) + "\n";

    public static string Line(JsonNode node) => node.ToJsonString(OneLine) + "\n";
}
