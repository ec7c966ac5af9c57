using System.Text.Json;

namespace Atenea.Pipelines;

/// <summary>The candidate labels of a text, the likeliest first.</summary>
/// <param name="Sequence">The text.</param>
/// <param name="Labels">The candidates by falling score.</param>
/// <param name="Scores">Their probabilities, in the same order.</param>
public sealed record ZeroShotClassification(string Sequence, IReadOnlyList<string> Labels, IReadOnlyList<double> Scores) : IAnswer
{
    /// <summary>Writes <c>{"sequence": ..., "labels": [...], "scores": [...]}</c>, the likeliest first.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("sequence", Sequence);
        json.WriteStartArray("labels");
        foreach (string label in Labels) json.WriteStringValue(label);
        json.WriteEndArray();
        json.WriteStartArray("scores");
        foreach (double score in Scores) json.WriteNumberValue(score);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
