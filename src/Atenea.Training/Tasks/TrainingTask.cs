using System.Globalization;
using Atenea.Data;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Reports;

namespace Atenea.Training;

/// <summary>
/// What a model is trained for, in one run: which rows are fit for it and what they say (labels), how rows become features, how features
/// become batches with labels, and how outputs are scored. The loop, the evaluator and the verifier know a task by this class alone. A task
/// of one's own derives from it and is named with <see cref="TrainingTasks.Register"/>.
/// </summary>
public abstract class TrainingTask
{
    private static readonly (string Key, Func<ModelOptions, double?> Value)[] Dropouts =
    [
        ("hidden_dropout_prob", o => o.HiddenDropout),
        ("attention_probs_dropout_prob", o => o.AttentionDropout),
        ("classifier_dropout", o => o.ClassifierDropout),
    ];

    /// <summary>Makes the task of a run.</summary>
    protected TrainingTask(TaskContext context)
    {
        Context = context;
        MaxLength = Math.Min(context.Config.Data.MaxLength ?? int.MaxValue, context.LongestSequence);
    }

    /// <summary>What the task was made for.</summary>
    public TaskContext Context { get; }

    /// <summary>Longest sequence in tokens: what the config asks for, as far as the model takes it.</summary>
    public int MaxLength { get; }

    /// <summary>Names of the metrics that an evaluation gives, the loss first.</summary>
    public abstract IReadOnlyList<string> MetricNames { get; }

    /// <summary>The metrics that a report shows over the course of a run; the first of them is its headline.</summary>
    public abstract IReadOnlyList<string> Headlines { get; }

    /// <summary>The labels by id, once they are known; null for tasks without.</summary>
    public virtual IReadOnlyList<string>? Labels => null;

    /// <summary>What the outputs mean, for tasks where that is a choice; else null.</summary>
    public virtual ProblemType? Problem => null;

    /// <summary>The columns that predictions are made from and scored by, as they are saved with the model.</summary>
    public abstract DataColumns Columns { get; }

    /// <summary>
    /// Keys of the config, by their dotted names, that decide what an evaluation of the trained model sees, besides columns and lengths.
    /// They are saved with the model.
    /// </summary>
    public virtual IReadOnlyList<string> EvaluationKeys => ["task_options"];

    /// <summary>
    /// Settles what the training rows decide, such as the labels, and leaves out the rows that cannot be trained on. Called once, before
    /// everything else.
    /// </summary>
    /// <exception cref="AteneaException">The rows are not what the task needs (ATN02xx), or do not fit the config (ATN0116).</exception>
    public abstract Dataset Learn(Dataset train);

    /// <summary>Takes from a trained model what <see cref="Learn"/> takes from training rows.</summary>
    /// <param name="model">The model, of the class that the task is registered with.</param>
    /// <param name="rows">The rows that will be scored, for what the model's files leave open.</param>
    public abstract void Adopt(TaskModel model, Dataset rows);

    /// <summary>Leaves out the rows that cannot be scored.</summary>
    public abstract Dataset Clean(Dataset rows);

    /// <summary>Makes the features of rows that were cleaned, with their labels.</summary>
    /// <exception cref="AteneaException">A row is not what the task needs (ATN02xx).</exception>
    public abstract FeatureSet Encode(Dataset rows);

    /// <summary>The config with what the rows decided, so that it repeats the run.</summary>
    public virtual RunConfig Resolve(RunConfig config) => config with { Data = config.Data with { MaxLength = MaxLength } };

    /// <summary>Loads the model to train, with a new head where the files have none that fits.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <exception cref="AteneaException">The model cannot be loaded (ATN04xx, ATN05xx).</exception>
    public virtual TaskModel Build(string folder)
    {
        RunConfig config = Context.Config;
        ModelTask model = TrainingTasks.Find(config.Task).Model;
        var seed = (ulong)config.Training.Seed;
        if (!config.ModelOptions.FromScratch)
        {
            return (TaskModel)ModelLoader.Load(folder, model, new ModelLoadOptions
            {
                Labels = Labels,
                ProblemType = Problem,
                IgnoreMismatchedSizes = true,
                Configure = Configure,
                Seed = seed,
            });
        }

        ModelConfig fresh = Context.Model.Clone();
        if (Labels is { } labels) fresh.SetLabels(labels);
        if (Problem is { } problem) fresh.ProblemType = problem;
        Configure(fresh);
        return (TaskModel)model.FromConfig(fresh, seed);
    }

