using System.Text.Json;

namespace Atenea.Pipelines;

/// <summary>What a pipeline answers. Its JSON is the same wherever it is shown: command line, server, studio.</summary>
public interface IAnswer
{
    /// <summary>Whether the text was longer than the model takes, and was cut.</summary>
    bool WasTruncated => false;

    /// <summary>Writes it as one JSON value.</summary>
    void WriteTo(Utf8JsonWriter json);
}
