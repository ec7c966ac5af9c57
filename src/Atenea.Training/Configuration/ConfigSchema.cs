using Atenea.Data;
using static Atenea.Training.ConfigSchemaKinds;

namespace Atenea.Training;

/// <summary>
/// All keys of a config, in the order in which they are written. This one table serves reading, checking, dotted overrides, suggestions and
/// the complete config of a run's folder.
/// </summary>
public static class ConfigSchema
{
    private static readonly Dictionary<string, string> Tasks = new() { ["text-classification"] = "text-classification" };

    private static readonly Dictionary<string, DataFormat> DataFormats = new()
    {
        ["csv"] = DataFormat.Csv,
        ["tsv"] = DataFormat.Tsv,
        ["json"] = DataFormat.Json,
        ["jsonl"] = DataFormat.JsonLines,
        ["json-columns"] = DataFormat.JsonColumns,
        ["text"] = DataFormat.Text,
        ["paragraphs"] = DataFormat.Paragraphs,
        ["conll"] = DataFormat.Conll,
        ["semeval2010-task8"] = DataFormat.Relations,
        ["parquet"] = DataFormat.Parquet,
    };

    private static readonly Dictionary<string, string> Separators = new() { ["comma"] = ",", ["semicolon"] = ";", ["tab"] = "\t", ["pipe"] = "|" };

    private static readonly Dictionary<string, SplitMethod> SplitMethods = new()
    {
        ["scikit-learn"] = SplitMethod.ScikitLearn,
        ["datasets"] = SplitMethod.Datasets,
    };

    private static readonly Dictionary<string, string> ProblemTypes = new()
    {
        ["single_label_classification"] = "single_label_classification",
        ["multi_label_classification"] = "multi_label_classification",
        ["regression"] = "regression",
    };

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

    private static readonly Dictionary<string, string> Optimizers = new() { ["adamw_torch_fused"] = "adamw_torch_fused", ["adamw_torch"] = "adamw_torch" };

    /// <summary>The sections, in order, with what they are about.</summary>
    public static IReadOnlyList<(string Name, string Comment)> Sections { get; } =
    [
        ("", "What is trained."),
        ("model_options", "Changes to the model's own config.json; null keeps it."),
        ("data", "Rows: files (CSV, TSV, JSON, JSONL, Parquet, CoNLL, text, .gz of each; a relative path starts at this file's folder, * names several), or a hub dataset."),
        ("training", "Hugging Face TrainingArguments, with their meaning and defaults."),
    ];

