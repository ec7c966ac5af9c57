using Atenea.Data;
using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training;

/// <summary>
/// Scores tags of words as seqeval does, by the entities that they mark. A word's tag is that of its first piece; the words of a row's
/// windows make one sentence.
/// </summary>
internal sealed class EntityScorer(FeatureSet features, IReadOnlyList<string> labels) : TaskScorer
{
    /// <summary>The metrics behind the loss.</summary>
    public static readonly string[] MetricNames =
    [
        "precision", "recall", "f1", "accuracy", "precision_macro", "recall_macro", "f1_macro", "precision_weighted", "recall_weighted",
        "f1_weighted",
    ];

    private readonly int[][] _predicted = new int[features.Count][];

    /// <inheritdoc/>
    protected override void Take(in ModelOutputs outputs, InputBatch batch, ReadOnlySpan<int> members)
    {
        TensorValues logits = outputs.First.Values.Read();
        for (int s = 0; s < members.Length; s++)
        {
            ReadOnlySpan<int> marks = features.Marks(members[s]);
            var predicted = new List<int>(marks.Length);
            for (int i = 0; i < marks.Length; i++)
            {
                if (PieceLabels.IsFirstPiece(marks[i])) predicted.Add(LogitScores.ArgMax(logits.Row(batch.Offsets[s] + i)));
            }

            _predicted[members[s]] = [.. predicted];
        }
    }

    /// <inheritdoc/>
    public override EvaluationResult Result(EvaluationPass pass)
    {
        var truth = new List<List<string>>();
        var predicted = new List<List<string>>();
        for (int feature = 0; feature < features.Count; feature++)
        {
            if (feature == 0 || features.Row(feature) != features.Row(feature - 1))
            {
                truth.Add([]);
                predicted.Add([]);
            }

            foreach (int mark in features.Marks(feature))
            {
                if (PieceLabels.IsFirstPiece(mark)) truth[^1].Add(labels[mark]);
            }

            predicted[^1].AddRange(_predicted[feature].Select(id => labels[id]));
        }

        var scores = new EntityScores(truth, predicted);
        ClassScores micro = scores.Micro(), macro = scores.Macro(), weighted = scores.Weighted();
        return new EvaluationResult(pass,
        [
            new("precision", micro.Precision),
            new("recall", micro.Recall),
            new("f1", micro.F1),
            new("accuracy", scores.Accuracy),
            new("precision_macro", macro.Precision),
            new("recall_macro", macro.Recall),
            new("f1_macro", macro.F1),
            new("precision_weighted", weighted.Precision),
            new("recall_weighted", weighted.Recall),
            new("f1_weighted", weighted.F1),
        ])
        {
            Labels = scores.Types,
            PerLabel = scores.PerType(),
            Report = ClassificationReport.Text(scores),
        };
    }
}
