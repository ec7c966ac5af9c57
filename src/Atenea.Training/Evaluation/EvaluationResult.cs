using System.Text.Json.Nodes;
using Atenea.Data;
using Atenea.Hub;
using Atenea.Models;

namespace Atenea.Training;

/// <summary>
/// The figures of one evaluation: metrics by name, and for classes also each class, the confusion matrix and the report's text.
/// </summary>
public sealed class EvaluationResult
{
    private const double Threshold = 0.5;
    private readonly List<KeyValuePair<string, double>> _metrics = [];

    private EvaluationResult(Predictions predictions, IReadOnlyList<string> labels, ProblemType problem)
    {
        Labels = labels;
        Problem = problem;
        Rows = predictions.Rows;
        Seconds = predictions.Seconds;
        Batches = predictions.Batches;
        Tokens = predictions.Tokens;
        Add("loss", predictions.Loss);
    }

    /// <summary>What the outputs mean.</summary>
    public ProblemType Problem { get; }

    /// <summary>Label names by id.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Metrics by name, in the order in which they are shown; the loss is first.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Metrics => _metrics;

    /// <summary>Scores of each label of <see cref="Labels"/>; empty for regression.</summary>
    public IReadOnlyList<ClassScores> PerLabel { get; private init; } = [];

    /// <summary>Rows by true and predicted label; null unless each row has one label.</summary>
    public long[][]? ConfusionMatrix { get; private init; }

    /// <summary>The text of the classification report; null for regression.</summary>
    public string? Report { get; private init; }

    /// <summary>Rows evaluated.</summary>
    public int Rows { get; }

    /// <summary>Forward passes.</summary>
    public int Batches { get; }

    /// <summary>Tokens of the rows.</summary>
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

    /// <summary>Scores predictions against the labels of their rows.</summary>
    /// <param name="predictions">The model's outputs.</param>
    /// <param name="data">The rows.</param>
    /// <param name="labels">Label names by id.</param>
    /// <param name="problem">What the outputs mean.</param>
    public static EvaluationResult Score(Predictions predictions, EncodedDataset data, IReadOnlyList<string> labels, ProblemType problem) => problem switch
    {
        ProblemType.SingleLabelClassification => SingleLabel(predictions, data, labels),
        ProblemType.MultiLabelClassification => MultiLabel(predictions, data, labels),
        _ => Regression(predictions, data, labels),
    };

    /// <summary>The names of the metrics that an evaluation of a problem gives.</summary>
    public static IReadOnlyList<string> MetricNames(ProblemType problem) => problem switch
    {
        ProblemType.SingleLabelClassification =>
            ["loss", "accuracy", "f1_macro", "f1_weighted", "f1_micro", "precision_macro", "recall_macro", "precision_weighted", "recall_weighted"],
        ProblemType.MultiLabelClassification =>
            ["loss", "accuracy", "f1_micro", "f1_macro", "f1_weighted", "f1_samples", "precision_micro", "recall_micro", "hamming_loss"],
        _ => ["loss", "mse", "rmse", "mae", "r2", "pearson", "spearman"],
    };

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

    private static EvaluationResult SingleLabel(Predictions predictions, EncodedDataset data, IReadOnlyList<string> labels)
    {
        var predicted = new int[predictions.Rows];
        for (int row = 0; row < predicted.Length; row++) predicted[row] = LogitScores.ArgMax(predictions.Row(row));

        // Averages are over the classes that occur, as scikit-learn has it; the matrix shows all.
        var occurring = new ClassificationScores(data.Labels, predicted);
        var all = new ClassificationScores(data.Labels, predicted, [.. Enumerable.Range(0, labels.Count)]);
        ClassScores macro = occurring.Macro(), weighted = occurring.Weighted(), micro = occurring.Micro();
        var result = new EvaluationResult(predictions, labels, ProblemType.SingleLabelClassification)
        {
            PerLabel = all.PerClass(),
            ConfusionMatrix = all.ConfusionMatrix,
            Report = ClassificationReport.Text(occurring, [.. occurring.Classes.Select(c => labels[c])]),
        };
        result.Add("accuracy", occurring.Accuracy);
        result.Add("f1_macro", macro.F1);
        result.Add("f1_weighted", weighted.F1);
        result.Add("f1_micro", micro.F1);
        result.Add("precision_macro", macro.Precision);
        result.Add("recall_macro", macro.Recall);
        result.Add("precision_weighted", weighted.Precision);
        result.Add("recall_weighted", weighted.Recall);
        return result;
    }

    private static EvaluationResult MultiLabel(Predictions predictions, EncodedDataset data, IReadOnlyList<string> labels)
    {
        int rows = predictions.Rows, width = labels.Count;
        bool[][] truth = new bool[rows][], predicted = new bool[rows][];
        var scores = new double[width];
        for (int row = 0; row < rows; row++)
        {
            (truth[row], predicted[row]) = (new bool[width], new bool[width]);
            LogitScores.Compute(ProblemType.MultiLabelClassification, predictions.Row(row), scores);
            for (int l = 0; l < width; l++) (truth[row][l], predicted[row][l]) = (data.Targets[(row * width) + l] > Threshold, scores[l] > Threshold);
        }

        var computed = new MultiLabelScores(truth, predicted);
        var result = new EvaluationResult(predictions, labels, ProblemType.MultiLabelClassification)
        {
            PerLabel = computed.PerClass(),
            Report = ClassificationReport.Text(computed, labels),
        };
        result.Add("accuracy", computed.SubsetAccuracy);
        result.Add("f1_micro", computed.Micro().F1);
        result.Add("f1_macro", computed.Macro().F1);
        result.Add("f1_weighted", computed.Weighted().F1);
        result.Add("f1_samples", computed.Samples().F1);
        result.Add("precision_micro", computed.Micro().Precision);
        result.Add("recall_micro", computed.Micro().Recall);
        result.Add("hamming_loss", computed.HammingLoss);
        return result;
    }

    /// <summary>Several outputs are scored each for itself and averaged.</summary>
    private static EvaluationResult Regression(Predictions predictions, EncodedDataset data, IReadOnlyList<string> labels)
    {
        int rows = predictions.Rows, width = predictions.Outputs;
        var columns = new RegressionScores[width];
        for (int c = 0; c < width; c++)
        {
            double[] truth = new double[rows], predicted = new double[rows];
            for (int row = 0; row < rows; row++) (truth[row], predicted[row]) = (data.Targets[(row * width) + c], predictions.Row(row)[c]);
            columns[c] = new RegressionScores(truth, predicted);
        }

        var result = new EvaluationResult(predictions, labels, ProblemType.Regression);
        result.Add("mse", columns.Average(c => c.MeanSquaredError));
        result.Add("rmse", columns.Average(c => c.RootMeanSquaredError));
        result.Add("mae", columns.Average(c => c.MeanAbsoluteError));
        result.Add("r2", columns.Average(c => c.R2));
        result.Add("pearson", columns.Average(c => c.Pearson));
        result.Add("spearman", columns.Average(c => c.Spearman));
        return result;
    }

    private void Add(string name, double value) => _metrics.Add(KeyValuePair.Create(name, value));
}
