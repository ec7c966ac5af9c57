using Atenea.Data;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tokenizers;

namespace Atenea.Training.Tests;

/// <summary>Tasks with the tokenizer of the model that comes with Atenea, which is that of bert-base-uncased.</summary>
internal static class TaskFixture
{
    private static readonly Lazy<Tokenizer> Bert = new(() => Tokenizer.FromDirectory(ModelLocator.EmbeddedFolder()!));

    /// <summary>A task with some keys of its config.</summary>
    public static TrainingTask Create(string task, params (string Key, string Value)[] keys)
    {
        RunConfig config = ConfigReader.Parse($"task: {task}\nmodel: m\ndata: {{train: t}}\n", "config", "/",
            keys.Select(key => KeyValuePair.Create(key.Key, key.Value)));
        return TrainingTasks.Find(config.Task).Create(new TaskContext
        {
            Config = config,
            Model = ModelConfig.Load(ModelLocator.EmbeddedFolder()!),
            Tokenizer = Bert.Value,
            LongestSequence = 512,
        });
    }

    /// <summary>A column of lists, as readers give them.</summary>
    public static string Json(IEnumerable<string> items) => System.Text.Json.JsonSerializer.Serialize(items);

    /// <summary>What a task puts into a batch of one feature.</summary>
    public static (int[] Ids, int[] Labels) Fill(TrainingTask task, FeatureSet features, int feature, int? epoch = 0)
    {
        var batch = new InputBatch();
        var labels = new ModelLabels();
        task.Fill(batch, labels, features, [feature], epoch);
        return (batch.Ids.ToArray(), labels.Ids(ModelLabels.Usual).ToArray());
    }
}
