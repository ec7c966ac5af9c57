using System.Diagnostics;
using Atenea.Data;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training;

/// <summary>
/// Runs a classifier over labelled rows. Rows of like length go together, up to a budget of tokens, since nothing but speed and memory
/// depends on what shares a batch; results come back in the rows' order.
/// </summary>
public sealed class Evaluator
{
    // Enough tokens to keep every thread at work and the weights in use, few enough for activations to stay in the cache of a large
    // processor.
    private const int TokensPerBatch = 2048;

    private readonly SequenceClassifier _model;
    private readonly ClassificationLoss _criterion;
    private readonly Tape _tape;
    private readonly int _batchRows;
    private readonly Batch _batch = new();
    private readonly InputBatch _input = new();
    private readonly ForwardPass _pass;

    /// <summary>Creates an evaluator.</summary>
    /// <param name="model">The model; stays the caller's.</param>
    /// <param name="criterion">The loss.</param>
    /// <param name="tape">The tape to run on; stays the caller's.</param>
    /// <param name="batchRows">At least so many of the longest rows fit into the token budget.</param>
    public Evaluator(SequenceClassifier model, ClassificationLoss criterion, Tape tape, int batchRows = 8)
    {
        (_model, _criterion, _tape, _batchRows) = (model, criterion, tape, batchRows);
        _pass = new ForwardPass(tape, _input);
    }

    /// <summary>Runs the model over all rows.</summary>
    /// <param name="data">The rows, with their labels.</param>
    /// <param name="progress">Told the number of rows done, or null.</param>
    /// <param name="cancellation">Asks to stop between batches.</param>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public Predictions Predict(EncodedDataset data, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        long start = Stopwatch.GetTimestamp();
        int outputs = _model.Labels.Count, batches = 0, done = 0;
        long count = 0;
        double sum = 0;
        var logits = new float[checked(data.Count * outputs)];
        int[] order = [.. Enumerable.Range(0, data.Count).OrderByDescending(row => data.Lengths[row])];
        int budget = Math.Max(TokensPerBatch, order.Length == 0 ? 0 : _batchRows * data.Lengths[order[0]]);
        while (done < order.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            int rows = 0, tokens = 0;
            while (done + rows < order.Length && (rows == 0 || tokens + data.Lengths[order[done + rows]] <= budget)) tokens += data.Lengths[order[done + rows++]];
            _batch.Fill(data, order.AsSpan(done, rows));
            _input.Take(_batch);
            _tape.Begin(TapeMode.Inference);
            Tensor output = _model.Forward(_pass);
            Loss loss = _criterion.Problem == ProblemType.SingleLabelClassification
                ? _criterion.Compute(_tape, output, _batch.Labels)
                : _criterion.Compute(_tape, output, _batch.Targets);
            sum += loss.Sum;
            count += loss.Count;
            for (int i = 0; i < rows; i++) output.Row(i).CopyTo(logits.AsSpan(order[done + i] * outputs));
            batches++;
            done += rows;
            progress?.Invoke(done);
        }

        return new Predictions(logits, outputs, sum, count, batches, data.Tokens, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
