using System.Globalization;
using System.Text.Json;
using Atenea.Errors;
using Atenea.Pipelines;
using Atenea.Tokenizers;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary>
/// Answers to questions: <c>{"score": ..., "start": ..., "end": ..., "answer": ...}</c>, with <c>--top-k</c> above 1 a list of them. Files
/// have the columns <c>question</c> and <c>context</c>; on the command line <c>--question</c> is asked about each <c>--text</c>.
/// </summary>
internal sealed class QuestionAnsweringPredictor : Predictor
{
    private const string QuestionColumn = "question";
    private const string ContextColumn = "context";

    private readonly QuestionAnsweringPipeline _pipeline;
    private readonly PredictRequest _request;
    private readonly string? _question;
    private readonly AnswerOptions _options;

    public QuestionAnsweringPredictor(PredictRequest request)
    {
        _request = request;
        _question = request.Parse.GetValue(request.Options.Question);
        _options = new AnswerOptions
        {
            Count = request.Number(request.Options.TopK) ?? 1,
            Stride = request.Number(request.Options.Stride),
            HandleImpossible = request.Parse.GetValue(request.Options.Impossible),
        };
        if (request.Number(request.Options.MaxAnswerLength) is { } longest) _options = _options with { MaxAnswerLength = longest };
        _pipeline = QuestionAnsweringPipeline.Load(request.Model, request.Pipeline);
    }

    public override int MaxLength => _pipeline.MaxLength;

    public override IReadOnlyList<string> Columns => ["answer", "score", "place"];

    public override IEnumerable<Prediction> Predict(IEnumerable<PredictionRow> rows) => Stream(
        rows,
        Input,
        inputs => _pipeline.AskStream(inputs, _options),
        (input, answers) => new Prediction(input.Question, json => Write(json, input.Context, answers), () => answers.Select(Cells)));

    public override void Dispose() => _pipeline.Dispose();

    private static string[] Cells(Answer answer) =>
    [
        answer.Text.Length == 0 ? "[dim](no answer)[/]" : $"[bold green]{Markup.Escape(answer.Text)}[/]",
        answer.Score.ToString("0.0000", CultureInfo.InvariantCulture),
        $"[dim]{answer.Start}-{answer.End}[/]",
    ];

    private QuestionInput Input(PredictionRow row)
    {
        string? question = _question ?? row.Find(QuestionColumn);
        if (question is null)
            throw new AteneaException(Catalogue.ArgumentWrong, "there is no question", "atenea predict", "give --question, or a file with the columns question and context");
        return new QuestionInput(question, row.Find(ContextColumn) ?? row.Get(_request.Column));
    }

    private void Write(Utf8JsonWriter json, string context, IReadOnlyList<Answer> answers)
    {
        TextSpan[] places = TextOffsets.ToCodePoints([.. answers.Select(answer => new TextSpan(answer.Start, answer.End))], context);
        if (_options.Count > 1 || answers.Count == 0) json.WriteStartArray();
        for (int i = 0; i < answers.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("score", answers[i].Score);
            json.WriteNumber("start", places[i].Start);
            json.WriteNumber("end", places[i].End);
            json.WriteString("answer", answers[i].Text);
            json.WriteEndObject();
        }

        if (_options.Count > 1 || answers.Count == 0) json.WriteEndArray();
    }
}
