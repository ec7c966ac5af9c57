using System.Globalization;
using System.Text;
using Atenea.Data;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training;

/// <summary>What one optimizer step did.</summary>
/// <param name="Loss">Mean loss over all items of the step.</param>
/// <param name="GradientNorm">2-norm of the gradient before clipping.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="Rows">Rows of all its micro-batches.</param>
/// <param name="Tokens">Tokens of all its micro-batches.</param>
public readonly record struct StepResult(double Loss, double GradientNorm, double LearningRate, int Rows, int Tokens);

/// <summary>
/// Makes optimizer steps. Everything a step does follows from its number alone: which rows (the sampler's order), which dropout masks (the
/// number of the micro-batch), which learning rate. So a resumed run makes the same steps. Gradients of micro-batches are those of one big
/// batch: each is weighted by one over the item count of the whole step. In steady state a step allocates nothing on the managed heap.
/// </summary>
public sealed class StepRunner
{
    private const int RowsNamed = 8;

    private readonly SequenceClassifier _model;
    private readonly ClassificationLoss _criterion;
    private readonly EncodedDataset _data;
    private readonly BatchSampler _sampler;
    private readonly TrainingPlan _plan;
    private readonly Schedule _schedule;
    private readonly Optimizer _optimizer;
    private readonly Tape _tape;
    private readonly ulong _seed;
    private readonly Batch _batch = new();
    private readonly InputBatch _input = new();
    private readonly ForwardPass _pass;

    /// <summary>Creates a runner; all parts stay the caller's.</summary>
    public StepRunner(SequenceClassifier model, ClassificationLoss criterion, EncodedDataset data, BatchSampler sampler, TrainingPlan plan, Schedule schedule,
        Optimizer optimizer, Tape tape, ulong seed)
    {
        (_model, _criterion, _data, _sampler, _plan) = (model, criterion, data, sampler, plan);
        (_schedule, _optimizer, _tape, _seed) = (schedule, optimizer, tape, seed);
        _pass = new ForwardPass(tape, _input);
    }

    /// <summary>Makes a step.</summary>
    /// <param name="step">Its number from 0.</param>
    /// <exception cref="AteneaException">The loss or a gradient is not finite (ATN0701, ATN0702); the parameters are then
    /// unchanged.</exception>
    public StepResult Run(int step)
    {
        (int epoch, int first, int end) = _plan.Batches(step);
        long items = 0;
        for (int micro = first; micro < end; micro++) items += (long)_sampler.Rows(epoch, micro).Length * ItemsPerRow;

        _optimizer.ZeroGradients();
        double sum = 0;
        int rows = 0, tokens = 0;
        for (int micro = first; micro < end; micro++)
        {
            _batch.Fill(_data, _sampler.Rows(epoch, micro));
            _input.Take(_batch);
            _tape.Begin(TapeMode.Training, _seed, ((ulong)epoch * (ulong)_plan.BatchesPerEpoch) + (ulong)micro);
            Tensor logits = _model.Forward(_pass);
            Loss loss = _criterion.Problem == ProblemType.SingleLabelClassification
                ? _criterion.Compute(_tape, logits, _batch.Labels)
                : _criterion.Compute(_tape, logits, _batch.Targets);
            if (!double.IsFinite(loss.Sum)) throw NotFinite(Catalogue.LossNotFinite, $"loss {loss.Sum.ToString(CultureInfo.InvariantCulture)}", step, epoch, micro, micro + 1);
            _tape.Backward(loss, (float)(1.0 / items));
            sum += loss.Sum;
            rows += _batch.Count;
            tokens += _batch.Tokens;
        }

        double rate = _schedule.At(step), norm = _optimizer.Step(rate, out Parameter? nonFinite);
        if (nonFinite is not null) throw NotFinite(Catalogue.GradientNotFinite, $"gradient of {nonFinite.Name}", step, epoch, first, end);
        return new StepResult(sum / items, norm, rate, rows, tokens);
    }

    private int ItemsPerRow => _criterion.Problem == ProblemType.SingleLabelClassification ? 1 : _data.TargetWidth;

    private AteneaException NotFinite(ErrorCode code, string what, int step, int epoch, int first, int end)
    {
        var rows = new StringBuilder();
        int named = 0, all = 0;
        for (int micro = first; micro < end; micro++)
        {
            foreach (int row in _sampler.Rows(epoch, micro))
            {
                all++;
                if (named == RowsNamed) continue;
                rows.Append(named++ == 0 ? "" : "; ").Append(_data.Place(row));
            }
        }

        if (all > named) rows.Append(CultureInfo.InvariantCulture, $"; and {all - named} more");
        return new AteneaException(code, $"{what} at step {step + 1} (epoch {epoch + 1})", $"rows: {rows}");
    }
}
