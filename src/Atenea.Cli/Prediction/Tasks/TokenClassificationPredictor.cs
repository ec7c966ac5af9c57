using System.Globalization;
using System.Text.Json;
using Atenea.Pipelines;
using Atenea.Tokenizers;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary>
/// Entities in texts: <c>[{"entity_group": ..., "score": ..., "word": ..., "start": ..., "end": ...}, ...]</c>, and with <c>--aggregation
/// none</c> tokens with <c>entity</c> and <c>index</c>. Places are counted in code points, as transformers counts them. A column that holds
/// JSON lists of words is taken as words.
/// </summary>
internal sealed class TokenClassificationPredictor : Predictor
{
    private readonly TokenClassificationPipeline _pipeline;
    private readonly PredictRequest _request;

    public TokenClassificationPredictor(PredictRequest request)
    {
        _request = request;
        var options = new TokenClassificationOptions
        {
            Threads = request.Threads,
            MaxLength = request.MaxLength,
            Aggregation = request.Parse.GetValue(request.Options.Aggregation) ?? AggregationStrategy.Simple,
            Stride = request.Number(request.Options.Stride),
        };
        if (request.List(request.Options.IgnoreLabels) is { } ignored) options = options with { IgnoreLabels = ignored };
        _pipeline = TokenClassificationPipeline.Load(request.Model, options);
    }

    public override int MaxLength => _pipeline.MaxLength;

    public override IReadOnlyList<string> Columns => ["entity", "word", "score", "place"];

    public override IEnumerable<Prediction> Predict(IEnumerable<PredictionRow> rows) => Stream(
        rows,
        row => Input(row.Get(_request.Column)),
        _pipeline.ClassifyStream,
        (input, entities) => new Prediction(input.Text, json => Write(json, input.Text, entities), () => entities.Select(Cells)));

    public override void Dispose() => _pipeline.Dispose();

    private static string[] Cells(TokenEntity entity) =>
    [
        $"[bold green]{Markup.Escape(entity.Label)}[/]",
        Markup.Escape(entity.Word),
        entity.Score.ToString("0.0000", CultureInfo.InvariantCulture),
        $"[dim]{entity.Start}-{entity.End}[/]",
    ];

    private static TokenInput Input(string cell)
    {
        if (!cell.StartsWith("[\"", StringComparison.Ordinal)) return cell;
        try
        {
            return TokenInput.FromWords(JsonSerializer.Deserialize<string[]>(cell)!);
        }
        catch (JsonException)
        {
            return cell; // A text that merely begins so.
        }
    }

    private static void Write(Utf8JsonWriter json, string text, IReadOnlyList<TokenEntity> entities)
    {
        TextSpan[] places = TextOffsets.ToCodePoints([.. entities.Select(entity => new TextSpan(entity.Start, entity.End))], text);
        json.WriteStartArray();
        for (int i = 0; i < entities.Count; i++)
        {
            TokenEntity entity = entities[i];
            json.WriteStartObject();
            json.WriteString(entity.IsGroup ? "entity_group" : "entity", entity.Label);
            json.WriteNumber("score", entity.Score);
            if (entity.Index is { } index) json.WriteNumber("index", index);
            json.WriteString("word", entity.Word);
            json.WriteNumber("start", places[i].Start);
            json.WriteNumber("end", places[i].End);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
