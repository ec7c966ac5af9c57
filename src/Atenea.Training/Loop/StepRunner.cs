using System.Globalization;
using Atenea.Errors;
using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training;

/// <summary>What one optimizer step did.</summary>
/// <param name="Loss">Loss of the step: of each term the mean over all its items, weighted as the model has it.</param>
/// <param name="GradientNorm">2-norm of the gradient before clipping.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="Rows">Features of all its micro-batches.</param>
/// <param name="Tokens">Tokens of all its micro-batches.</param>
internal readonly record struct StepResult(double Loss, double GradientNorm, double LearningRate, int Rows, int Tokens);

/// <summary>
/// Makes optimizer steps, for every task, and for the verifier, so that the loop that is compared with PyTorch is the loop that trains.
/// Everything a step does follows from its number alone: which features (the sampler's order), what is hidden from the model (the epoch),
/// which dropout masks (the number of the micro-batch), which learning rate. So a resumed run makes the same steps. Gradients of
/// micro-batches are those of one big batch: each term of the loss is divided by its item count over the whole step, which is known from
/// the labels before the first forward pass. In steady state a step allocates nothing on the managed heap.
/// </summary>
internal sealed class StepRunner
{
    private const int RowsNamed = 8;

    private readonly TaskModel _model;
    private readonly BatchSource _source;
    private readonly TrainingPlan _plan;
    private readonly Schedule _schedule;
    private readonly Optimizer _optimizer;
    private readonly Tape _tape;
    private readonly InputBatch _batch = new();
    private readonly ForwardPass _pass;
    private readonly ModelLabels _labels = new();
    private readonly long[] _stepCounts;
    private readonly long[] _counts;
    private readonly long[] _divisors;

    /// <summary>Creates a runner; all parts stay the caller's.</summary>
    public StepRunner(TaskModel model, BatchSource source, TrainingPlan plan, Schedule schedule, Optimizer optimizer, Tape tape)
    {
        (_model, _source, _plan, _schedule, _optimizer, _tape) = (model, source, plan, schedule, optimizer, tape);
        _pass = new ForwardPass(tape, _batch);
        _stepCounts = new long[model.LossTerms.Count];
        _counts = new long[_stepCounts.Length];
        _divisors = new long[_stepCounts.Length];
    }

    /// <summary>Seed of dropout.</summary>
    public ulong Seed { get; init; }

    /// <summary>Share of the target that the loss spreads over all classes.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>What the terms of a micro-batch's loss are divided by.</summary>
    public LossDivision Division { get; init; }

    /// <summary>Makes a step.</summary>
    /// <param name="step">Its number from 0.</param>
    /// <exception cref="AteneaException">The loss or a gradient is not finite (ATN0701, ATN0702); the parameters are then
    /// unchanged.</exception>
    public StepResult Run(int step)
    {
        (int epoch, int first, int end) = _plan.Batches(step);
        Array.Clear(_stepCounts);
        int rows = 0, tokens = 0;
        for (int micro = first; micro < end; micro++)
        {
            rows += Fill(epoch, micro);
            tokens += _batch.Tokens;
            _model.Count(_batch, _labels, _stepCounts);
        }

        _optimizer.ZeroGradients();
        double loss = 0;
        for (int micro = first; micro < end; micro++)
        {
            if (end - first > 1) Fill(epoch, micro); // else it is still in the batch
            loss += RunMicroBatch(step, epoch, micro, end - first);
        }

        double rate = _schedule.At(step), norm = _optimizer.Step(rate, out Parameter? nonFinite);
        if (nonFinite is not null) throw NotFinite(Catalogue.GradientNotFinite, $"gradient of {nonFinite.Name}", step, epoch, first, end);
        return new StepResult(loss, norm, rate, rows, tokens);
    }

    /// <summary>Adds the gradients of the micro-batch at hand; returns its share of the step's loss.</summary>
    private double RunMicroBatch(int step, int epoch, int micro, int micros)
    {
        Array.Clear(_counts);
        _model.Count(_batch, _labels, _counts);
        if (!_counts.AsSpan().ContainsAnyExcept(0)) return 0; // nothing of it has a label
        for (int term = 0; term < _counts.Length; term++)
        {
            // A term without items adds nothing, whatever it is divided by.
            _divisors[term] = Math.Max(1, Division switch
            {
                LossDivision.ByStep => _stepCounts[term],
                LossDivision.ByMicroBatch => _counts[term],
                _ => _counts[term] * micros,
            });
        }

        _tape.Begin(TapeMode.Training, Seed, ((ulong)epoch * (ulong)_plan.BatchesPerEpoch) + (ulong)micro);
        ModelLoss loss = _model.Loss(_pass, _labels, LabelSmoothing);
        double share = loss.Share(_divisors);
        if (!double.IsFinite(share))
            throw NotFinite(Catalogue.LossNotFinite, "loss " + share.ToString(CultureInfo.InvariantCulture), step, epoch, micro, micro + 1);

        loss.Backward(_tape, _divisors);
        return share;
    }

    private int Fill(int epoch, int micro)
    {
        _batch.Clear();
        _labels.Clear();
        return _source.Fill(epoch, micro, _batch, _labels);
    }

    private AteneaException NotFinite(ErrorCode code, string what, int step, int epoch, int first, int end)
    {
        string[] places = [.. Enumerable.Range(first, end - first).SelectMany(micro => _source.Places(epoch, micro))];
        string named = string.Join("; ", places.Take(RowsNamed));
        string more = places.Length > RowsNamed ? $"; and {places.Length - RowsNamed} more" : "";
        return new AteneaException(code, $"{what} at step {step + 1} (epoch {epoch + 1})", $"rows: {named}{more}");
    }
}
