using Atenea.Hub;

namespace Atenea.Models.Tests;

/// <summary>A small model of every class of every family, a batch that each of them takes, and labels for it.</summary>
internal static class Samples
{
    /// <summary>Every class with a head of every family that is built in: family, ending of the class name.</summary>
    public static TheoryData<string, string> Tasks
    {
        get
        {
            var tasks = new TheoryData<string, string>();
            foreach (ModelFamily family in ModelRegistry.Families)
            {
                foreach (ModelTask task in ModelRegistry.Tasks.Where(task => !task.IsBareEncoder && task.IsOffered(family)))
                    tasks.Add(family.ModelType, task.ClassSuffix);
            }

            return tasks;
        }
    }

    public static TaskModel Model(string family, string suffix)
    {
        ModelConfig config = Golden.FamilyConfig(family);
        config.ProblemType = ProblemType.SingleLabelClassification;
        string className = ModelRegistry.FamilyOf(config).ClassNameOf(suffix);
        return (TaskModel)ModelTask.Of(config, className).FromConfig(config, seed: 1);
    }

    public static InputBatch Batch()
    {
        var batch = new InputBatch();
        batch.Add([3, 4, 5, 6]);
        batch.Add([7, 8, 9]);
        batch.Add([10, 11]);
        batch.Add([12, 13, 14, 15, 16]);
        return batch;
    }

    public static ModelLabels Labels(TaskModel model, InputBatch batch)
    {
        var labels = new ModelLabels();
        foreach ((string name, Granularity granularity) in model.LabelArguments)
        {
            labels.Set(name, granularity switch
            {
                Granularity.Token when model is Discriminator => Enumerable.Range(0, batch.Tokens).Select(i => i % 2).ToArray(),
                Granularity.Token =>
                    Enumerable.Range(0, batch.Tokens).Select(i => i % 3 == 0 ? i % 2 : ClassificationLoss.Ignored).ToArray(),
                Granularity.Question => [1, 0],
                _ => [1, 0, 1, 0],
            });
        }

        return labels;
    }
}
