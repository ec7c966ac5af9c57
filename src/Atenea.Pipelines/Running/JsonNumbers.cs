using System.Text.Json;

namespace Atenea.Pipelines;

/// <summary>Vectors as JSON.</summary>
internal static class JsonNumbers
{
    /// <summary>Writes a list of numbers.</summary>
    public static void WriteNumbers(this Utf8JsonWriter json, ReadOnlySpan<float> numbers)
    {
        json.WriteStartArray();
        foreach (float number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
