using System.Text.Json.Nodes;
using Atenea.Hub;

namespace Atenea.Training;

/// <summary>
/// The figures of one evaluation: metrics by name, and for classes also each class, the confusion matrix and the report's text.
/// </summary>
public sealed class EvaluationResult
{
    private readonly List<KeyValuePair<string, double>> _metrics;

    /// <summary>Takes the figures of an evaluation.</summary>
    /// <param name="pass">Loss, counts and time.</param>
    /// <param name="metrics">Metrics by name, without the loss.</param>
    public EvaluationResult(EvaluationPass pass, IEnumerable<KeyValuePair<string, double>> metrics)
    {
        Rows = pass.Features;
        Seconds = pass.Seconds;
        Batches = pass.Batches;
        Tokens = pass.Tokens;
        _metrics = [new("loss", pass.Loss), .. metrics];
    }

    /// <summary>What the outputs mean, for tasks where that is a choice; else null.</summary>
    public ProblemType? Problem { get; init; }

    /// <summary>Names of what is scored one by one: labels by id, types of entities.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Metrics by name, in the order in which they are shown; the loss is first.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Metrics => _metrics;

    /// <summary>Scores of each label of <see cref="Labels"/>; empty where there are none.</summary>
    public IReadOnlyList<ClassScores> PerLabel { get; init; } = [];

    /// <summary>Rows by true and predicted label; null unless each row has one label.</summary>
    public long[][]? ConfusionMatrix { get; init; }

    /// <summary>The text of the classification report; null where there is none.</summary>
    public string? Report { get; init; }

    /// <summary>Features evaluated: rows, or windows and blocks of them.</summary>
    public int Rows { get; }

    /// <summary>Forward passes.</summary>
    public int Batches { get; }

    /// <summary>Tokens of the features.</summary>
    public long Tokens { get; }

    /// <summary>Time taken by the model.</summary>
    public double Seconds { get; }

    /// <summary>A metric by name, with or without <c>eval_</c>; null if there is none of that name.</summary>
    public double? Metric(string name)
    {
        string plain = name.StartsWith("eval_", StringComparison.Ordinal) ? name["eval_".Length..] : name;
        foreach ((string key, double value) in _metrics)
        {
            if (key == plain) return value;
        }

        return null;
    }

    /// <summary>The figures as JSON, for <c>metrics.json</c>.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach ((string name, double value) in _metrics) json[name] = Json.Number(value);
        json["rows"] = Rows;
        json["runtime"] = Math.Round(Seconds, 4);
        json["samples_per_second"] = Math.Round(Rows / Seconds, 3);
        json["tokens_per_second"] = Math.Round(Tokens / Seconds, 3);
        if (PerLabel.Count > 0)
        {
            var perLabel = new JsonObject();
            for (int i = 0; i < PerLabel.Count; i++)
            {
                ClassScores s = PerLabel[i];
                perLabel[Labels[i]] = new JsonObject
                {
                    ["precision"] = Json.Number(s.Precision),
                    ["recall"] = Json.Number(s.Recall),
                    ["f1"] = Json.Number(s.F1),
                    ["support"] = s.Support,
                };
            }

            json["per_label"] = perLabel;
        }

        if (ConfusionMatrix is { } matrix)
        {
            json["labels"] = Json.List(Labels);
            json["confusion_matrix"] = Json.Matrix(matrix);
        }

        return json;
    }
}
