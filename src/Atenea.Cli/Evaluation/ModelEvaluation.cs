using Atenea.Data;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;
using Atenea.Tokenizers;
using Atenea.Training;

namespace Atenea.Cli.Evaluation;

/// <summary>Evaluates a trained classifier on labelled rows.</summary>
internal static class ModelEvaluation
{
    /// <summary>Runs the model over a file's rows and scores its answers.</summary>
    /// <param name="model">A run's folder, a model folder or a hub id.</param>
    /// <param name="file">The rows.</param>
    /// <param name="columns">Which columns hold texts and labels.</param>
    /// <param name="maxLength">Longest sequence in tokens; null for what the model allows.</param>
    /// <param name="threads">Threads to compute on; 0 for one per processor.</param>
    /// <param name="notice">Told what is out of the ordinary.</param>
    /// <param name="progress">Told rows done and rows in all.</param>
    /// <exception cref="AteneaException">The model or the rows cannot be used: no trained head (ATN0551), a column or label that is not there (ATN0205, ATN0208) and others.</exception>
    public static EvaluationResult Run(string model, string file, DataColumns columns, int? maxLength, int threads, Action<string> notice, Action<int, int> progress)
    {
        LocatedModel located = ModelLocator.Find(model);
        using SequenceClassifier classifier = ModelLoader.LoadSequenceClassifier(located.Folder);
        if (classifier.LoadReport is { NewlyInitialised: [var first, ..] })
            throw new AteneaException(Catalogue.HeadUntrained, $"{classifier.ClassName} needs '{first.Name}', which the checkpoint does not have", located.Folder);
        Tokenizer tokenizer = Tokenizer.FromDirectory(located.Folder);

        Dataset rows = Dataset.Read(file);
        ProblemType problem = classifier.ProblemType
            ?? ClassificationLoss.Resolve(null, classifier.Labels.Count, LabelReader.InferProblemType(rows, columns) == ProblemType.SingleLabelClassification);
        // Classes without names (LABEL_0 ...) are known by their numbers.
        var labels = new LabelSet(classifier.Config.NamesLabels ? classifier.Labels : [.. Enumerable.Range(0, classifier.Labels.Count).Select(i => $"{i}")]);
        int longest = Math.Min(classifier.Encoder.MaxPositions, tokenizer.ModelMaxLength ?? int.MaxValue);
        int length = Math.Min(maxLength ?? longest, longest);
        EncodedDataset data = EncodedDataset.Encode(rows, columns, tokenizer, length, threads);
        data = problem == ProblemType.SingleLabelClassification ? data.SetLabels(columns, labels) : data.SetTargets(columns, labels, problem);
        if (data.TruncatedRows > 0) notice($"{data.TruncatedRows} of {data.Count} rows were longer than {length} tokens and were cut");
        if (data.EmptyRows > 0) notice($"{data.EmptyRows} of {data.Count} rows have no text");

        using var team = new WorkerTeam(threads);
        using var tape = new Tape(team);
        var evaluator = new Evaluator(classifier, new ClassificationLoss(problem), tape);
        Predictions predictions = evaluator.Predict(data, done => progress(done, data.Count));
        return EvaluationResult.Score(predictions, data, classifier.Labels, problem);
    }
}
