using Atenea.Data;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;
using Atenea.Tokenizers;

namespace Atenea.Training;

/// <summary>How a saved model is evaluated.</summary>
public sealed record ModelEvaluationOptions
{
    /// <summary>Which columns hold texts and labels.</summary>
    public DataColumns Columns { get; init; } = DataColumns.Default;

    /// <summary>Longest sequence in tokens; null is the model's limit.</summary>
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

/// <summary>Evaluates a saved classifier on labelled rows, with the model's own labels.</summary>
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
        Tokenizer tokenizer = Tokenizer.FromDirectory(folder);
        using SequenceClassifier classifier = ModelLoader.Load<SequenceClassifier>(folder, new ModelLoadOptions { RequireTrainedHead = true });
        ProblemType problem = classifier.ProblemType ?? (classifier.Labels.Count == 1 ? ProblemType.Regression : LabelReader.InferProblemType(rows, options.Columns));
        int longest = Math.Min(classifier.Encoder.MaxPositions, tokenizer.ModelMaxLength ?? int.MaxValue), maxLength = Math.Min(options.MaxLength ?? longest, longest);
        // Classes without names (LABEL_0 ...) are known by their numbers.
        var labels = new LabelSet(classifier.Config.NamesLabels ? classifier.Labels : [.. Enumerable.Range(0, classifier.Labels.Count).Select(i => $"{i}")]);
        string source = rows.Source;
        rows = LabelledRows.Clean(rows, options.Columns, problem, options.Notice, labels.Names);
        if (rows.Count == 0) throw new AteneaException(Catalogue.LabelInvalid, "no row has a label", source, "name the column of the labels, or give labelled rows");
        EncodedDataset encoded = EncodedDataset.Encode(rows, options.Columns, tokenizer, maxLength, options.Threads);
        if (problem == ProblemType.SingleLabelClassification) encoded.SetLabels(options.Columns, labels);
        else encoded.SetTargets(options.Columns, labels, problem);
        LabelledRows.Tell(rows, encoded, "", maxLength, options.Notice);

        using var backend = Backend.Create(threads: options.Threads);
        using var tape = new Tape(backend);
        var evaluator = new Evaluator(classifier, new ClassificationLoss(problem), tape, options.BatchRows);
        return EvaluationResult.Score(evaluator.Predict(encoded, options.Progress, options.Cancellation), encoded, classifier.Labels, problem);
    }
}
