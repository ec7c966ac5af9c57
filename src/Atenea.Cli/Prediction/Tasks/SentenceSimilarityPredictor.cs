using System.Globalization;
using Atenea.Pipelines;

namespace Atenea.Cli.Prediction;

/// <summary>How similar two texts are: <c>{"score": ...}</c>, the cosine between their vectors.</summary>
internal sealed class SentenceSimilarityPredictor : Predictor
{
    private readonly SentenceEmbeddingPipeline _pipeline;
    private readonly PredictRequest _request;
    private readonly string _pairColumn;

    public SentenceSimilarityPredictor(PredictRequest request)
    {
        _request = request;
        _pairColumn = PairColumns.Require(request);
        _pipeline = SentenceEmbeddingPipeline.Load(request.Model, new PipelineOptions { Threads = request.Threads, MaxLength = request.MaxLength });
    }

    public override int MaxLength => _pipeline.MaxLength;

    public override IReadOnlyList<string> Columns => ["score"];

    public override IEnumerable<Prediction> Predict(IEnumerable<PredictionRow> rows) => Stream(
        rows,
        row => new TextInput(row.Get(_request.Column), row.Get(_pairColumn)),
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
