using System.Text.Json;
using Atenea.Models;

namespace Atenea.Pipelines;

/// <summary>A class and its score.</summary>
/// <param name="Label">Name of the class.</param>
/// <param name="Score">Its probability; for regression the output itself.</param>
public readonly record struct LabelScore(string Label, float Score);

/// <summary>A classifier's answer for one text.</summary>
public sealed class TextClassification : IAnswer
{
    private readonly ClassificationForm _form;
    private readonly float[] _scores;
    private readonly int _best;

    internal TextClassification(ClassificationForm form, float[] scores, int tokens, int truncatedTokens)
    {
        _form = form;
        _scores = scores;
        _best = LogitScores.ArgMax<float>(scores);
        Tokens = tokens;
        TruncatedTokens = truncatedTokens;
    }

    /// <summary>The class with the highest score; of equal ones the first.</summary>
    public string Label => Labels[_best];

    /// <summary>The highest score.</summary>
    public float Score => _scores[_best];

    /// <summary>The model's classes, in the order of their ids.</summary>
    public IReadOnlyList<string> Labels => _form.Labels;

    /// <summary>The scores in the order of <see cref="Labels"/>: probabilities, or the outputs themselves for regression.</summary>
    public IReadOnlyList<float> Scores => _scores;

    /// <summary>Where several classes may hold, those that do by falling score; else null.</summary>
    public IReadOnlyList<string>? PositiveLabels => _form.IsMultiLabel
        ? [.. Top().TakeWhile(each => each.Score > _form.Threshold).Select(each => each.Label)]
        : null;

    /// <summary>Number of tokens that the model saw, special ones included.</summary>
    public int Tokens { get; }

    /// <summary>Number of tokens that were cut off because the text was too long.</summary>
    public int TruncatedTokens { get; }

    /// <inheritdoc/>
    public bool WasTruncated => TruncatedTokens > 0;

    /// <summary>The classes by falling score; of equal ones the first first.</summary>
    /// <param name="count">At most so many; all when left out.</param>
    public IReadOnlyList<LabelScore> Top(int count = int.MaxValue) =>
        [.. Labels.Zip(Scores, (label, score) => new LabelScore(label, score)).OrderByDescending(s => s.Score).Take(count)];

    /// <summary>
    /// Writes <c>{"label": ..., "score": ..., "probabilities": {class: probability}}</c>. Where several classes may hold it has
    /// <c>labels</c> too, those that do; a regression has <c>values</c> in place of <c>probabilities</c>. Where a number of classes was
    /// asked for, the best ones as transformers lists them: <c>[{"label": ..., "score": ...}, ...]</c>.
    /// </summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        if (_form.TopK is { } count)
        {
            json.WriteStartArray();
            foreach (LabelScore each in Top(count))
            {
                WriteStart(json, each);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            return;
        }

        WriteStart(json, new LabelScore(Label, Score));
        if (PositiveLabels is { } positive)
        {
            json.WriteStartArray("labels");
            foreach (string label in positive) json.WriteStringValue(label);
            json.WriteEndArray();
        }

        json.WriteStartObject(_form.Function == ScoreFunction.None ? "values" : "probabilities");
        for (int i = 0; i < _scores.Length; i++) json.WriteNumber(Labels[i], _scores[i]);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Label} ({Score:0.0000})");

    private static void WriteStart(Utf8JsonWriter json, LabelScore best)
    {
        json.WriteStartObject();
        json.WriteString("label", best.Label);
        json.WriteNumber("score", best.Score);
    }
}

/// <summary>What all answers of a classifier have in common.</summary>
/// <param name="Labels">The classes.</param>
/// <param name="Function">What turns outputs into scores.</param>
/// <param name="Temperature">What outputs are divided by before they become probabilities.</param>
/// <param name="Threshold">Probability above which a class of several holds.</param>
/// <param name="TopK">Classes that the JSON lists; null for all, with their probabilities.</param>
internal sealed record ClassificationForm(
    IReadOnlyList<string> Labels, ScoreFunction Function, double Temperature, double Threshold, int? TopK)
{
    public bool IsMultiLabel => Function == ScoreFunction.Sigmoid && Labels.Count > 1;
}
