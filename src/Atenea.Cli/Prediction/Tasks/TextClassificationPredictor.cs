using System.Globalization;
using System.Text.Json;
using Atenea.Pipelines;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary>
/// Classes of texts: <c>{"label": ..., "score": ..., "probabilities": {class: probability}}</c>. A multi-label answer has <c>labels</c>
/// too, all classes with a probability above one half; a regression has <c>values</c> in place of <c>probabilities</c>. With <c>--top-k</c>
/// the best classes as transformers lists them: <c>[{"label": ..., "score": ...}, ...]</c>.
/// </summary>
internal sealed class TextClassificationPredictor : Predictor
{
    private const float HalfProbability = 0.5f;

    private readonly TextClassificationPipeline _pipeline;
    private readonly PredictRequest _request;
    private readonly int? _top;

    public TextClassificationPredictor(PredictRequest request)
    {
        _request = request;
        _top = request.Number(request.Options.TopK);
        _pipeline = TextClassificationPipeline.Load(request.Model, new TextClassificationOptions
        {
            Threads = request.Threads,
            MaxLength = request.MaxLength ?? TrainedSettings.Of(request.Model)?.MaxLength,
            Function = request.Parse.GetValue(request.Options.Function),
        });
    }

    public override int MaxLength => _pipeline.MaxLength;

    public override IReadOnlyList<string> Columns => ["label", .. _pipeline.Labels];

    public override IEnumerable<Prediction> Predict(IEnumerable<PredictionRow> rows) => Stream(
        rows,
        _request.Texts,
        _pipeline.ClassifyStream,
        (input, answer) => new Prediction(input.Text, json => Write(json, answer), () => [Cells(answer)], answer.TruncatedTokens > 0));

    public override void Dispose() => _pipeline.Dispose();

    private static string[] Cells(TextClassification answer) =>
    [
        $"[bold green]{Markup.Escape(answer.Label)}[/]",
        .. answer.Scores.Select((score, k) =>
            (answer.Labels[k] == answer.Label ? "[bold]" : "[dim]") + score.ToString("0.0000", CultureInfo.InvariantCulture) + "[/]"),
    ];

    private void Write(Utf8JsonWriter json, TextClassification answer)
    {
        if (_top is { } count)
        {
            json.WriteStartArray();
            foreach (LabelScore each in answer.Top(count)) WriteBest(json, each.Label, each.Score, end: true);
            json.WriteEndArray();
            return;
        }

        WriteBest(json, answer.Label, answer.Score, end: false);
        if (_pipeline.Function == ScoreFunction.Sigmoid && answer.Labels.Count > 1)
        {
            json.WriteStartArray("labels");
            foreach (LabelScore each in answer.Top().TakeWhile(s => s.Score > HalfProbability)) json.WriteStringValue(each.Label);
            json.WriteEndArray();
        }

        json.WriteStartObject(_pipeline.Function == ScoreFunction.None ? "values" : "probabilities");
        for (int i = 0; i < answer.Labels.Count; i++) json.WriteNumber(answer.Labels[i], answer.Scores[i]);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteBest(Utf8JsonWriter json, string label, float score, bool end)
    {
        json.WriteStartObject();
        json.WriteString("label", label);
        json.WriteNumber("score", score);
        if (end) json.WriteEndObject();
    }
}
