using System.Globalization;
using System.Text.Json;
using Atenea.Pipelines;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary>
/// Words for masks: <c>[{"score": ..., "token": ..., "token_str": ..., "sequence": ...}, ...]</c>, for a text with several masks a list of
/// such lists.
/// </summary>
internal sealed class FillMaskPredictor : Predictor
{
    private const int UsualCount = 5;

    private readonly FillMaskPipeline _pipeline;
    private readonly PredictRequest _request;
    private readonly int _count;
    private readonly string[]? _targets;

    public FillMaskPredictor(PredictRequest request)
    {
        _request = request;
        _count = request.Number(request.Options.TopK) ?? UsualCount;
        _targets = request.List(request.Options.Targets);
        _pipeline = FillMaskPipeline.Load(request.Model, request.Pipeline);
    }

    public override int MaxLength => _pipeline.MaxLength;

    public override IReadOnlyList<string> Columns => ["mask", "word", "score", "sequence"];

    public override IEnumerable<Prediction> Predict(IEnumerable<PredictionRow> rows) => Stream(
        rows,
        row => row.Get(_request.Column),
        texts => _pipeline.FillStream(texts, _count, _targets),
        (text, masks) => new Prediction(text, json => Write(json, masks), () => masks.SelectMany((fillings, i) => fillings.Select(filling => Cells(i, filling)))));

    public override void Dispose() => _pipeline.Dispose();

    private static string[] Cells(int mask, MaskFilling filling) =>
    [
        $"{mask + 1}",
        $"[bold green]{Markup.Escape(filling.TokenText)}[/]",
        filling.Score.ToString("0.0000", CultureInfo.InvariantCulture),
        $"[dim]{Markup.Escape(filling.Sequence)}[/]",
    ];

    private static void Write(Utf8JsonWriter json, IReadOnlyList<IReadOnlyList<MaskFilling>> masks)
    {
        if (masks.Count > 1) json.WriteStartArray();
        foreach (IReadOnlyList<MaskFilling> fillings in masks)
        {
            json.WriteStartArray();
            foreach (MaskFilling filling in fillings)
            {
                json.WriteStartObject();
                json.WriteNumber("score", filling.Score);
                json.WriteNumber("token", filling.Token);
                json.WriteString("token_str", filling.TokenText);
                json.WriteString("sequence", filling.Sequence);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (masks.Count > 1) json.WriteEndArray();
    }
}
