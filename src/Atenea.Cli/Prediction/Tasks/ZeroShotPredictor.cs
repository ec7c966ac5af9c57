using System.Globalization;
using System.Text.Json;
using Atenea.Pipelines;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary>Any labels, without training: <c>{"sequence": ..., "labels": [...], "scores": [...]}</c>, the likeliest first.</summary>
internal sealed class ZeroShotPredictor : Predictor
{
    private readonly ZeroShotClassificationPipeline _pipeline;
    private readonly PredictRequest _request;
    private readonly string[] _labels;
    private readonly ZeroShotOptions _options;

    public ZeroShotPredictor(PredictRequest request)
    {
        _request = request;
        // One argument may list several labels, as in transformers.
        _labels = [.. (request.List(request.Options.Labels) ?? []).SelectMany(labels => labels.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        _options = new ZeroShotOptions { MultiLabel = request.Parse.GetValue(request.Options.MultiLabel) };
        if (request.Parse.GetValue(request.Options.Hypothesis) is { } hypothesis) _options = _options with { HypothesisTemplate = hypothesis };
        _pipeline = ZeroShotClassificationPipeline.Load(request.Model, request.Pipeline);
    }

    public override int MaxLength => _pipeline.MaxLength;

    public override IReadOnlyList<string> Columns => ["label", "score"];

    public override IEnumerable<Prediction> Predict(IEnumerable<PredictionRow> rows) => Stream(
        rows,
        row => row.Get(_request.Column),
        texts => _pipeline.ClassifyStream(texts, _labels, _options),
        (text, answer) => new Prediction(text, json => Write(json, answer), () => answer.Labels.Zip(answer.Scores, Cells)));

    public override void Dispose() => _pipeline.Dispose();

    private static string[] Cells(string label, double score) => [Markup.Escape(label), score.ToString("0.0000", CultureInfo.InvariantCulture)];

    private static void Write(Utf8JsonWriter json, ZeroShotClassification answer)
    {
        json.WriteStartObject();
        json.WriteString("sequence", answer.Sequence);
        json.WriteStartArray("labels");
        foreach (string label in answer.Labels) json.WriteStringValue(label);
        json.WriteEndArray();
        json.WriteStartArray("scores");
        foreach (double score in answer.Scores) json.WriteNumberValue(score);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
