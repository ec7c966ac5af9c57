using System.Text.Encodings.Web;
using System.Text.Json;
using Atenea.Pipelines;

namespace Atenea.Cli.Prediction;

/// <summary>
/// Writes answers as JSON lines: <c>{"label": ..., "score": ..., "probabilities": {class: probability}}</c>. A multi-label answer has
/// <c>labels</c> too, all classes with a probability above one half; a regression has <c>values</c> in place of <c>probabilities</c>.
/// </summary>
internal sealed class PredictionJson : IDisposable
{
    private const float HalfProbability = 0.5f;
    private static readonly byte[] LineEnd = [(byte)'\n'];

    private readonly Stream _stream;
    private readonly Utf8JsonWriter _json;
    private readonly ScoreFunction _function;

    /// <summary>Writes to a stream, which stays the caller's.</summary>
    /// <param name="stream">Receives UTF-8 lines.</param>
    /// <param name="function">What the scores are.</param>
    public PredictionJson(Stream stream, ScoreFunction function)
    {
        _stream = stream;
        _function = function;
        _json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Writes one answer as one line.</summary>
    public void Write(TextClassification answer)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("label", answer.Label);
        _json.WriteNumber("score", answer.Score);
        if (_function == ScoreFunction.Sigmoid && answer.Labels.Count > 1)
        {
            _json.WriteStartArray("labels");
            foreach (LabelScore each in answer.Top().TakeWhile(s => s.Score > HalfProbability)) _json.WriteStringValue(each.Label);
            _json.WriteEndArray();
        }
        _json.WriteStartObject(_function == ScoreFunction.None ? "values" : "probabilities");
        for (int i = 0; i < answer.Labels.Count; i++) _json.WriteNumber(answer.Labels[i], answer.Scores[i]);
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
        _stream.Write(LineEnd);
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();
}
