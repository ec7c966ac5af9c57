using System.Collections.ObjectModel;
using System.Text.Json;
using Atenea.Tokenizers;

namespace Atenea.Pipelines;

/// <summary>A question and the text that may hold its answer.</summary>
/// <param name="Question">The question.</param>
/// <param name="Context">The text.</param>
public readonly record struct QuestionInput(string Question, string Context);

/// <summary>An answer, copied from the context.</summary>
/// <param name="Score">Probability of its first token times that of its last one.</param>
/// <param name="Start">First UTF-16 unit in the context; 0 for no answer.</param>
/// <param name="End">One past the last unit; 0 for no answer.</param>
/// <param name="Text">The stretch of the context; empty for no answer.</param>
public sealed record Answer(double Score, int Start, int End, string Text);

/// <summary>The best answers to a question by falling score; there may be none in an empty context.</summary>
public sealed class QuestionAnswers : ReadOnlyCollection<Answer>, IAnswer
{
    private readonly string _context;
    private readonly bool _isList;

    internal QuestionAnswers(string context, IReadOnlyList<Answer> answers, AnswerOptions options)
        : base([.. answers])
    {
        _context = context;
        _isList = options.Count > 1 || answers.Count == 0;
    }

    /// <summary>
    /// Writes <c>{"score": ..., "start": ..., "end": ..., "answer": ...}</c>; where several answers were asked for, or there is none, a
    /// list of them. Places are counted in code points, as transformers counts them.
    /// </summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        TextSpan[] places = TextOffsets.ToCodePoints([.. this.Select(answer => new TextSpan(answer.Start, answer.End))], _context);
        if (_isList) json.WriteStartArray();
        for (int i = 0; i < Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("score", this[i].Score);
            json.WriteNumber("start", places[i].Start);
            json.WriteNumber("end", places[i].End);
            json.WriteString("answer", this[i].Text);
            json.WriteEndObject();
        }

        if (_isList) json.WriteEndArray();
    }
}
