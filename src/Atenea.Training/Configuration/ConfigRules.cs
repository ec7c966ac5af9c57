using Atenea.Errors;

namespace Atenea.Training;

/// <summary>What keys must be there and which exclude each other.</summary>
internal static class ConfigRules
{
    public static void Check(RunConfig config, string source)
    {
        if (config.Model.Length == 0)
            throw Missing("model", "name a model: a hub id, an embedded model such as all-MiniLM-L6-v2, or a folder", source);
        CheckData(config.Data, source);
        CheckTraining(config, source);
    }

    private static void CheckData(DataOptions data, string source)
    {
        if (data.Train is null && data.Dataset is null)
            throw Missing("data.train", "name a file of rows under data.train, or a hub dataset under data.dataset", source);
        if (data.Labels is { } labels)
        {
            if (labels.Count == 0)
            {
                throw new AteneaException(Catalogue.ConfigValueWrong, "data.labels is empty", source,
                    "name the labels, or leave the key out");
            }

            if (labels.GroupBy(l => l, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            {
                throw new AteneaException(Catalogue.ConfigValueWrong, $"data.labels names '{twice.Key}' twice", source,
                    "name every label once");
            }
        }

        if (data.MaskReplaceProb + data.RandomReplaceProb > 1)
        {
            throw Conflict("data.mask_replace_prob and data.random_replace_prob are more than 1 together",
                "choose shares that leave something, or nothing, as it is", source);
        }
    }

    private static void CheckTraining(RunConfig config, string source)
    {
        TrainingOptions training = config.Training;
        if (training.MaxSteps == 0)
        {
            throw new AteneaException(Catalogue.ConfigValueWrong, "training.max_steps is 0", source,
                "give a positive number of steps, or -1");
        }

        bool evaluates = training.EvalStrategy != IntervalStrategy.No;
        if (evaluates && config.Data is { Validation: null, Dataset: null, ValidationSize: null })
        {
            throw Conflict("training.eval_strategy asks for evaluations, but there are no validation rows",
                "name data.validation, or set training.eval_strategy to no", source);
        }

        if (training.LoadBestModelAtEnd && !evaluates)
        {
            throw Conflict("training.load_best_model_at_end needs evaluations to choose from",
                "set training.eval_strategy to epoch or steps", source);
        }

        if (training.SaveStrategy == SaveStrategy.Best && !evaluates)
        {
            throw Conflict("training.save_strategy best needs evaluations to choose from", "set training.eval_strategy to epoch or steps",
                source);
        }

        if (config.Data.Stride is not null && config.Task == TextClassificationTask.TaskName)
            throw Conflict("data.stride has no meaning for text-classification, where a text is one sequence", "leave it out", source);
        if (training.LabelSmoothingFactor > 0 && config.ModelOptions.ProblemType is { } type and not "single_label_classification")
        {
            throw Conflict($"training.label_smoothing_factor has no meaning for {type}", "set training.label_smoothing_factor to 0",
                source);
        }

        if (config.Data.Labels is { } labels && config.ModelOptions.NumLabels is { } count && labels.Count != count)
        {
            throw Conflict($"model_options.num_labels is {count}, data.labels has {labels.Count} names",
                "leave model_options.num_labels out", source);
        }

        // Building a schedule checks its further settings.
        _ = Schedule.Create(training.LrSchedulerType, training.LearningRate, 0, 1000, training.LrSchedulerKwargs, source);
    }

    private static AteneaException Missing(string key, string remedy, string source) =>
        new(Catalogue.ConfigKeyMissing, key, source, remedy);

    private static AteneaException Conflict(string what, string remedy, string source) =>
        new(Catalogue.ConfigConflict, what, source, remedy);
}
