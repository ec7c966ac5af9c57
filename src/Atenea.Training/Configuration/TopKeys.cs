namespace Atenea.Training;

/// <summary>The keys that stand in no section.</summary>
internal static class TopKeys
{
    public static ConfigSection<RunConfig> Section { get; } = new ConfigSection<RunConfig>(
        "", "What is trained.",
        c => c, (_, o) => o)
        .Choice("task", TrainingTasks.Names, "What the model learns; text-classification is one label, several labels, or a number.",
            o => o.Task, (o, v) => o with { Task = v })
        .Text("model", "Hub id, embedded model or folder (a folder beginning with . starts at this file's folder).",
            o => o.Model, (o, v) => o with { Model = v }, namedOrFolder: true)
        .OptionalText("revision", "Branch, tag or commit of a hub model; null is main. The run's own config names the commit.",
            o => o.Revision, (o, v) => o with { Revision = v })
        .Key("task_options", "a mapping", "Settings of a task that is not built in; the built-in ones have theirs under data.",
            (o, v) => o with { TaskOptions = v.TextMap() }, o => Yaml.Map(o.TaskOptions));
}
