using System.CommandLine;
using Atenea.Data;
using Atenea.Errors;
using Atenea.Pipelines;
using Atenea.Training;

namespace Atenea.Cli;

/// <summary><c>atenea eval</c>: a trained model's figures on labelled rows.</summary>
internal static class EvalCommand
{
    private const string SimilarityTask = "sentence-similarity";

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "A run's folder, a model folder, or the hub id of a model at hand" };
        var data = OptionOf.RequiredText(
            "--data", "FILE", "File of labelled rows: .csv, .tsv, .json, .jsonl, .parquet or CoNLL columns; of texts for fill-mask");
        var text = OptionOf.Text(
            "--text", "NAME", "Column of the texts or words; as the model was trained, or the task's usual, if left out");
        var pair = OptionOf.Text("--pair", "NAME", "Column of the second texts, for pairs");
        var label = OptionOf.Texts(
            "--label", "NAME", "Column of the labels, or several; as the model was trained, or the task's usual, if left out");
        var task = OptionOf.Text("--task", "TASK",
            $"What is evaluated: {string.Join(", ", TrainingTasks.All.Select(kind => kind.Name))}, "
            + $"or {SimilarityTask} (cosines against scores; columns sentence1, sentence2, score if not named); "
            + "as the model was trained, or as its class says, if left out");
        var maxLength = CommonOptions.MaxLength();
        var command = new AteneaCommand("eval", "Evaluate a trained model on labelled rows: metrics, report, confusion matrix.",
            "atenea eval runs/emotion --data examples/emotion/test.csv",
            "atenea eval runs/emotion --data tweets.jsonl --text body --label mood --json",
            "atenea eval all-MiniLM-L6-v2 --task sentence-similarity --data sts-dev.tsv");
        command.Arguments.Add(model);
        command.AddOptions(data, text, pair, label, task, maxLength);
        command.SetAction(parse =>
        {
            string name = parse.GetRequiredValue(model);
            var options = new PipelineOptions { Threads = CommonOptions.ThreadsOf(parse), MaxLength = parse.GetValue(maxLength) };
            string? chosen = parse.GetValue(task);
            if (chosen == SimilarityTask)
            {
                string first = parse.GetValue(text) ?? "sentence1", second = parse.GetValue(pair) ?? "sentence2";
                string score = parse.Given(label)?[0] ?? "score";
                SimilarityScores scores = Similarity(name, options, parse.GetRequiredValue(data), first, second, score);
                terminal.Output.WriteLine(parse.GetValue(CommonOptions.Json) ? scores.ToJson().ToJsonString() : scores.ToString());
                return;
            }

            if (chosen is not null && !TrainingTasks.Names.ContainsKey(chosen))
            {
                throw new AteneaException(Catalogue.ArgumentWrong, $"there is no task '{chosen}' to evaluate", "--task",
                    $"the tasks are {string.Join(", ", TrainingTasks.Names.Keys)} and {SimilarityTask}");
            }

            using var status = new StatusLine(terminal);
            Dataset rows = Dataset.Read(parse.GetRequiredValue(data));
            EvaluationResult result = ModelEvaluation.Evaluate(name, rows, new ModelEvaluationOptions
            {
                Task = chosen,
                Text = parse.GetValue(text),
                TextPair = parse.GetValue(pair),
                Label = parse.Given(label),
                MaxLength = options.MaxLength,
                Threads = options.Threads,
                Notice = notice => terminal.Error.WriteLine("note: " + notice),
                Progress = done =>
                {
                    if (status.IsDue) status.Show($"evaluating {done}/{rows.Count} rows");
                },
            });
            status.Clear();
            if (parse.GetValue(CommonOptions.Json))
                terminal.Output.WriteLine(result.ToJson().ToJsonString());
            else
                EvaluationView.Write(result, terminal);
        });
        return command;
    }

    private static SimilarityScores Similarity(
        string model, PipelineOptions options, string file, string first, string second, string score)
    {
        using var pipeline = SentenceEmbeddingPipeline.Load(model, options);
        var truth = new List<double>();
        TextSimilarity[] found = [.. pipeline.SimilarityStream(TextRow.FromFile(file).Select(row =>
        {
            truth.Add(row.Number(score));
            return new TextInput(row.Get(first), row.Get(second));
        }))];
        return SimilarityScores.Of([.. truth], [.. found.Select(each => each.Score)]);
    }
}
