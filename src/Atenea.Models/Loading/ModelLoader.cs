using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Models;

/// <summary>How a sequence classifier is loaded.</summary>
public sealed record SequenceClassifierOptions
{
    /// <summary>The label names by id; null for those of the checkpoint's config.json.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>What the outputs mean; null for what config.json says.</summary>
    public ProblemType? ProblemType { get; init; }

    /// <summary>
    /// Whether a head of another shape (another number of labels) is drawn anew; else it is an error. The encoder's shapes must always fit.
    /// </summary>
    public bool IgnoreMismatchedSizes { get; init; }

    /// <summary>Changes the configuration before the model is built, for example its dropout; null for nothing.</summary>
    public Action<ModelConfig>? Configure { get; init; }

    /// <summary>Seed of newly drawn weights.</summary>
    public ulong Seed { get; init; } = 42;
}

/// <summary>
/// Builds models from folders in the layout of transformers: <c>config.json</c> and weights in any of the forms that
/// <see cref="Checkpoint"/> opens. A name of the hub is turned into its folder by <see cref="ModelLocator"/>.
/// </summary>
/// <example><code>
/// using SequenceClassifier model = ModelLoader.LoadSequenceClassifier(
///     ModelLocator.Find("all-MiniLM-L6-v2").Folder,
///     new SequenceClassifierOptions { Labels = ["anger", "joy", "optimism", "sadness"] });
/// Console.WriteLine(model.LoadReport);
/// </code></example>
public static class ModelLoader
{
    /// <summary>Loads a sequence classifier. A head that the checkpoint lacks is drawn anew and reported.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="options">Labels and the like; the checkpoint's own when left out.</param>
    /// <exception cref="AteneaException">
    /// Files are missing or malformed (ATN04xx), the family is unknown (ATN0501), a shape does not fit (ATN0504), weights of the encoder are missing (ATN0505).
    /// </exception>
    public static SequenceClassifier LoadSequenceClassifier(string folder, SequenceClassifierOptions? options = null)
    {
        options ??= new SequenceClassifierOptions();
        ModelConfig config = ModelConfig.Load(folder);
        if (options.Labels is { } labels) config.SetLabels(labels);
        if (options.ProblemType is { } problem) config.ProblemType = problem;
        options.Configure?.Invoke(config);
        return Load(folder, () => SequenceClassifier.Create(config, ModelRegistry.FamilyOf(config)), options.IgnoreMismatchedSizes, options.Seed);
    }

    /// <summary>Loads a bare encoder. A pooler that the checkpoint lacks is drawn anew and reported.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="seed">Seed of newly drawn weights.</param>
    /// <exception cref="AteneaException">As for <see cref="LoadSequenceClassifier"/>.</exception>
    public static BaseModel LoadBase(string folder, ulong seed = 42)
    {
        ModelConfig config = ModelConfig.Load(folder);
        return Load(folder, () => BaseModel.Create(config, ModelRegistry.FamilyOf(config)), ignoreMismatchedSizes: false, seed);
    }

    private static T Load<T>(string folder, Func<T> create, bool ignoreMismatchedSizes, ulong seed)
        where T : Model
    {
        using ITensorSource source = Checkpoint.Open(folder); // Opened first: a broken file is refused before memory is taken.
        T model = create();
        try
        {
            model.LoadReport = new CheckpointReader(model, source, ignoreMismatchedSizes, seed).Read();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
