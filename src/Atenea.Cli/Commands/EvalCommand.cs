using System.CommandLine;
using Atenea.Data;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Pipelines;
using Atenea.Training;

namespace Atenea.Cli;

/// <summary><c>atenea eval</c>: a trained model's figures on labelled rows.</summary>
internal static class EvalCommand
{
    private const string ClassificationTask = "text-classification";
    private const string SimilarityTask = "sentence-similarity";

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "A run's folder, a model folder, or the hub id of a model at hand" };
        var data = new Option<string>("--data") { Description = "File of labelled rows: .csv, .tsv, .json or .jsonl", HelpName = "FILE", Required = true };
        var text = new Option<string?>("--text") { Description = "Column of the texts; as the model was trained, or 'text', if left out", HelpName = "NAME" };
        var pair = new Option<string?>("--pair") { Description = "Column of the second texts, for pairs", HelpName = "NAME" };
        var label = new Option<string[]>("--label")
        {
            Description = "Column of the labels, or several; as the model was trained, or 'label', if left out",
            HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true,
        };
        var task = new Option<string?>("--task")
        {
            Description = $"What is evaluated: text-classification, or {SimilarityTask} (cosines against scores; columns sentence1, sentence2, score if not named)",
            HelpName = "TASK",
        };
        var maxLength = CommonOptions.MaxLength();
        var command = new AteneaCommand("eval", "Evaluate a trained model on labelled rows: metrics, report, confusion matrix.",
            "atenea eval runs/emotion --data examples/emotion/test.csv",
            "atenea eval runs/emotion --data tweets.jsonl --text body --label mood --json",
            "atenea eval all-MiniLM-L6-v2 --task sentence-similarity --data sts-dev.tsv");
        command.Arguments.Add(model);
        foreach (Option option in new Option[] { data, text, pair, label, task, maxLength }) command.Options.Add(option);
        command.SetAction(parse =>
        {
            string name = parse.GetRequiredValue(model);
            int? longest = parse.GetValue(maxLength) is var length and > 0 ? length : null;
            switch (parse.GetValue(task))
            {
                case null or ClassificationTask:
                    break;
                case SimilarityTask:
                    string score = parse.GetValue(label) is [var one, ..] ? one : "score";
                    EvaluateSimilarity(name, parse.GetRequiredValue(data), parse.GetValue(text) ?? "sentence1", parse.GetValue(pair) ?? "sentence2", score, longest, parse, terminal);
                    return;
                case string other:
                    throw new AteneaException(Catalogue.ArgumentWrong, $"there is no task '{other}' to evaluate", "--task", $"the tasks are {ClassificationTask} and {SimilarityTask}");
            }

            ModelSettings trained = ModelSettings.Load(ModelLocator.Find(name).Folder);
            var columns = new DataColumns(
                parse.GetValue(text) ?? trained.Text ?? DataColumns.Default.Text,
                parse.GetValue(pair) ?? trained.TextPair,
                parse.GetValue(label) is [_, ..] labels ? labels : trained.Label ?? DataColumns.Default.Label);
            using var status = new StatusLine(terminal);
            Dataset rows = Dataset.Read(parse.GetRequiredValue(data));
            EvaluationResult result = ModelEvaluation.Evaluate(name, rows, new ModelEvaluationOptions
            {
                Columns = columns,
                MaxLength = longest ?? trained.MaxLength,
                Threads = parse.GetValue(CommonOptions.Threads),
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

    private static void EvaluateSimilarity(
        string model, string file, string first, string second, string score, int? maxLength, ParseResult parse, Terminal terminal)
    {
        using var pipeline = SentenceEmbeddingPipeline.Load(model, new PipelineOptions { Threads = parse.GetValue(CommonOptions.Threads), MaxLength = maxLength });
        var truth = new List<double>();
        TextSimilarity[] found = [.. pipeline.SimilarityStream(TextRow.FromFile(file).Select(row =>
        {
            truth.Add(row.Number(score));
            return new TextInput(row.Get(first), row.Get(second));
        }))];
        var result = SimilarityScores.Of([.. truth], [.. found.Select(each => each.Score)]);
        terminal.Output.WriteLine(parse.GetValue(CommonOptions.Json) ? result.ToJson().ToJsonString() : result.ToString());
    }
}
