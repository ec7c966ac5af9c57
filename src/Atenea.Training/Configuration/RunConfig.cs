namespace Atenea.Training;

/// <summary>
/// Everything that decides a run. Read by <see cref="ConfigReader"/> from YAML, written complete by <see cref="ConfigWriter"/>; the keys
/// are listed in <see cref="ConfigSchema"/>. Paths of data files are absolute once read. It never changes: what a run finds out (commits,
/// labels, the longest sequence) makes a new one, the resolved config that the run's folder holds.
/// </summary>
public sealed record RunConfig
{
    /// <summary>What the model is trained for: the name of one of <see cref="TrainingTasks"/>.</summary>
    public string Task { get; init; } = TextClassificationTask.TaskName;

    /// <summary>Model to start from: a hub id, an embedded model's name, or a folder.</summary>
    public string Model { get; init; } = "";

    /// <summary>Branch, tag or commit of a hub model; a finished run names the commit. Null for folders and the embedded model.</summary>
    public string? Revision { get; init; }

    /// <summary>Settings of a task that is not built in, as text by name.</summary>
    public IReadOnlyDictionary<string, string> TaskOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>What is changed in the model's own config.json.</summary>
    public ModelOptions ModelOptions { get; init; } = new();

    /// <summary>Where the rows come from.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>How the model is trained: Hugging Face's <c>TrainingArguments</c>.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Things worth telling the user that do not stop the run, such as keys without effect here.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
