using Atenea.Data;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;
using Atenea.Tokenizers;

namespace Atenea.Training;

/// <summary>How a saved model is evaluated. What is null is as the model was trained, else the task's usual.</summary>
public sealed record ModelEvaluationOptions
{
    /// <summary>The task; null goes by what the model was trained for, else by its class.</summary>
    public string? Task { get; init; }

    /// <summary>Column of the text.</summary>
    public string? Text { get; init; }

    /// <summary>Column of the second text of a pair.</summary>
    public string? TextPair { get; init; }

    /// <summary>Columns of the label.</summary>
    public IReadOnlyList<string>? Label { get; init; }

    /// <summary>Longest sequence in tokens.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Rows of the longest kind per batch; no result depends on it.</summary>
    public int BatchRows { get; init; } = 8;

    /// <summary>Threads; 0 for one per processor. No result depends on it.</summary>
    public int Threads { get; init; }

    /// <summary>Told what the user should know, or null.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Told the number of rows done, or null.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Asks to stop.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>Evaluates a saved model on labelled rows, with the model's own labels.</summary>
/// <example><code>
/// EvaluationResult result = ModelEvaluation.Evaluate("runs/emotion", Dataset.Read("examples/emotion/test.csv"));
/// Console.WriteLine(result.Report);
/// </code></example>
public static class ModelEvaluation
{
    /// <summary>Evaluates.</summary>
    /// <param name="model">A run's folder, a model folder or a model's name.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="options">Columns and the like.</param>
    /// <exception cref="AteneaException">Model or data are missing or wrong; a label that the model does not know (ATN0208); a head without
    /// trained weights (ATN0551).</exception>
    public static EvaluationResult Evaluate(string model, Dataset rows, ModelEvaluationOptions? options = null)
    {
        options ??= new ModelEvaluationOptions();
        string folder = ModelLocator.Find(model).Folder;
        ModelConfig config = ModelConfig.Load(folder);
        ModelSettings settings = ModelSettings.Load(folder);
        TaskKind kind = options.Task is { } named ? TrainingTasks.Find(named)
            : TrainingTasks.Of(config, settings.Task) ?? TrainingTasks.Find(TextClassificationTask.TaskName);
        Tokenizer tokenizer = Tokenizer.FromDirectory(folder);
        using var loaded = (TaskModel)ModelLoader.Load(folder, kind.Model, new ModelLoadOptions { RequireTrainedHead = true });
        TrainingTask task = kind.Create(new TaskContext
        {
            Config = ConfigReader.Apply(
                new RunConfig { Task = kind.Name, Model = model, Data = Data(options, settings) }, settings.Config, ModelSettings.FileName),
            Model = config,
            Tokenizer = tokenizer,
            LongestSequence = Math.Min(loaded.Encoder.MaxPositions, tokenizer.ModelMaxLength ?? int.MaxValue),
            Threads = options.Threads,
            Notice = options.Notice ?? (_ => { }),
        });
        task.Adopt(loaded, rows);
        Dataset clean = task.Clean(rows);
        if (clean.Count == 0)
        {
            throw new AteneaException(
                Catalogue.LabelInvalid, "no row has a label", rows.Source, "name the column of the labels, or give labelled rows");
        }

        FeatureSet features = task.Encode(clean);
        RowNotices.Tell(features, "", task.MaxLength, task.Context.Notice);
        using var backend = Backend.Create(threads: options.Threads);
        using var tape = new Tape(backend);
        return new Evaluator(loaded, task, tape, options.BatchRows).Evaluate(features, options.Progress, options.Cancellation);
    }

    private static DataOptions Data(ModelEvaluationOptions options, ModelSettings settings) => new()
    {
        Text = options.Text ?? settings.Text,
        TextPair = options.TextPair ?? settings.TextPair,
        Label = options.Label ?? (settings.Label is [_, ..] label ? label : null),
        MaxLength = options.MaxLength ?? settings.MaxLength,
        Stride = settings.Stride,
    };
}
