using System.Globalization;
using Atenea.Pipelines;

namespace Atenea.Cli;

/// <summary>
/// Whether a second text follows the first: <c>{"label": "is_next" | "not_next", "score": ...}</c>, the score being the probability that it
/// does.
/// </summary>
internal sealed class NextSentenceTask : Predictor
{
    private const double Half = 0.5;

    private readonly NextSentencePipeline _pipeline;
    private readonly PredictRequest _request;

    public NextSentenceTask(PredictRequest request)
    {
        _request = request;
        _pipeline = NextSentencePipeline.Load(request.Model, request.Pipeline);
    }

    public override int MaxLength => _pipeline.MaxLength;

    public override IReadOnlyList<string> Columns => ["label", "score"];

    public override IEnumerable<Prediction> Predict(IEnumerable<PredictionRow> rows) => Stream(
        rows,
        _request.Pair,
        _pipeline.PredictStream,
        (input, score) => new Prediction(
            $"{input.Text} / {input.Pair}",
            json =>
            {
                json.WriteStartObject();
                json.WriteString("label", Label(score));
                json.WriteNumber("score", score);
                json.WriteEndObject();
            },
            () => [[$"[bold green]{Label(score)}[/]", score.ToString("0.0000", CultureInfo.InvariantCulture)]]));

    public override void Dispose() => _pipeline.Dispose();

    private static string Label(double score) => score > Half ? "is_next" : "not_next";
}
