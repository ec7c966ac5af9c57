using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Models;

/// <summary>
/// The families, by <c>model_type</c>, and the tasks that models are built for. A new family of this repository is one file under
/// <c>Families/</c> and one line here, a new task one file under <c>Tasks/</c> and one line. Others add their own with
/// <see cref="Register(ModelFamily)"/> and <see cref="Register(ModelTask)"/>, once, before they load a model; from then on theirs are
/// loaded, saved, trained and listed like those that are built in.
/// </summary>
public static class ModelRegistry
{
    private static readonly Lock Turn = new();

    // Replaced as a whole, so that readers need no lock.
    private static ModelFamily[] s_families =
    [
        Bert.Family,
        DistilBert.Family,
        Roberta.Family,
        XlmRoberta.Family,
        Camembert.Family,
        Albert.Family,
        Electra.Family,
        Mpnet.Family,
        Deberta.Family,
        DebertaV2.Family,
        ModernBert.Family,
        Qwen2.Family,
        Gpt2.Family,
    ];

    private static ModelTask[] s_tasks =
    [
        BaseModel.Task,
        SequenceClassifier.Task,
        TokenClassifier.Task,
        MaskedLanguageModel.Task,
        QuestionAnsweringModel.Task,
        PretrainingModel.Task,
        NextSentencePredictor.Task,
        Discriminator.Task,
        MultipleChoiceModel.Task,
        CausalLanguageModel.Task,
    ];

    /// <summary>Every family, in the order in which they are listed to users.</summary>
    public static IReadOnlyList<ModelFamily> Families => Volatile.Read(ref s_families);

    /// <summary>Every task.</summary>
    public static IReadOnlyList<ModelTask> Tasks => Volatile.Read(ref s_tasks);

    /// <summary>Adds a family.</summary>
    /// <exception cref="ArgumentException">There is one of its <c>model_type</c>.</exception>
    public static void Register(ModelFamily family)
    {
        lock (Turn)
        {
            if (s_families.Any(known => known.ModelType == family.ModelType))
                throw new ArgumentException($"there is a family '{family.ModelType}'", nameof(family));
            Volatile.Write(ref s_families, [.. s_families, family]);
        }
    }

    /// <summary>Adds a task.</summary>
    /// <exception cref="ArgumentException">There is one of its class.</exception>
    public static void Register(ModelTask task)
    {
        lock (Turn)
        {
            if (s_tasks.Any(known => known.ModelClass == task.ModelClass))
                throw new ArgumentException($"there is a task of {task.ModelClass.Name}", nameof(task));
            Volatile.Write(ref s_tasks, [.. s_tasks, task]);
        }
    }

    /// <summary>The family of a configuration.</summary>
    /// <exception cref="AteneaException">Its <c>model_type</c> is unknown (ATN0501) or missing (ATN0410).</exception>
    public static ModelFamily FamilyOf(ModelConfig config)
    {
        string type = config.ModelType;
        if (Families.FirstOrDefault(family => family.ModelType == type) is { } known) return known;
        string[] names = [.. Families.Select(family => family.ModelType)];
        IReadOnlyList<string> near = Suggestion.Nearest(type, names, names.Length);
        string[] ordered = [.. near, .. names.Except(near)];
        throw new AteneaException(Catalogue.UnknownModelType, $"'{type}'", $"{config.Source}: model_type",
            $"use a model of one of the built-in families: {string.Join(", ", ordered)}");
    }

    /// <summary>The most tokens that a sequence may have in a model of this configuration. Takes no memory for weights.</summary>
    /// <exception cref="AteneaException">The family is unknown (ATN0501) or a value makes no sense (ATN0410, ATN0502, ATN0503).</exception>
    public static int MaxPositionsOf(ModelConfig config) => SizesOf(config).MaxPositions;

    /// <summary>The sizes of the encoder of this configuration. Takes no memory for weights.</summary>
    /// <exception cref="AteneaException">The family is unknown (ATN0501) or a value makes no sense (ATN0410, ATN0502, ATN0503).</exception>
    public static EncoderSizes SizesOf(ModelConfig config)
    {
        using var parameters = new ParameterSet();
        return FamilyOf(config).CreateEncoder(config, parameters.Root).Sizes;
    }
}
