using System.Diagnostics;
using Atenea.Data;
using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training;

/// <summary>
/// Runs a model over labelled features and scores it. Features of like length go together, up to a budget of tokens, since nothing but
/// speed and memory depends on what shares a batch.
/// </summary>
internal sealed class Evaluator(TaskModel model, TrainingTask task, Tape tape, int batchRows, float labelSmoothing = 0)
{
    private readonly ForwardPass _pass = new(tape, new InputBatch());
    private readonly ModelLabels _labels = new();

    /// <summary>Evaluates.</summary>
    /// <param name="features">The features, with their labels.</param>
    /// <param name="progress">Told the number of features done, or null.</param>
    /// <param name="cancellation">Asks to stop between batches.</param>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public EvaluationResult Evaluate(FeatureSet features, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        long start = Stopwatch.GetTimestamp();
        int terms = model.LossTerms.Count, batches = 0, done = 0;
        var sums = new double[terms];
        var counts = new long[terms];
        TaskScorer scorer = task.Score(features);
        int longest = features.Count == 0 ? 0 : features.Lengths.Max(), budget = Math.Max(TokenBudget.Usual, batchRows * longest);
        foreach (ReadOnlyMemory<int> members in TokenBudget.Split(features.Lengths, budget))
        {
            cancellation.ThrowIfCancellationRequested();
            _pass.Batch.Clear();
            _labels.Clear();
            task.Fill(_pass.Batch, _labels, features, members.Span, epoch: null);
            tape.Begin(TapeMode.Inference);
            ModelLoss loss = scorer.Run(model, _pass, _labels, members.Span, labelSmoothing);
            for (int term = 0; term < terms; term++)
            {
                sums[term] += loss[term].Sum;
                counts[term] += loss[term].Count;
            }

            batches++;
            done += members.Length;
            progress?.Invoke(done);
        }

        double mean = 0;
        for (int term = 0; term < terms; term++) mean += model.LossTerms[term].Weight * sums[term] / counts[term];
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return scorer.Result(new EvaluationPass(mean, features.Count, batches, features.Tokens, seconds));
    }
}