    /// <summary>All keys.</summary>
    public static IReadOnlyList<ConfigKey> Keys { get; } =
    [
        Choice("task", Tasks, "Only text-classification so far: one label, several labels, or a number.", c => c.Task, (c, v) => c.Task = v),
        Text("model", "Hub id, embedded model or folder (a folder beginning with . starts at this file's folder).", c => c.Model, (c, v) => c.Model = v, namedOrFolder: true),
        OptionalText("revision", "Branch, tag or commit of a hub model; null is main. The run's own config names the commit.", c => c.Revision, (c, v) => c.Revision = v),

        OptionalChoice("model_options.problem_type", ProblemTypes, "null decides from the labels: several per row, or numbers, or names.",
            c => c.ModelOptions.ProblemType, (c, v) => c.ModelOptions.ProblemType = v),
        OptionalInteger("model_options.num_labels", 1, "Outputs; null is the number of labels.", c => c.ModelOptions.NumLabels, (c, v) => c.ModelOptions.NumLabels = v),
        OptionalRate("model_options.hidden_dropout_prob", "Dropout after each sub-layer.", c => c.ModelOptions.HiddenDropout, (c, v) => c.ModelOptions.HiddenDropout = v),
        OptionalRate("model_options.attention_probs_dropout_prob", "Dropout of attention probabilities.",
            c => c.ModelOptions.AttentionDropout, (c, v) => c.ModelOptions.AttentionDropout = v),
        OptionalRate("model_options.classifier_dropout", "Dropout before the classifier.", c => c.ModelOptions.ClassifierDropout, (c, v) => c.ModelOptions.ClassifierDropout = v),
        Boolean("model_options.from_scratch", "Random weights of the model's shape in place of its trained ones.",
            c => c.ModelOptions.FromScratch, (c, v) => c.ModelOptions.FromScratch = v),

        OptionalFile("data.train", "Training rows; with a dataset also the name of one of its splits.", c => c.Data.Train, (c, v) => c.Data.Train = v),
        OptionalFile("data.validation", "Validation rows.", c => c.Data.Validation, (c, v) => c.Data.Validation = v),
        OptionalFile("data.test", "Test rows, evaluated once at the end with the model in best/.", c => c.Data.Test, (c, v) => c.Data.Test = v),
        OptionalText("data.dataset", "Hub dataset or folder of splits, in place of files.", c => c.Data.Dataset, (c, v) => c.Data.Dataset = v, namedOrFolder: true),
        OptionalText("data.name", "Configuration of the hub dataset.", c => c.Data.Name, (c, v) => c.Data.Name = v),
        OptionalText("data.revision", "Revision of the hub dataset; null is main.", c => c.Data.Revision, (c, v) => c.Data.Revision = v),
        OptionalChoice("data.format", DataFormats.Keys.ToDictionary(k => k), "Format of the files; null goes by their names and content.",
            c => c.Data.Format is { } format ? DataFormats.First(f => f.Value == format).Key : null, (c, v) => c.Data.Format = v is null ? null : DataFormats[v]),
        OptionalText("data.encoding", "Encoding of the files, such as windows-1252; null recognises it.", c => c.Data.Encoding, (c, v) => c.Data.Encoding = v),
        OptionalChoice("data.separator", Separators, "Separator of CSV files; null goes by their header.",
            c => c.Data.Separator is { } s ? Separators.First(x => x.Value == s).Key : null, (c, v) => c.Data.Separator = v is null ? null : Separators.GetValueOrDefault(v, v)),
        new("data.columns", "a list of columns", "Names of the columns of files without a header.", (c, v) => c.Data.Columns = v.OptionalTextList(), c => Yaml.List(c.Data.Columns)),
        OptionalText("data.field", "Key below which a JSON file has its rows.", c => c.Data.Field, (c, v) => c.Data.Field = v),
        Boolean("data.skip_bad_rows", "Leave out rows that cannot be read, and count them; false ends at the first.", c => c.Data.SkipBadRows, (c, v) => c.Data.SkipBadRows = v),
        OptionalSize("data.test_size", "Test rows to sample from the training rows: below 1 a share, else a number.", c => c.Data.TestSize, (c, v) => c.Data.TestSize = v),
        OptionalSize("data.validation_size", "Validation rows to sample from the training rows that are left, likewise.", c => c.Data.ValidationSize, (c, v) => c.Data.ValidationSize = v),
        OptionalText("data.stratify", "Column whose shares the sampled splits keep, such as the label.", c => c.Data.Stratify, (c, v) => c.Data.Stratify = v),
        Choice("data.split_method", SplitMethods, "Whose train_test_split the sampled splits equal, row by row.", c => c.Data.SplitMethod, (c, v) => c.Data.SplitMethod = v),
        Boolean("data.shuffle", "Shuffle each split as datasets' shuffle(seed) does, before max_..._samples take its first rows.", c => c.Data.Shuffle, (c, v) => c.Data.Shuffle = v),
        Integer("data.split_seed", 0, "Seed of the sampled splits and of data.shuffle.", c => c.Data.SplitSeed, (c, v) => c.Data.SplitSeed = v),
        OptionalText("data.cache_dir", "Folder that keeps tokenised texts for later runs with the same texts and tokenizer; null keeps none.",
            c => c.Data.CacheDir, (c, v) => c.Data.CacheDir = v),
        Text("data.text", "Column of the text.", c => c.Data.Text, (c, v) => c.Data.Text = v),
        OptionalText("data.text_pair", "Column of the second text, for pairs.", c => c.Data.TextPair, (c, v) => c.Data.TextPair = v),
        new("data.label", "a column or a list of columns", "Column of the label, or a list of one column per label.",
            (c, v) => c.Data.Label = v.OneOrMoreTexts(), c => c.Data.Label is [string only] ? Yaml.Text(only) : Yaml.List(c.Data.Label)),
        new("data.labels", "a list of texts", "Label names in the order of their ids; null takes them from the training rows.",
            (c, v) => c.Data.Labels = v.OptionalTextList(), c => Yaml.List(c.Data.Labels)),
        OptionalInteger("data.max_length", 2, "Longest sequence in tokens, special ones included; null is the model's limit.", c => c.Data.MaxLength, (c, v) => c.Data.MaxLength = v),
        OptionalInteger("data.max_train_samples", 1, "Use only the first so many training rows.", c => c.Data.MaxTrainSamples, (c, v) => c.Data.MaxTrainSamples = v),
        OptionalInteger("data.max_eval_samples", 1, "Use only the first so many validation rows.", c => c.Data.MaxEvalSamples, (c, v) => c.Data.MaxEvalSamples = v),
        OptionalInteger("data.max_predict_samples", 1, "Use only the first so many test rows.", c => c.Data.MaxPredictSamples, (c, v) => c.Data.MaxPredictSamples = v),

        Text("training.output_dir", "Folder of the run, from the working folder.", c => c.Training.OutputDir, (c, v) => c.Training.OutputDir = v),
        OptionalText("training.run_name", "A name for reports.", c => c.Training.RunName, (c, v) => c.Training.RunName = v),
        Number("training.num_train_epochs", "Passes over the training rows.", c => c.Training.NumTrainEpochs, (c, v) => c.Training.NumTrainEpochs = v, withMinimum: false),
        new("training.max_steps", "a whole number", "Optimizer steps; positive replaces num_train_epochs, -1 leaves it.",
            (c, v) => c.Training.MaxSteps = v.Integer(-1), c => Yaml.Integer(c.Training.MaxSteps)),
        Integer("training.per_device_train_batch_size", 1, "Rows per micro-batch.", c => c.Training.PerDeviceTrainBatchSize, (c, v) => c.Training.PerDeviceTrainBatchSize = v),
        Integer("training.per_device_eval_batch_size", 1, "Rows per evaluation batch; no result depends on it.",
            c => c.Training.PerDeviceEvalBatchSize, (c, v) => c.Training.PerDeviceEvalBatchSize = v),
        Integer("training.gradient_accumulation_steps", 1, "Micro-batches per optimizer step; exactly as one big batch.",
            c => c.Training.GradientAccumulationSteps, (c, v) => c.Training.GradientAccumulationSteps = v),
        Boolean("training.dataloader_drop_last", "Leave out an epoch's last, smaller batch.", c => c.Training.DataloaderDropLast, (c, v) => c.Training.DataloaderDropLast = v),
        Number("training.learning_rate", "Highest learning rate.", c => c.Training.LearningRate, (c, v) => c.Training.LearningRate = v),
        Choice("training.lr_scheduler_type", ScheduleNames.ByName, "Course of the learning rate: " + string.Join(", ", ScheduleNames.ByName.Keys) + ".",
            c => c.Training.LrSchedulerType, (c, v) => c.Training.LrSchedulerType = v),
        new("training.lr_scheduler_kwargs", "a mapping", "Further settings of the schedule, such as {num_cycles: 2}.",
            (c, v) => c.Training.LrSchedulerKwargs = v.TextMap(), c => Yaml.Map(c.Training.LrSchedulerKwargs)),
        Steps("training.warmup_steps", true, "Steps of rising learning rate; below 1 a share of all steps.", c => c.Training.WarmupSteps, (c, v) => c.Training.WarmupSteps = v),
        Number("training.warmup_ratio", "The same as a share, used when warmup_steps is 0.", c => c.Training.WarmupRatio, (c, v) => c.Training.WarmupRatio = v, maximum: 1),
        Choice("training.optim", Optimizers, "AdamW under either name.", c => c.Training.Optim, (c, v) => c.Training.Optim = v),
        Number("training.weight_decay", "Decoupled decay; never of biases and normalisation weights.", c => c.Training.WeightDecay, (c, v) => c.Training.WeightDecay = v),
        Number("training.adam_beta1", "Decay of the first moment.", c => c.Training.AdamBeta1, (c, v) => c.Training.AdamBeta1 = v, maximum: 1, withMaximum: false),
        Number("training.adam_beta2", "Decay of the second moment.", c => c.Training.AdamBeta2, (c, v) => c.Training.AdamBeta2 = v, maximum: 1, withMaximum: false),
        Number("training.adam_epsilon", "AdamW's epsilon.", c => c.Training.AdamEpsilon, (c, v) => c.Training.AdamEpsilon = v),
        Number("training.max_grad_norm", "Gradients of a larger norm are scaled down to it; 0 turns that off.", c => c.Training.MaxGradNorm, (c, v) => c.Training.MaxGradNorm = v),
        Number("training.label_smoothing_factor", "Share of the target spread over all classes.",
            c => c.Training.LabelSmoothingFactor, (c, v) => c.Training.LabelSmoothingFactor = v, maximum: 1),
        Choice("training.eval_strategy", Intervals, "When to evaluate: no, epoch, steps.", c => c.Training.EvalStrategy, (c, v) => c.Training.EvalStrategy = v),
        OptionalSteps("training.eval_steps", "Steps between evaluations (below 1: share of all); null is logging_steps.",
            c => c.Training.EvalSteps, (c, v) => c.Training.EvalSteps = v),
        Number("training.eval_delay", "Epochs or steps before the first evaluation.", c => c.Training.EvalDelay, (c, v) => c.Training.EvalDelay = v),
        Boolean("training.eval_on_start", "Evaluate before the first step.", c => c.Training.EvalOnStart, (c, v) => c.Training.EvalOnStart = v),
        Choice("training.logging_strategy", Intervals, "When to log the loss: no, epoch, steps.", c => c.Training.LoggingStrategy, (c, v) => c.Training.LoggingStrategy = v),
        Steps("training.logging_steps", false, "Steps between log entries (below 1: share of all).", c => c.Training.LoggingSteps, (c, v) => c.Training.LoggingSteps = v),
        Boolean("training.logging_first_step", "Log the first step too.", c => c.Training.LoggingFirstStep, (c, v) => c.Training.LoggingFirstStep = v),
        Choice("training.save_strategy", Saves, "When to save last/: no, epoch, steps, best; always at the end.", c => c.Training.SaveStrategy, (c, v) => c.Training.SaveStrategy = v),
        Steps("training.save_steps", false, "Steps between saves (below 1: share of all).", c => c.Training.SaveSteps, (c, v) => c.Training.SaveSteps = v),
        OptionalInteger("training.save_total_limit", 1, "1: only last/ and best/; more: that many checkpoint-STEP/ too; null: all.",
            c => c.Training.SaveTotalLimit, (c, v) => c.Training.SaveTotalLimit = v),
        Boolean("training.load_best_model_at_end", "best/ holds the best evaluated model, not the final one.",
            c => c.Training.LoadBestModelAtEnd, (c, v) => c.Training.LoadBestModelAtEnd = v),
        OptionalText("training.metric_for_best_model", "Metric that decides (and asks for) the best model; null is eval_loss.",
            c => c.Training.MetricForBestModel, (c, v) => c.Training.MetricForBestModel = v),
        new("training.greater_is_better", "true or false", "null: more is better, except of a loss or an error.",
            (c, v) => c.Training.GreaterIsBetter = v.OptionalBoolean(), c => Yaml.Boolean(c.Training.GreaterIsBetter)),
        Integer("training.seed", 0, "Seed of new weights, dropout and order.", c => c.Training.Seed, (c, v) => c.Training.Seed = v),
        OptionalInteger("training.data_seed", 0, "Seed of the order of rows; null is seed.", c => c.Training.DataSeed, (c, v) => c.Training.DataSeed = v),
    ];

    private static readonly Dictionary<string, ConfigKey> ByPath = Keys.ToDictionary(k => k.Path, StringComparer.Ordinal);

    /// <summary>The key of a dotted name, or null.</summary>
    public static ConfigKey? Find(string path) => ByPath.GetValueOrDefault(path);
}
