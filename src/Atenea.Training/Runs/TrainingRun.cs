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
    private const string Heading = "The complete config of this run. Run it again with `atenea train` and this file.";

    /// <summary>Trains.</summary>
    /// <param name="config">
    /// The config; what it leaves open (labels, problem type, longest sequence) is in the one that the run's folder holds.
    /// </param>
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
        (config, string folder) = Pin(config);
        TrainingTask task = TrainingTasks.Find(config.Task).Create(Context(config, folder, options, Notice));
        TaskData data = TaskData.Load(task);
        config = task.Resolve(config);
        using TaskModel model = task.Build(folder);
        if (model.LoadReport is { IsExact: false } report) Notice(report.ToString());
        var run = new RunFolder(config.Training.OutputDir);
        run.Clear();
        AtomicFile.WriteText(run.Config, ConfigWriter.Write(config, Heading));
        using var trainer = new Trainer(config, run, task, data, model, options, notices, null);
        return trainer.Run();
    }

    /// <summary>Goes on with a run from its <c>last/</c>, with the same bits as if it had never stopped.</summary>
    /// <param name="path">The run's folder.</param>
    /// <param name="overrides">Keys to change by dotted name, such as a later end; most changes forfeit the same bits.</param>
    /// <param name="options">Threads, observer, cancellation.</param>
    /// <exception cref="AteneaException">The folder holds no run that can be resumed (ATN0703), and all that <see cref="Train"/>
    /// throws.</exception>
    public static TrainingRunResult Resume(
        string path, IEnumerable<KeyValuePair<string, string>>? overrides = null, TrainingRunOptions? options = null)
    {
        options ??= new TrainingRunOptions();
        var run = new RunFolder(path);
        if (!File.Exists(run.Config))
        {
            throw new AteneaException(Catalogue.ResumeImpossible, $"'{path}' is not the folder of a run: it has no config.yaml",
                remedy: "name the folder that training.output_dir named");
        }

        RunFolder.Recover(run.Last);
        string stateFile = Path.Combine(run.Last, TrainerState.FileName);
        if (!File.Exists(stateFile))
        {
            throw new AteneaException(Catalogue.ResumeImpossible, $"'{path}' has no saved state in last/",
                remedy: "start the run anew; training.save_strategy says when it is saved");
        }

        RunConfig config = ConfigReader.Read(run.Config, overrides);
        config = config with { Training = config.Training with { OutputDir = path } };
        TrainerState state = TrainerState.Load(stateFile);
        var notices = new List<string>();
        void Notice(string text)
        {
            notices.Add(text);
            options.Observer.Notice(text);
        }

        TrainingTask task = TrainingTasks.Find(config.Task).Create(Context(config, run.Last, options, Notice));
        TaskData data = TaskData.Load(task);
        if (data.Train.Count != state.Rows)
        {
            throw new AteneaException(Catalogue.ResumeImpossible,
                $"the run had {state.Rows} training rows, the data now have {data.Train.Count}",
                config.Data.Train, "put the data back as they were, or start the run anew");
        }

        using var model = (TaskModel)ModelLoader.Load(run.Last, TrainingTasks.Find(config.Task).Model);
        using var trainer = new Trainer(config, run, task, data, model, options, notices, state);
        return trainer.Run();
    }

    /// <summary>
    /// Names by its commit what comes from the hub, model and rows, so that the run's own config repeats exactly this run.
    /// </summary>
    private static (RunConfig Config, string Folder) Pin(RunConfig config)
    {
        LocatedModel located = ModelLocator.Find(config.Model, config.Revision);
        if (located.Origin == ModelOrigin.Cache)
            config = config with { Model = HubSnapshots.SplitRevision(config.Model).Id, Revision = located.Commit };
        if (config.Data.ToSource().FindCommit() is { } commit)
        {
            string dataset = HubSnapshots.SplitRevision(config.Data.Dataset!).Id;
            config = config with { Data = config.Data with { Dataset = dataset, Revision = commit } };
        }

        return (config, located.Folder);
    }

    private static TaskContext Context(RunConfig config, string folder, TrainingRunOptions options, Action<string> notice)
    {
        ModelConfig model = ModelConfig.Load(folder);
        Tokenizer tokenizer = Tokenizer.FromDirectory(folder);
        return new TaskContext
        {
            Config = config,
            Model = model,
            Tokenizer = tokenizer,
            LongestSequence = Math.Min(ModelRegistry.MaxPositionsOf(model), tokenizer.ModelMaxLength ?? int.MaxValue),
            Threads = options.Threads,
            Notice = notice,
        };
    }
}
