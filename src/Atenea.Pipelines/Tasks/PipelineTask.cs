using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;

namespace Atenea.Pipelines;

/// <summary>
/// A task by its name, under which command line and server offer a pipeline. The names are those of transformers; a program adds a task of
/// its own with <see cref="Register"/>.
/// </summary>
/// <param name="Name">For example <c>fill-mask</c>.</param>
/// <param name="Create">Loads a model (a run's folder, a model folder, or a hub id) and answers.</param>
/// <example><code>
/// using TaskPipeline pipeline = PipelineTask.Find("fill-mask").Load("bert-base-uncased", new TaskParameters { TopK = 3 });
/// foreach (TaskAnswer each in pipeline.Answer([TextRow.Of("Paris is the [MASK] of France.")])) each.Answer.WriteTo(json);
/// </code></example>
public sealed record PipelineTask(string Name, Func<string, TaskParameters, TaskPipeline> Create)
{
    private static PipelineTask[] _all = BuiltInTasks.All;

    /// <summary>Every task, in the order in which they are listed to users; the first is asked of models that name none.</summary>
    public static IReadOnlyList<PipelineTask> All => _all;

    /// <summary>Other names.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The classes of models whose task it is when none is named.</summary>
    public IReadOnlyList<Type> ModelClasses { get; init; } = [];

    /// <summary>The parameters that it takes besides columns and <see cref="PipelineOptions"/>.</summary>
    public TaskParameter Parameters { get; init; }

    /// <summary>Adds a task, or puts another in the place of the one with its name.</summary>
    public static void Register(PipelineTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        PipelineTask[] before;
        PipelineTask[] after;
        do
        {
            before = _all;
            after = [.. before.Where(other => other.Name != task.Name), task];
        }
        while (Interlocked.CompareExchange(ref _all, after, before) != before);
    }

    /// <summary>The task of a name.</summary>
    /// <exception cref="AteneaException">There is no such task (ATN0103).</exception>
    public static PipelineTask Find(string name) =>
        All.FirstOrDefault(task => task.Name == name || task.Aliases.Contains(name))
        ?? throw new AteneaException(Catalogue.ArgumentWrong, $"there is no task '{name}'", "--task",
            $"the tasks are {string.Join(", ", All.Select(task => task.Name))}");

    /// <summary>The task of a model's class; the first one for classes that have none.</summary>
    /// <param name="model">A run's folder, a model folder, or a hub id (see <see cref="ModelLocator"/>).</param>
    /// <exception cref="AteneaException">
    /// The model is not found (ATN04xx), its family is unknown (ATN0501), or it has no such class (ATN0509).
    /// </exception>
    public static PipelineTask Of(string model)
    {
        ModelConfig config = ModelConfig.Load(ModelLocator.Find(model).Folder);
        Type? modelClass = config.Architectures.Count > 0 ? ModelTask.Of(config).ModelClass : null;
        return All.FirstOrDefault(task => task.ModelClasses.Contains(modelClass!)) ?? All[0];
    }

    /// <summary>Loads a model and answers.</summary>
    /// <param name="model">A run's folder, a model folder, or a hub id (see <see cref="ModelLocator"/>).</param>
    /// <param name="parameters">What is asked; null for the defaults.</param>
    /// <exception cref="AteneaException">
    /// A parameter is given that it does not take (ATN0104). The model has no trained head for this task (ATN0551) or its family no class
    /// (ATN0509); the remedy names the task that it is for. Else as for the pipelines.
    /// </exception>
    public TaskPipeline Load(string model, TaskParameters? parameters = null)
    {
        parameters ??= new TaskParameters();
        RefuseOthers(parameters.Given & ~Parameters);
        try
        {
            return Create(model, parameters);
        }
        catch (AteneaException wrong) when (wrong.Code == Catalogue.HeadUntrained || wrong.Code == Catalogue.ModelClassUnsupported)
        {
            if (RightTask(model) is not { } remedy) throw;
            throw new AteneaException(wrong.Code, wrong.What, wrong.Where, remedy, wrong);
        }
    }

    private void RefuseOthers(TaskParameter others)
    {
        if (others == TaskParameter.None) return;
        TaskParameter first = Enum.GetValues<TaskParameter>().First(each => each != TaskParameter.None && others.HasFlag(each));
        string[] tasks = [.. All.Where(task => task.Parameters.HasFlag(first)).Select(task => task.Name)];
        string name = "--" + JsonNamingPolicy.KebabCaseLower.ConvertName(first.ToString());
        throw new AteneaException(
            Catalogue.OptionConflict, $"{name} is not for {Name}", remedy: $"it belongs to --task {string.Join(" or ", tasks)}");
    }

    private string? RightTask(string model)
    {
        ModelConfig config = ModelConfig.Load(ModelLocator.Find(model).Folder);
        if (config.Architectures is not [string className, ..]) return null;
        Type? stored = ModelTask.Find(ModelRegistry.FamilyOf(config), className)?.ModelClass;
        const string Train = "train a head, for example with `atenea train`, and name the run's folder";
        if (stored == typeof(BaseModel)) return $"a bare encoder does --task feature-extraction or sentence-similarity; for others {Train}";
        return All.FirstOrDefault(task => task.ModelClasses.Contains(stored!)) is { } right && right != this
            ? $"this model is for --task {right.Name}; for {Name} {Train}"
            : null;
    }
}
