using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tokenizers;

namespace Atenea.Training;

/// <summary>Runs a training from its config to the finished run folder, or goes on with one that was interrupted.</summary>
/// <example><code>
/// RunConfig config = ConfigReader.Read("examples/emotion/config.yaml");
/// TrainingRunResult result = TrainingRun.Train(config);
/// Console.WriteLine(result.Test?.Metric("accuracy"));
/// </code></example>
public static class TrainingRun
{
    private static readonly (string Key, Func<ModelOptions, double?> Value)[] Dropouts =
    [
        ("hidden_dropout_prob", o => o.HiddenDropout),
        ("attention_probs_dropout_prob", o => o.AttentionDropout),
        ("classifier_dropout", o => o.ClassifierDropout),
    ];

    /// <summary>Trains.</summary>
    /// <param name="config">The config; what it leaves open (labels, problem type, longest sequence) is filled in.</param>
    /// <param name="options">Threads, observer, cancellation.</param>
    /// <exception cref="AteneaException">Anything that the user can mend, and a loss or gradient that is not finite (ATN0701,
    /// ATN0702).</exception>
    public static TrainingRunResult Train(RunConfig config, TrainingRunOptions? options = null)
    {
        options ??= new TrainingRunOptions();
        TrainingObserver observer = options.Observer;
        var notices = new List<string>();
        void Notice(string text)
        {
            notices.Add(text);
            observer.Notice(text);
        }

        foreach (string notice in config.Notices) Notice(notice);
        string folder = FindPinned(config);
        ModelConfig modelConfig = ModelConfig.Load(folder);
        Tokenizer tokenizer = Tokenizer.FromDirectory(folder);
        ClassificationData data = ClassificationData.Load(config, modelConfig, tokenizer, Longest(modelConfig, tokenizer), options.Threads, Notice);
        Resolve(config, data);
        using SequenceClassifier model = Build(config, folder, modelConfig, data);
        if (model.LoadReport is { IsExact: false } report) Notice(report.ToString());
        var run = new RunFolder(config.Training.OutputDir);
        run.Clear();
        AtomicFile.WriteText(run.Config, ConfigWriter.Write(config, "The complete config of this run. Run it again with `atenea train` and this file."));
        using var trainer = new Trainer(config, run, data, tokenizer, model, options, notices, null);
        return trainer.Run();
    }

    // What came from the hub is named by its commit from here on, so that the run's own config repeats exactly this run.
    private static string FindPinned(RunConfig config)
    {
        LocatedModel located = ModelLocator.Find(config.Model, config.Revision);
        if (located.Origin == ModelOrigin.Cache)
            (config.Model, config.Revision) = (HubSnapshots.SplitRevision(config.Model).Id, located.Commit);
        return located.Folder;
    }

    /// <summary>Goes on with a run from its <c>last/</c>, with the same bits as if it had never stopped.</summary>
    /// <param name="path">The run's folder.</param>
    /// <param name="overrides">Keys to change by dotted name, such as a later end; most changes forfeit the same bits.</param>
    /// <param name="options">Threads, observer, cancellation.</param>
    /// <exception cref="AteneaException">The folder holds no run that can be resumed (ATN0703), and all that <see cref="Train"/>
    /// throws.</exception>
    public static TrainingRunResult Resume(string path, IEnumerable<KeyValuePair<string, string>>? overrides = null, TrainingRunOptions? options = null)
    {
        options ??= new TrainingRunOptions();
        var run = new RunFolder(path);
        if (!File.Exists(run.Config))
            throw new AteneaException(Catalogue.ResumeImpossible, $"'{path}' is not the folder of a run: it has no config.yaml", remedy: "name the folder that training.output_dir named");
        RunFolder.Recover(run.Last);
        string stateFile = Path.Combine(run.Last, TrainerState.FileName);
        if (!File.Exists(stateFile))
            throw new AteneaException(Catalogue.ResumeImpossible, $"'{path}' has no saved state in last/", remedy: "start the run anew; training.save_strategy says when it is saved");

        RunConfig config = ConfigReader.Read(run.Config, overrides);
        config.Training.OutputDir = path;
        TrainerState state = TrainerState.Load(stateFile);
        var notices = new List<string>();
        void Notice(string text)
        {
            notices.Add(text);
            options.Observer.Notice(text);
        }

        ModelConfig modelConfig = ModelConfig.Load(run.Last);
        Tokenizer tokenizer = Tokenizer.FromDirectory(run.Last);
        ClassificationData data = ClassificationData.Load(config, modelConfig, tokenizer, Longest(modelConfig, tokenizer), options.Threads, Notice);
        if (data.Train.Count != state.Rows)
        {
            throw new AteneaException(Catalogue.ResumeImpossible, $"the run had {state.Rows} training rows, the data now have {data.Train.Count}", config.Data.Train,
                "put the data back as they were, or start the run anew");
        }

        using SequenceClassifier model = ModelLoader.Load<SequenceClassifier>(run.Last);
        using var trainer = new Trainer(config, run, data, tokenizer, model, options, notices, state);
        return trainer.Run();
    }

    private static SequenceClassifier Build(RunConfig config, string folder, ModelConfig modelConfig, ClassificationData data)
    {
        void Configure(ModelConfig json)
        {
            foreach ((string key, Func<ModelOptions, double?> value) in Dropouts)
            {
                if (value(config.ModelOptions) is { } dropout) json.Set(key, dropout);
            }
        }

        if (config.ModelOptions.FromScratch)
        {
            ModelConfig fresh = modelConfig.Clone();
            fresh.SetLabels(data.Labels.Names);
            fresh.ProblemType = data.Problem;
            Configure(fresh);
            return ModelLoader.New<SequenceClassifier>(fresh, (ulong)config.Training.Seed);
        }

        return ModelLoader.Load<SequenceClassifier>(folder, new ModelLoadOptions
        {
            Labels = data.Labels.Names,
            ProblemType = data.Problem,
            IgnoreMismatchedSizes = true,
            Configure = Configure,
            Seed = (ulong)config.Training.Seed,
        });
    }

    /// <summary>Fills in what the data decided, so that the run's config says it.</summary>
    private static void Resolve(RunConfig config, ClassificationData data)
    {
        if (config.Training.LabelSmoothingFactor > 0 && data.Problem != ProblemType.SingleLabelClassification)
        {
            throw new AteneaException(Catalogue.ConfigConflict, "training.label_smoothing_factor has a meaning only where each row has one label",
                remedy: "set training.label_smoothing_factor to 0");
        }

        config.ModelOptions.ProblemType = data.Problem switch
        {
            ProblemType.SingleLabelClassification => "single_label_classification",
            ProblemType.MultiLabelClassification => "multi_label_classification",
            _ => "regression",
        };
        if (data.Problem != ProblemType.Regression) config.Data.Labels = data.Labels.Names;
        config.Data.MaxLength = data.MaxLength;
    }

    /// <summary>The most tokens that model and tokenizer take.</summary>
    private static int Longest(ModelConfig model, Tokenizer tokenizer) =>
        Math.Min(ModelRegistry.MaxPositionsOf(model), tokenizer.ModelMaxLength ?? int.MaxValue);
}
