using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Models;

/// <summary>How a model is loaded.</summary>
public sealed record ModelLoadOptions
{
    /// <summary>The label names of a classifier by id; null for those of the checkpoint's config.json.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>What the outputs mean; null for what config.json says.</summary>
    public ProblemType? ProblemType { get; init; }

    /// <summary>
    /// Whether a head of another shape (another number of labels) is drawn anew; else it is an error. The encoder's shapes must always fit.
    /// </summary>
    public bool IgnoreMismatchedSizes { get; init; }

    /// <summary>Changes the configuration before the model is built, for example its dropout; null for nothing.</summary>
    public Action<ModelConfig>? Configure { get; init; }

    /// <summary>
    /// Whether a head that the checkpoint lacks is an error, as it is for those who want answers; else it is drawn anew and reported, for
    /// training.
    /// </summary>
    public bool RequireTrainedHead { get; init; }

    /// <summary>What puts adapters on the model's layers while it is built; null for none.</summary>
    public LayerAdapters? Adapters { get; init; }

    /// <summary>Seed of newly drawn weights.</summary>
    public ulong Seed { get; init; } = 42;
}

/// <summary>
/// Builds models from folders in the layout of transformers: <c>config.json</c> and weights in any of the forms that
/// <see cref="Checkpoint"/> opens. A name of the hub is turned into its folder by <see cref="ModelLocator"/>.
/// </summary>
/// <example><code>
/// using SequenceClassifier model = ModelLoader.Load&lt;SequenceClassifier&gt;(
///     ModelLocator.Find("all-MiniLM-L6-v2").Folder,
///     new ModelLoadOptions { Labels = ["anger", "joy", "optimism", "sadness"] });
/// Console.WriteLine(model.LoadReport);
/// </code></example>
public static class ModelLoader
{
    /// <summary>Heads that some families store under the same names, so that one's weights would fill another's without a word.</summary>
    private static readonly ModelTask[] Lookalikes =
        [SequenceClassifier.Task, TokenClassifier.Task, QuestionAnsweringModel.Task, MultipleChoiceModel.Task];

    /// <summary>Loads the model that config.json names under <c>architectures</c>.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="options">Labels and the like; the checkpoint's own when left out.</param>
    /// <exception cref="AteneaException">
    /// Files are missing or malformed (ATN04xx), the family (ATN0501) or the class (ATN0509) is unknown, a shape does not fit (ATN0504),
    /// weights of the encoder (ATN0505) or of a head that must be trained (ATN0551) are missing.
    /// </exception>
    public static Model Load(string folder, ModelLoadOptions? options = null)
    {
        ModelConfig config = ModelConfig.Load(folder);
        return Load(folder, config, ModelTask.Of(config), options ?? new ModelLoadOptions());
    }

    /// <summary>Loads a model for a task. A head that the checkpoint lacks is drawn anew and reported.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="task">What it is for.</param>
    /// <param name="options">Labels and the like; the checkpoint's own when left out.</param>
    /// <exception cref="AteneaException">As for <see cref="Load(string, ModelLoadOptions?)"/>.</exception>
    public static Model Load(string folder, ModelTask task, ModelLoadOptions? options = null) =>
        Load(folder, ModelConfig.Load(folder), task, options ?? new ModelLoadOptions());

    /// <summary>Loads a model as a class. A head that the checkpoint lacks is drawn anew and reported.</summary>
    /// <typeparam name="T">The class, for example <see cref="TokenClassifier"/>.</typeparam>
    /// <param name="folder">The model's folder.</param>
    /// <param name="options">Labels and the like; the checkpoint's own when left out.</param>
    /// <exception cref="AteneaException">As for <see cref="Load(string, ModelLoadOptions?)"/>.</exception>
    public static T Load<T>(string folder, ModelLoadOptions? options = null)
        where T : Model => (T)Load(folder, ModelTask.Of<T>(), options);

    /// <summary>Builds a model of a class with newly drawn weights.</summary>
    /// <typeparam name="T">The class, for example <see cref="TokenClassifier"/>.</typeparam>
    /// <param name="config">The configuration; copied.</param>
    /// <param name="seed">The weights depend on it and on the parameters' names alone.</param>
    /// <exception cref="AteneaException">As for <see cref="ModelTask.FromConfig"/>.</exception>
    public static T New<T>(ModelConfig config, ulong seed)
        where T : Model => (T)ModelTask.Of<T>().FromConfig(config, seed);

    private static Model Load(string folder, ModelConfig config, ModelTask task, ModelLoadOptions options)
    {
        if (options.Labels is { } labels) config.SetLabels(labels);
        if (options.ProblemType is { } problem) config.ProblemType = problem;
        options.Configure?.Invoke(config);
        ModelFamily family = ModelRegistry.FamilyOf(config);
        if (options.RequireTrainedHead && config.Architectures is [string stored, ..] && IsForAnother(family, task, stored))
        {
            throw new AteneaException(Catalogue.HeadUntrained,
                $"it is asked for {task.Title} ({family.ClassNameOf(task.ClassSuffix)}); its head was trained as {stored}", folder);
        }

        using ITensorSource source = Checkpoint.Open(folder); // Opened first: a broken file is refused before memory is taken.
        Model model = task.Build(config, options.Adapters);
        try
        {
            model.LoadReport = new CheckpointReader(model, source, options.IgnoreMismatchedSizes, options.Seed).Read();
            NewWeight[] missing = [.. model.LoadReport.NewIn(ParameterPart.Head)];
            if (options.RequireTrainedHead && missing.Length > 0) throw Untrained(model, task, missing, folder);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static bool IsForAnother(ModelFamily family, ModelTask task, string storedClass) =>
        Lookalikes.Contains(task) && ModelTask.Find(family, storedClass) is { } stored && stored != task && Lookalikes.Contains(stored);

    private static AteneaException Untrained(Model model, ModelTask task, NewWeight[] missing, string folder)
    {
        string stored = model.Config.Architectures is [string name, ..] && name != model.ClassName ? $"; it was saved as {name}" : "";
        string more = missing.Length > 1 ? $" and {missing.Length - 1} more" : "";
        return new AteneaException(Catalogue.HeadUntrained,
            $"{task.Title} ({model.ClassName}) needs '{missing[0].Name}'{more}, which the checkpoint does not have{stored}", folder);
    }
}
