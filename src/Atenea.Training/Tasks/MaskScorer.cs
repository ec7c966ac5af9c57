using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training;

/// <summary>Scores a masked language model: how many hidden tokens it finds, and its perplexity. Only hidden tokens are decoded.</summary>
internal sealed class MaskScorer : TaskScorer
{
    /// <summary>The metrics behind the loss.</summary>
    public static readonly string[] MetricNames = ["accuracy", "perplexity"];

    private int[] _rows = [];
    private int[] _targets = [];
    private long _hidden;
    private long _found;

    /// <inheritdoc/>
    public override ModelLoss Run(
        TaskModel model, ForwardPass pass, ModelLabels labels, ReadOnlySpan<int> members, float labelSmoothing)
    {
        ReadOnlySpan<int> all = labels.Ids(ModelLabels.Usual);
        if (_rows.Length < all.Length) (_rows, _targets) = (new int[all.Length], new int[all.Length]);
        int count = 0;
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i] == ClassificationLoss.Ignored) continue;
            _rows[count] = i;
            _targets[count++] = all[i];
        }

        ModelLoss loss = pass.NewLoss();
        if (count == 0) return loss.Add(model.LossTerms[0], default); // nothing of so short a batch was hidden
        Tensor logits = ((TokenModel)model).ForwardRows(pass, _rows.AsSpan(0, count));
        TensorValues scores = logits.Read();
        for (int i = 0; i < count; i++)
        {
            if (LogitScores.ArgMax(scores.Row(i)) == _targets[i]) _found++;
        }

        _hidden += count;
        return loss.Add(model.LossTerms[0],
            pass.Tape.CrossEntropy(logits, _targets.AsSpan(0, count), ClassificationLoss.Ignored, labelSmoothing));
    }

    /// <inheritdoc/>
    protected override void Take(in ModelOutputs outputs, InputBatch batch, ReadOnlySpan<int> members)
    {
    }

    /// <inheritdoc/>
    public override EvaluationResult Result(EvaluationPass pass) => new(pass,
    [
        new("accuracy", (double)_found / _hidden),
        new("perplexity", Math.Exp(pass.Loss)),
    ]);
}
