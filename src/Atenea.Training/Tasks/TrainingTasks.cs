using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;

namespace Atenea.Training;

/// <summary>The tasks that a config's <c>task</c> may name: those built in, and one's own once they are registered.</summary>
/// <example><code>
/// TrainingTasks.Register(new TaskKind("my-task", ModelTask.Of&lt;SequenceClassifier&gt;(), context => new MyTask(context)));
/// TrainingRun.Train(ConfigReader.Read("my-config.yaml"));
/// </code></example>
public static class TrainingTasks
{
    private static readonly List<TaskKind> Kinds =
    [
        BuiltIn<SequenceClassifier>(context => new TextClassificationTask(context)),
        BuiltIn<TokenClassifier>(context => new TokenClassificationTask(context)),
        BuiltIn<MaskedLanguageModel>(context => new MaskedLanguageTask(context)),
    ];

    private static readonly Dictionary<string, string> ByName = new(
        Kinds.SelectMany(kind => kind.Aliases.Prepend(kind.Name).Select(name => KeyValuePair.Create(name, kind.Name))),
        StringComparer.Ordinal);

    // A task is trained under the names by which its models are asked.
    private static TaskKind BuiltIn<T>(Func<TaskContext, TrainingTask> create)
        where T : Model
    {
        ModelTask model = ModelTask.Of<T>();
        return new(model.Name, model, create) { Aliases = model.Aliases };
    }

    /// <summary>Every task.</summary>
    public static IReadOnlyList<TaskKind> All => Kinds;

    /// <summary>The name of each task, by that name and by the others that mean it.</summary>
    public static IReadOnlyDictionary<string, string> Names => ByName;

    /// <summary>Adds a task. Not while configs are being read by another thread.</summary>
    /// <exception cref="ArgumentException">There is a task of that name.</exception>
    public static void Register(TaskKind kind)
    {
        if (ByName.ContainsKey(kind.Name)) throw new ArgumentException($"there is a task '{kind.Name}'", nameof(kind));
        Kinds.Add(kind);
        foreach (string name in kind.Aliases.Prepend(kind.Name)) ByName[name] = kind.Name;
    }

    /// <summary>A task by name.</summary>
    /// <exception cref="AteneaException">There is none of that name (ATN0113).</exception>
    public static TaskKind Find(string name) => Kinds.Find(kind => kind.Name == ByName.GetValueOrDefault(name))
        ?? throw new AteneaException(Catalogue.ConfigValueWrong,
            $"there is no task '{name}'; the tasks are {string.Join(", ", ByName.Keys)}",
            "task", Suggestion.DidYouMean(name, ByName.Keys));

    /// <summary>
    /// The task that a model was trained for: what its settings say, else what its class is for; null if that is no task.
    /// </summary>
    internal static TaskKind? Of(ModelConfig config, string? trainedFor)
    {
        if (trainedFor is not null && ByName.ContainsKey(trainedFor)) return Find(trainedFor);
        return config.Architectures is [string name, ..] && ModelTask.Find(ModelRegistry.FamilyOf(config), name) is { } model
            ? Kinds.Find(kind => kind.Model == model)
            : null;
    }
}
