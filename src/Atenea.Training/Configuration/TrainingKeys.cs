namespace Atenea.Training;

/// <summary>The keys of section <c>training</c>.</summary>
internal static class TrainingKeys
{
    private static readonly Dictionary<string, IntervalStrategy> Intervals = new()
    {
        ["no"] = IntervalStrategy.No,
        ["epoch"] = IntervalStrategy.Epoch,
        ["steps"] = IntervalStrategy.Steps,
    };

    private static readonly Dictionary<string, SaveStrategy> Saves = new()
    {
        ["no"] = SaveStrategy.No,
        ["epoch"] = SaveStrategy.Epoch,
        ["steps"] = SaveStrategy.Steps,
        ["best"] = SaveStrategy.Best,
    };

    private static readonly Dictionary<string, string> Optimizers = new()
    {
        ["adamw_torch_fused"] = "adamw_torch_fused",
        ["adamw_torch"] = "adamw_torch",
    };

    public static ConfigSection<TrainingOptions> Section { get; } = new ConfigSection<TrainingOptions>(
        "training", "Hugging Face TrainingArguments, with their meaning and defaults.",
        c => c.Training, (c, o) => c with { Training = o })
        .Text("output_dir", "Folder of the run, from the working folder.", o => o.OutputDir, (o, v) => o with { OutputDir = v })
        .OptionalText("run_name", "A name for reports.", o => o.RunName, (o, v) => o with { RunName = v })
        .Number("num_train_epochs", "Passes over the training rows.",
            o => o.NumTrainEpochs, (o, v) => o with { NumTrainEpochs = v }, withMinimum: false)
        .Key("max_steps", "a whole number", "Optimizer steps; positive replaces num_train_epochs, -1 leaves it.",
            (o, v) => o with { MaxSteps = v.Integer(-1) }, o => Yaml.Integer(o.MaxSteps))
        .Integer("per_device_train_batch_size", 1, "Rows per micro-batch.",
            o => o.PerDeviceTrainBatchSize, (o, v) => o with { PerDeviceTrainBatchSize = v })
        .Integer("per_device_eval_batch_size", 1, "Rows per evaluation batch; no result depends on it.",
            o => o.PerDeviceEvalBatchSize, (o, v) => o with { PerDeviceEvalBatchSize = v })
        .Integer("gradient_accumulation_steps", 1, "Micro-batches per optimizer step; exactly as one big batch.",
            o => o.GradientAccumulationSteps, (o, v) => o with { GradientAccumulationSteps = v })
        .Boolean("dataloader_drop_last", "Leave out an epoch's last, smaller batch.",
            o => o.DataloaderDropLast, (o, v) => o with { DataloaderDropLast = v })
        .Number("learning_rate", "Highest learning rate.", o => o.LearningRate, (o, v) => o with { LearningRate = v })
        .Choice("lr_scheduler_type", ScheduleNames.ByName,
            "Course of the learning rate: " + string.Join(", ", ScheduleNames.ByName.Keys) + ".",
            o => o.LrSchedulerType, (o, v) => o with { LrSchedulerType = v })
        .Key("lr_scheduler_kwargs", "a mapping", "Further settings of the schedule, such as {num_cycles: 2}.",
            (o, v) => o with { LrSchedulerKwargs = v.TextMap() }, o => Yaml.Map(o.LrSchedulerKwargs))
        .Steps("warmup_steps", true, "Steps of rising learning rate; below 1 a share of all steps.",
            o => o.WarmupSteps, (o, v) => o with { WarmupSteps = v })
        .Number("warmup_ratio", "The same as a share, used when warmup_steps is 0.",
            o => o.WarmupRatio, (o, v) => o with { WarmupRatio = v }, maximum: 1)
        .Choice("optim", Optimizers, "AdamW under either name.", o => o.Optim, (o, v) => o with { Optim = v })
        .Number("weight_decay", "Decoupled decay; never of biases and normalisation weights.",
            o => o.WeightDecay, (o, v) => o with { WeightDecay = v })
        .Number("adam_beta1", "Decay of the first moment.",
            o => o.AdamBeta1, (o, v) => o with { AdamBeta1 = v }, maximum: 1, withMaximum: false)
        .Number("adam_beta2", "Decay of the second moment.",
            o => o.AdamBeta2, (o, v) => o with { AdamBeta2 = v }, maximum: 1, withMaximum: false)
        .Number("adam_epsilon", "AdamW's epsilon.", o => o.AdamEpsilon, (o, v) => o with { AdamEpsilon = v })
        .Number("max_grad_norm", "Gradients of a larger norm are scaled down to it; 0 turns that off.",
            o => o.MaxGradNorm, (o, v) => o with { MaxGradNorm = v })
        .Number("label_smoothing_factor", "Share of the target spread over all classes.",
            o => o.LabelSmoothingFactor, (o, v) => o with { LabelSmoothingFactor = v }, maximum: 1)
        .Choice("eval_strategy", Intervals, "When to evaluate: no, epoch, steps.",
            o => o.EvalStrategy, (o, v) => o with { EvalStrategy = v })
        .OptionalSteps("eval_steps", "Steps between evaluations (below 1: share of all); null is logging_steps.",
            o => o.EvalSteps, (o, v) => o with { EvalSteps = v })
        .Number("eval_delay", "Epochs or steps before the first evaluation.", o => o.EvalDelay, (o, v) => o with { EvalDelay = v })
        .Boolean("eval_on_start", "Evaluate before the first step.", o => o.EvalOnStart, (o, v) => o with { EvalOnStart = v })
        .Choice("logging_strategy", Intervals, "When to log the loss: no, epoch, steps.",
            o => o.LoggingStrategy, (o, v) => o with { LoggingStrategy = v })
        .Steps("logging_steps", false, "Steps between log entries (below 1: share of all).",
            o => o.LoggingSteps, (o, v) => o with { LoggingSteps = v })
        .Boolean("logging_first_step", "Log the first step too.", o => o.LoggingFirstStep, (o, v) => o with { LoggingFirstStep = v })
        .Choice("save_strategy", Saves, "When to save last/: no, epoch, steps, best; always at the end.",
            o => o.SaveStrategy, (o, v) => o with { SaveStrategy = v })
        .Steps("save_steps", false, "Steps between saves (below 1: share of all).", o => o.SaveSteps, (o, v) => o with { SaveSteps = v })
        .OptionalInteger("save_total_limit", 1, "1: only last/ and best/; more: that many checkpoint-STEP/ too; null: all.",
            o => o.SaveTotalLimit, (o, v) => o with { SaveTotalLimit = v })
        .Boolean("load_best_model_at_end", "best/ holds the best evaluated model, not the final one.",
            o => o.LoadBestModelAtEnd, (o, v) => o with { LoadBestModelAtEnd = v })
        .OptionalText("metric_for_best_model", "Metric that decides (and asks for) the best model; null is eval_loss.",
            o => o.MetricForBestModel, (o, v) => o with { MetricForBestModel = v })
        .Key("greater_is_better", "true or false", "null: more is better, except of a loss or an error.",
            (o, v) => o with { GreaterIsBetter = v.OptionalBoolean() }, o => Yaml.Boolean(o.GreaterIsBetter))
        .Integer("seed", 0, "Seed of new weights, dropout and order.", o => o.Seed, (o, v) => o with { Seed = v })
        .OptionalInteger("data_seed", 0, "Seed of the order of rows; null is seed.", o => o.DataSeed, (o, v) => o with { DataSeed = v });
}
