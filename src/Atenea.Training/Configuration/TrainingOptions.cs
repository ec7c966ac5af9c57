namespace Atenea.Training;

/// <summary>When logging or evaluation takes place.</summary>
public enum IntervalStrategy
{
    /// <summary>Never.</summary>
    No,

    /// <summary>At the end of every epoch.</summary>
    Epoch,

    /// <summary>Every so many optimizer steps.</summary>
    Steps,
}

/// <summary>When the run is saved.</summary>
public enum SaveStrategy
{
    /// <summary>Only at the end.</summary>
    No,

    /// <summary>At the end of every epoch.</summary>
    Epoch,

    /// <summary>Every so many optimizer steps.</summary>
    Steps,

    /// <summary>Whenever an evaluation is the best so far.</summary>
    Best,
}

/// <summary>
/// Section <c>training</c> of a config: the names, defaults and meaning of Hugging Face's <c>TrainingArguments</c> (transformers 5), where
/// a default differs the property says so.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>Folder of the run, from the working folder.</summary>
    public string OutputDir { get; init; } = "trainer_output";

    /// <summary>Passes over the training rows; a fraction ends within an epoch.</summary>
    public double NumTrainEpochs { get; init; } = 3;

    /// <summary>Optimizer steps; when positive it replaces <see cref="NumTrainEpochs"/>.</summary>
    public int MaxSteps { get; init; } = -1;

    /// <summary>Rows per micro-batch.</summary>
    public int PerDeviceTrainBatchSize { get; init; } = 8;

    /// <summary>Rows per evaluation batch. Only memory and the speed of evaluation depend on it.</summary>
    public int PerDeviceEvalBatchSize { get; init; } = 8;

    /// <summary>
    /// Micro-batches per optimizer step. The loss is the mean over all their items, so the result is that of one big batch.
    /// </summary>
    public int GradientAccumulationSteps { get; init; } = 1;

    /// <summary>Highest learning rate.</summary>
    public double LearningRate { get; init; } = 5e-5;

    /// <summary>Decoupled weight decay, on all parameters but biases and normalisation weights.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Decay of AdamW's first moment.</summary>
    public double AdamBeta1 { get; init; } = 0.9;

    /// <summary>Decay of AdamW's second moment.</summary>
    public double AdamBeta2 { get; init; } = 0.999;

    /// <summary>AdamW's epsilon.</summary>
    public double AdamEpsilon { get; init; } = 1e-8;

    /// <summary>Largest 2-norm of the whole gradient; larger ones are scaled down. 0 turns clipping off.</summary>
    public double MaxGradNorm { get; init; } = 1;

    /// <summary>Optimizer; all accepted names mean AdamW.</summary>
    public string Optim { get; init; } = "adamw_torch_fused";

    /// <summary>Course of the learning rate.</summary>
    public ScheduleType LrSchedulerType { get; init; } = ScheduleType.Linear;

    /// <summary>Further settings of the schedule, as text by name.</summary>
    public IReadOnlyDictionary<string, string> LrSchedulerKwargs { get; init; } = new Dictionary<string, string>();

    /// <summary>Warm-up steps, or, below 1, their share of all steps.</summary>
    public double WarmupSteps { get; init; }

    /// <summary>Warm-up as a share of all steps, used when <see cref="WarmupSteps"/> is 0.</summary>
    public double WarmupRatio { get; init; }

    /// <summary>Share of the target probability spread evenly over all classes.</summary>
    public double LabelSmoothingFactor { get; init; }

    /// <summary>When the validation rows are evaluated.</summary>
    public IntervalStrategy EvalStrategy { get; init; } = IntervalStrategy.No;

    /// <summary>Steps between evaluations (below 1: share of all steps); null takes <see cref="LoggingSteps"/>.</summary>
    public double? EvalSteps { get; init; }

    /// <summary>Epochs or steps before the first evaluation.</summary>
    public double EvalDelay { get; init; }

    /// <summary>Evaluate once before the first step.</summary>
    public bool EvalOnStart { get; init; }

    /// <summary>When the training loss is logged.</summary>
    public IntervalStrategy LoggingStrategy { get; init; } = IntervalStrategy.Steps;

    /// <summary>Steps between log entries (below 1: share of all steps).</summary>
    public double LoggingSteps { get; init; } = 500;

    /// <summary>Log the first step too.</summary>
    public bool LoggingFirstStep { get; init; }

    /// <summary>When <c>last/</c> is saved; it is always saved at the end.</summary>
    public SaveStrategy SaveStrategy { get; init; } = SaveStrategy.Steps;

    /// <summary>Steps between saves (below 1: share of all steps).</summary>
    public double SaveSteps { get; init; } = 500;

    /// <summary>
    /// Saved states kept: 1 is <c>last/</c> alone (and always <c>best/</c>); more keep the newest as <c>checkpoint-STEP/</c> too, null
    /// keeps all.
    /// Hugging Face's default is null; a small disk prefers 1.
    /// </summary>
    public int? SaveTotalLimit { get; init; } = 1;

    /// <summary>
    /// Whether the best evaluated model, not the final one, is the run's result in <c>best/</c>. Naming <see cref="MetricForBestModel"/>
    /// asks for it too.
    /// </summary>
    public bool LoadBestModelAtEnd { get; init; }

    /// <summary>Metric that decides which model is best, with or without <c>eval_</c>; null is <c>eval_loss</c>.</summary>
    public string? MetricForBestModel { get; init; }

    /// <summary>
    /// Whether more of the metric is better; null: it is, unless its name ends in <c>loss</c>, as with Hugging Face, or it is an error such
    /// as <c>mse</c>.
    /// </summary>
    public bool? GreaterIsBetter { get; init; }

    /// <summary>Seed of new weights, of dropout and, unless <see cref="DataSeed"/> is set, of the order of rows.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Seed of the order of rows.</summary>
    public int? DataSeed { get; init; }

    /// <summary>Leave out the last batch of an epoch when it is smaller than the others.</summary>
    public bool DataloaderDropLast { get; init; }

    /// <summary>A name for reports.</summary>
    public string? RunName { get; init; }
}
