using System.Text.Json;
using Atenea.Pipelines;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary>The vectors of texts' tokens: <c>[[[...], ...]]</c>, one list of vectors in a list, as transformers has it.</summary>
internal sealed class FeatureExtractionPredictor : Predictor
{
    private const int NumbersShown = 6;

    private readonly FeatureExtractionPipeline _pipeline;
    private readonly PredictRequest _request;

    public FeatureExtractionPredictor(PredictRequest request)
    {
        _request = request;
        _pipeline = FeatureExtractionPipeline.Load(request.Model, request.Pipeline);
    }

    public override int MaxLength => _pipeline.MaxLength;

    public override IReadOnlyList<string> Columns => ["token", "vector"];

    public override IEnumerable<Prediction> Predict(IEnumerable<PredictionRow> rows) => Stream(
        rows,
        _request.Texts,
        _pipeline.ExtractStream,
        (input, features) => new Prediction(input.Text, json => Write(json, features), () => features.Tokens.Zip(features.Values, Cells)));

    public override void Dispose() => _pipeline.Dispose();

    private static string[] Cells(string token, float[] vector)
    {
        string numbers = string.Join(' ', vector.Take(NumbersShown).Select(number => FormattableString.Invariant($"{number,8:0.0000}")));
        return [Markup.Escape(token), $"[dim]{numbers}{(vector.Length > NumbersShown ? " …" : "")}[/]"];
    }

    private static void Write(Utf8JsonWriter json, TokenFeatures features)
    {
        json.WriteStartArray();
        json.WriteStartArray();
        foreach (float[] vector in features.Values)
        {
            json.WriteStartArray();
            foreach (float number in vector) json.WriteNumberValue(number);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndArray();
    }
}