    /// <summary>
    /// Puts features and their labels into a batch. What it puts there may depend on the run's seed and the epoch, but on nothing else than
    /// these and the features, so that an interrupted run goes on alike. It must allocate nothing once the buffers are large enough.
    /// </summary>
    /// <param name="batch">The empty batch to fill.</param>
    /// <param name="labels">The empty labels to fill: every one of the model's <see cref="TaskModel.LabelArguments"/>.</param>
    /// <param name="features">The features.</param>
    /// <param name="members">Which of them, in this order.</param>
    /// <param name="epoch">The epoch of training, from 0; null in evaluation.</param>
    public virtual void Fill(InputBatch batch, ModelLabels labels, FeatureSet features, ReadOnlySpan<int> members, int? epoch)
    {
        foreach (int feature in members) batch.Add(features.Ids(feature), features.TypeIds(feature));
        for (int i = 0; i < features.Labels.Count; i++)
        {
            FeatureLabels column = features.Labels[i];
            foreach (int feature in members)
            {
                if (column.AreIds) labels.Add(column.Name, column.Ids(feature));
                else labels.Add(column.Name, column.Numbers(feature));
            }
        }
    }

    /// <summary>Scores one evaluation of features.</summary>
    public abstract TaskScorer Score(FeatureSet features);

    /// <summary>What the model's outputs stand for, in a few words for people, such as the names of the labels.</summary>
    public virtual string Describe() => Labels is not { } labels ? ""
        : $"{labels.Count} labels ({string.Join(", ", labels.Take(10))}{(labels.Count > 10 ? $" and {labels.Count - 10} more" : "")})";

    /// <summary>Adds to a report what is worth knowing about the features.</summary>
    /// <param name="report">The report, at its section on data.</param>
    /// <param name="splits">The features by the name of their split.</param>
    public virtual void AddToReport(Report report, IReadOnlyList<(string Name, FeatureSet Features)> splits)
    {
    }

    /// <summary>
    /// The config's labels; else the model's own if they cover the rows, so that a model trained before goes on as it is; else those found.
    /// </summary>
    /// <param name="find">Finds the labels that the training rows show.</param>
    private protected LabelSet Choose(Func<LabelSet> find)
    {
        if (Context.Config.Data.Labels is { } named) return new LabelSet(named);
        LabelSet found = find();
        if (Problem == ProblemType.Regression || !Context.Model.NamesLabels) return found;
        IReadOnlyList<string> own = Context.Model.Labels;
        return found.Names.All(own.Contains) ? new LabelSet(own) : found;
    }

    /// <summary>The labels of a trained model; classes without names (LABEL_0 ...) are known by their numbers.</summary>
    private protected static LabelSet LabelsOf(TaskModel model)
    {
        IReadOnlyList<string> labels = model.Config.Labels;
        return new LabelSet(model.Config.NamesLabels ? labels : [.. labels.Select((_, id) => id.ToString(CultureInfo.InvariantCulture))]);
    }

    /// <summary>Refuses a number of outputs that is not that of the labels.</summary>
    /// <exception cref="AteneaException">The config asks for another number of outputs (ATN0116).</exception>
    private protected void CheckCount(LabelSet labels)
    {
        if (Context.Config.ModelOptions.NumLabels is not { } count || count == labels.Count) return;
        throw new AteneaException(Catalogue.ConfigConflict,
            $"model_options.num_labels is {count}, the data have {labels.Count} labels: {string.Join(", ", labels.Names)}",
            remedy: "leave model_options.num_labels out, or name all labels under data.labels");
    }

    /// <summary>Features from the config's cache if there is one and they are in it, else made.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">The columns that the features are made of.</param>
    /// <param name="settings">What else decides them.</param>
    /// <param name="make">Makes them.</param>
    private protected FeatureSet Cached(Dataset rows, IReadOnlyList<string> columns, string settings, Func<FeatureSet> make) =>
        Context.Config.Data.CacheDir is { } folder
            ? new FeatureCache(folder).Get(rows, columns, Context.Tokenizer, $"{settings}\n{MaxLength}", make)
            : make();

    private void Configure(ModelConfig json)
    {
        foreach ((string key, Func<ModelOptions, double?> value) in Dropouts)
        {
            if (value(Context.Config.ModelOptions) is { } dropout) json.Set(key, dropout);
        }
    }
}
