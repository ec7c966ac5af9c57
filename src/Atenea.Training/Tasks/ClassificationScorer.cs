using Atenea.Data;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training;

/// <summary>Scores a sequence classifier with scikit-learn's metrics, by what its outputs mean.</summary>
internal sealed class ClassificationScorer(FeatureSet features, IReadOnlyList<string> labels, ProblemType problem) : TaskScorer
{
    private const double Threshold = 0.5;

    private readonly FeatureLabels _truth = features.LabelsNamed(ModelLabels.Usual);
    private readonly float[][] _logits = new float[features.Count][];

    /// <summary>The metrics behind the loss.</summary>
    public static string[] MetricNames(ProblemType problem) => problem switch
    {
        ProblemType.SingleLabelClassification =>
            ["accuracy", "f1_macro", "f1_weighted", "f1_micro", "precision_macro", "recall_macro", "precision_weighted", "recall_weighted"],
        ProblemType.MultiLabelClassification =>
            ["accuracy", "f1_micro", "f1_macro", "f1_weighted", "f1_samples", "precision_micro", "recall_micro", "hamming_loss"],
        _ => ["mse", "rmse", "mae", "r2", "pearson", "spearman"],
    };

    /// <inheritdoc/>
    protected override void Take(in ModelOutputs outputs, InputBatch batch, ReadOnlySpan<int> members)
    {
        TensorValues logits = outputs.First.Values.Read();
        for (int i = 0; i < members.Length; i++) _logits[members[i]] = logits.Row(i).ToArray();
    }

    /// <inheritdoc/>
    public override EvaluationResult Result(EvaluationPass pass) => problem switch
    {
        ProblemType.SingleLabelClassification => SingleLabel(pass),
        ProblemType.MultiLabelClassification => MultiLabel(pass),
        _ => Regression(pass),
    };

    private EvaluationResult SingleLabel(EvaluationPass pass)
    {
        int[] truth = [.. Enumerable.Range(0, _logits.Length).Select(row => _truth.Ids(row)[0])];
        int[] predicted = [.. _logits.Select(row => LogitScores.ArgMax(row))];

        // Averages are over the classes that occur, as scikit-learn has it; the matrix shows all.
        var occurring = new ClassificationScores(truth, predicted);
        var all = new ClassificationScores(truth, predicted, [.. Enumerable.Range(0, labels.Count)]);
        ClassScores macro = occurring.Macro(), weighted = occurring.Weighted(), micro = occurring.Micro();
        return new EvaluationResult(pass,
        [
            new("accuracy", occurring.Accuracy),
            new("f1_macro", macro.F1),
            new("f1_weighted", weighted.F1),
            new("f1_micro", micro.F1),
            new("precision_macro", macro.Precision),
            new("recall_macro", macro.Recall),
            new("precision_weighted", weighted.Precision),
            new("recall_weighted", weighted.Recall),
        ])
        {
            Labels = labels,
            Problem = problem,
            PerLabel = all.PerClass(),
            ConfusionMatrix = all.ConfusionMatrix,
            Report = ClassificationReport.Text(occurring, [.. occurring.Classes.Select(c => labels[c])]),
        };
    }

    private EvaluationResult MultiLabel(EvaluationPass pass)
    {
        int rows = _logits.Length, width = labels.Count;
        bool[][] truth = new bool[rows][], predicted = new bool[rows][];
        var scores = new double[width];
        for (int row = 0; row < rows; row++)
        {
            (truth[row], predicted[row]) = (new bool[width], new bool[width]);
            LogitScores.Compute(ProblemType.MultiLabelClassification, _logits[row], scores);
            ReadOnlySpan<float> targets = _truth.Numbers(row);
            for (int l = 0; l < width; l++) (truth[row][l], predicted[row][l]) = (targets[l] > Threshold, scores[l] > Threshold);
        }

        var computed = new MultiLabelScores(truth, predicted);
        return new EvaluationResult(pass,
        [
            new("accuracy", computed.SubsetAccuracy),
            new("f1_micro", computed.Micro().F1),
            new("f1_macro", computed.Macro().F1),
            new("f1_weighted", computed.Weighted().F1),
            new("f1_samples", computed.Samples().F1),
            new("precision_micro", computed.Micro().Precision),
            new("recall_micro", computed.Micro().Recall),
            new("hamming_loss", computed.HammingLoss),
        ])
        {
            Labels = labels,
            Problem = problem,
            PerLabel = computed.PerClass(),
            Report = ClassificationReport.Text(computed, labels),
        };
    }

    /// <summary>Several outputs are scored each for itself and averaged.</summary>
    private EvaluationResult Regression(EvaluationPass pass)
    {
        RegressionScores[] columns =
        [
            .. Enumerable.Range(0, labels.Count).Select(c => new RegressionScores(
                [.. Enumerable.Range(0, _logits.Length).Select(row => (double)_truth.Numbers(row)[c])],
                [.. _logits.Select(row => (double)row[c])])),
        ];
        return new EvaluationResult(pass,
        [
            new("mse", columns.Average(c => c.MeanSquaredError)),
            new("rmse", columns.Average(c => c.RootMeanSquaredError)),
            new("mae", columns.Average(c => c.MeanAbsoluteError)),
            new("r2", columns.Average(c => c.R2)),
            new("pearson", columns.Average(c => c.Pearson)),
            new("spearman", columns.Average(c => c.Spearman)),
        ])
        {
            Labels = labels,
            Problem = problem,
        };
    }
}
