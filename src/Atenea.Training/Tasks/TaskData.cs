using Atenea.Data;
using Atenea.Errors;

namespace Atenea.Training;

/// <summary>The rows of a run as the model takes them: read, cleaned, made into features, everything out of the ordinary told.</summary>
/// <param name="Train">Training rows.</param>
/// <param name="Validation">Validation rows, or null.</param>
/// <param name="Test">Test rows, or null.</param>
internal sealed record TaskData(FeatureSet Train, FeatureSet? Validation, FeatureSet? Test)
{
    /// <summary>The splits that there are.</summary>
    public IReadOnlyList<(string Name, FeatureSet Features)> Splits
    {
        get
        {
            (string Name, FeatureSet? Features)[] all = [("training", Train), ("validation", Validation), ("test", Test)];
            return [.. all.Where(split => split.Features is not null).Select(split => (split.Name, split.Features!))];
        }
    }

    /// <summary>
    /// Reads the rows that a task's config names, lets the task learn from those for training, and makes features of all.
    /// </summary>
    /// <exception cref="AteneaException">
    /// Data are missing or wrong (ATN02xx, ATN04xx), or the config does not fit them (ATN0116).
    /// </exception>
    public static TaskData Load(TrainingTask task)
    {
        RunConfig config = task.Context.Config;
        DataOptions options = config.Data;
        Action<string> notice = task.Context.Notice;
        DatasetSplits splits = options.ToSource().Load();
        Dataset train = Limit(splits.Train, options.MaxTrainSamples) ?? throw new AteneaException(
            Catalogue.NothingToTrainOn, "the data set has no training rows", options.Dataset, "name a file of rows under data.train");
        train = task.Learn(train);
        Dataset? Scored(Dataset? rows, int? most, string name)
        {
            if (Limit(rows, most) is not { } limited) return null;
            Dataset clean = task.Clean(limited);
            if (clean.Count > 0) return clean;
            notice($"the {name} rows have no labels and are not scored"); // as the test rows of GLUE and other competitions
            return null;
        }

        Dataset? validation = Scored(splits.Validation, options.MaxEvalSamples, "validation");
        Dataset? test = Scored(splits.Test, options.MaxPredictSamples, "test");
        if (validation is null && config.Training.EvalStrategy != IntervalStrategy.No)
        {
            throw new AteneaException(Catalogue.ConfigConflict,
                "training.eval_strategy asks for evaluations, but the data set has no labelled validation rows", options.Dataset,
                "name a file under data.validation, or set training.eval_strategy to no");
        }

        if (options.MaxLength > task.MaxLength)
            notice($"data.max_length is {options.MaxLength}, the model takes {task.MaxLength} tokens: texts are cut to {task.MaxLength}");
        FeatureSet Encode(Dataset rows, string name)
        {
            FeatureSet features = task.Encode(rows);
            RowNotices.Tell(features, name + " ", task.MaxLength, notice);
            return features;
        }

        return new TaskData(Encode(train, "training"), validation is null ? null : Encode(validation, "validation"),
            test is null ? null : Encode(test, "test"));
    }

    private static Dataset? Limit(Dataset? rows, int? most) => most is { } count ? rows?.Take(count) : rows;
}
