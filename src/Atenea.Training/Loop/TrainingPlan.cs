using Atenea.Errors;

namespace Atenea.Training;

/// <summary>How many steps a run has and at which of them something happens, computed once as transformers' Trainer does.</summary>
internal sealed record TrainingPlan
{
    private readonly TrainingOptions _options;

    private TrainingPlan(TrainingOptions options) => _options = options;

    /// <summary>Training rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Micro-batches per epoch.</summary>
    public required int BatchesPerEpoch { get; init; }

    /// <summary>Optimizer steps per epoch; the last one may have fewer micro-batches.</summary>
    public required int StepsPerEpoch { get; init; }

    /// <summary>Optimizer steps of the run.</summary>
    public required int MaxSteps { get; init; }

    /// <summary>Epochs of the run, a begun one included.</summary>
    public required int Epochs { get; init; }

    /// <summary>Steps of rising learning rate.</summary>
    public required int WarmupSteps { get; init; }

    /// <summary>Steps between log entries.</summary>
    public required int LoggingSteps { get; init; }

    /// <summary>Steps between evaluations.</summary>
    public required int EvalSteps { get; init; }

    /// <summary>Steps between saves.</summary>
    public required int SaveSteps { get; init; }

    /// <summary>Micro-batches per optimizer step.</summary>
    public int Accumulation => _options.GradientAccumulationSteps;

    /// <summary>Computes the plan.</summary>
    /// <param name="options">The training section.</param>
    /// <param name="rows">Training rows.</param>
    /// <exception cref="AteneaException">No batch can be formed (ATN0705).</exception>
    public static TrainingPlan Create(TrainingOptions options, int rows)
    {
        int size = options.PerDeviceTrainBatchSize;
        int batches = options.DataloaderDropLast ? rows / size : Divide(rows, size);
        if (batches == 0)
        {
            throw new AteneaException(Catalogue.NothingToTrainOn,
                $"{rows} rows make no batch of {options.PerDeviceTrainBatchSize} with training.dataloader_drop_last",
                remedy: "use a smaller training.per_device_train_batch_size, or set training.dataloader_drop_last to false");
        }

        int perEpoch = Divide(batches, options.GradientAccumulationSteps);
        int steps = options.MaxSteps > 0 ? options.MaxSteps : checked((int)Math.Ceiling(options.NumTrainEpochs * perEpoch));
        int Interval(double value) => value < 1 ? Math.Max(1, (int)Math.Ceiling(steps * value)) : (int)value;
        return new TrainingPlan(options)
        {
            Rows = rows,
            BatchesPerEpoch = batches,
            StepsPerEpoch = perEpoch,
            MaxSteps = steps,
            Epochs = Divide(steps, perEpoch),
            WarmupSteps = Schedule.WarmupSteps(options.WarmupSteps, options.WarmupRatio, steps),
            LoggingSteps = Interval(options.LoggingSteps),
            EvalSteps = Interval(options.EvalSteps ?? options.LoggingSteps),
            SaveSteps = Interval(options.SaveSteps),
        };
    }

    /// <summary>The micro-batches of a step.</summary>
    /// <param name="step">Optimizer step from 0.</param>
    public (int Epoch, int First, int End) Batches(int step)
    {
        int first = step % StepsPerEpoch * Accumulation;
        return (step / StepsPerEpoch, first, Math.Min(BatchesPerEpoch, first + Accumulation));
    }

    /// <summary>Passes over the rows after so many steps.</summary>
    public double EpochAfter(int steps)
    {
        if (steps == 0) return 0;
        (int epoch, _, int end) = Batches(steps - 1);
        return epoch + ((double)end / BatchesPerEpoch);
    }

    /// <summary>Whether an epoch ends with this many steps; the run's end counts as one.</summary>
    public bool EndsEpoch(int steps) => steps == MaxSteps || steps % StepsPerEpoch == 0;

    /// <summary>Whether to log after so many steps.</summary>
    public bool LogsAfter(int steps) => (steps == 1 && _options.LoggingFirstStep) || Due(_options.LoggingStrategy, steps, LoggingSteps);

    /// <summary>Whether to evaluate after so many steps.</summary>
    public bool EvaluatesAfter(int steps) => _options.EvalStrategy switch
    {
        IntervalStrategy.Steps => (steps % EvalSteps == 0 || steps == MaxSteps) && _options.EvalDelay <= steps,
        IntervalStrategy.Epoch => EndsEpoch(steps) && _options.EvalDelay <= EpochAfter(steps),
        _ => false,
    };

    /// <summary>Whether to save after so many steps, apart from saving after a best evaluation.</summary>
    public bool SavesAfter(int steps) => steps == MaxSteps || _options.SaveStrategy switch
    {
        SaveStrategy.Steps => steps % SaveSteps == 0,
        SaveStrategy.Epoch => EndsEpoch(steps),
        _ => false,
    };

    private static int Divide(int count, int by) => (count / by) + (count % by > 0 ? 1 : 0);

    private bool Due(IntervalStrategy strategy, int steps, int interval) => strategy switch
    {
        IntervalStrategy.Steps => steps % interval == 0,
        IntervalStrategy.Epoch => EndsEpoch(steps),
        _ => false,
    };
}
