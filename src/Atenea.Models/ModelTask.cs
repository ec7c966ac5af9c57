using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Models;

/// <summary>
/// What a model is for: one class of models here, one ending of class names in transformers, and the name under which it is trained and
/// asked.
/// </summary>
/// <param name="Name">The name of configs and commands, that of transformers' pipelines, for example <c>token-classification</c>.</param>
/// <param name="Title">Its name in a sentence.</param>
/// <param name="ClassSuffix">What follows the family's stem in the class name, for example <c>ForTokenClassification</c>.</param>
/// <param name="ModelClass">The class here.</param>
/// <param name="IsOffered">Whether a family has such a class.</param>
/// <param name="Create">Builds the model on an encoder of a family that has it.</param>
public sealed record ModelTask(
    string Name, string Title, string ClassSuffix, Type ModelClass, Func<ModelFamily, bool> IsOffered, Func<HeadSite, Model> Create)
{
    /// <summary>Other names, by which configs and commands know it too.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether the encoder stands alone, without its prefix in the names of a checkpoint.</summary>
    public bool IsBareEncoder { get; init; }

    /// <summary>The task of a name or other name; null if there is none.</summary>
    public static ModelTask? Named(string name) =>
        ModelRegistry.Tasks.FirstOrDefault(task => task.Name == name || task.Aliases.Contains(name));

    /// <summary>The task of a class here.</summary>
    /// <typeparam name="T">A sealed subclass of <see cref="Model"/>.</typeparam>
    public static ModelTask Of<T>()
        where T : Model => ModelRegistry.Tasks.First(task => task.ModelClass == typeof(T));

    /// <summary>The task that a configuration's first architecture names.</summary>
    /// <exception cref="AteneaException">The family is unknown (ATN0501), or has no such class or none is named (ATN0509).</exception>
    public static ModelTask Of(ModelConfig config) => config.Architectures is [string name, ..]
        ? Of(config, name)
        : throw new AteneaException(Catalogue.ModelClassUnsupported, "config.json does not name the model's class",
            $"{config.Source}: architectures", "write the class into architectures, or say what the model is for");

    /// <summary>The task of a class of transformers.</summary>
    /// <param name="config">Gives the family.</param>
    /// <param name="className">For example <c>BertForMaskedLM</c>.</param>
    /// <exception cref="AteneaException">The family is unknown (ATN0501), or has no such class (ATN0509).</exception>
    public static ModelTask Of(ModelConfig config, string className)
    {
        ModelFamily family = ModelRegistry.FamilyOf(config);
        return Find(family, className) ?? throw Unsupported(family, className, $"{config.Source}: architectures");
    }

    /// <summary>The task of a class of a family, or null if it has no such class here.</summary>
    public static ModelTask? Find(ModelFamily family, string className) =>
        ModelRegistry.Tasks.FirstOrDefault(task => task.IsOffered(family) && family.ClassNameOf(task.ClassSuffix) == className);

    /// <summary>Builds a model with newly drawn weights.</summary>
    /// <param name="config">The configuration; copied.</param>
    /// <param name="seed">The weights depend on it and on the parameters' names alone.</param>
    /// <param name="adapters">What puts adapters on its layers; null for none.</param>
    /// <exception cref="AteneaException">
    /// The family is unknown (ATN0501) or has no such class (ATN0509), or a value makes no sense (ATN0410, ATN0502, ATN0503).
    /// </exception>
    public Model FromConfig(ModelConfig config, ulong seed, LayerAdapters? adapters = null)
    {
        Model model = Build(config.Clone(), adapters);
        try
        {
            WeightInitializer.DrawAll(model, seed);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Builds a model with weights of zeros; the configuration becomes the model's.</summary>
    internal Model Build(ModelConfig config, LayerAdapters? adapters)
    {
        ModelFamily family = ModelRegistry.FamilyOf(config);
        if (!IsOffered(family)) throw Unsupported(family, family.ClassNameOf(ClassSuffix), config.Source);
        var parameters = new ParameterSet(adapters);
        try
        {
            ParameterScope scope = IsBareEncoder ? parameters.Root : parameters.Root / family.Prefix;
            return Create(new HeadSite(config, family, this, family.CreateEncoder(config, scope), scope, parameters.Root));
        }
        catch
        {
            parameters.Dispose(); // Nobody else will: the caller never gets the model.
            throw;
        }
    }

    /// <summary>The error of a class that a family does not have here; it names those that it has, the nearest first.</summary>
    private static AteneaException Unsupported(ModelFamily family, string className, string where)
    {
        IEnumerable<ModelTask> offered = ModelRegistry.Tasks.Where(task => task.IsOffered(family));
        string[] names = [.. offered.Select(task => family.ClassNameOf(task.ClassSuffix))];
        IReadOnlyList<string> near = Suggestion.Nearest(className, names, names.Length);
        string[] ordered = [.. near, .. names.Except(near)];
        return new AteneaException(Catalogue.ModelClassUnsupported, $"'{className}'", where,
            $"the classes of '{family.ModelType}' that can be run here are {string.Join(", ", ordered)}");
    }
}
