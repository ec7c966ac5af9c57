using System.Globalization;
using Atenea.Pipelines;

namespace Atenea.Cli;

/// <summary>How similar two texts are: <c>{"score": ...}</c>, the cosine between their vectors.</summary>
internal sealed class SentenceSimilarityPredictor : Predictor
{
    private readonly SentenceEmbeddingPipeline _pipeline;
    private readonly PredictRequest _request;

    public SentenceSimilarityPredictor(PredictRequest request)
    {
        _request = request;
        _pipeline = SentenceEmbeddingPipeline.Load(request.Model, request.Pipeline);
    }

    public override int MaxLength => _pipeline.MaxLength;

    public override IReadOnlyList<string> Columns => ["score"];

    public override IEnumerable<Prediction> Predict(IEnumerable<PredictionRow> rows) => Stream(
        rows,
        _request.Pair,
        _pipeline.SimilarityStream,
        (input, score) => new Prediction(
            $"{input.Text} / {input.Pair}",
            json =>
            {
                json.WriteStartObject();
                json.WriteNumber("score", score);
                json.WriteEndObject();
            },
            () => [[$"[bold]{score.ToString("0.0000", CultureInfo.InvariantCulture)}[/]"]]));

    public override void Dispose() => _pipeline.Dispose();
}
