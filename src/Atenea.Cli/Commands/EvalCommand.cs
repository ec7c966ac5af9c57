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
        var data = new Option<string>("--data")
        {
            Description = "File of labelled rows: .csv, .tsv, .json, .jsonl, .parquet or CoNLL columns; of texts for fill-mask",
            HelpName = "FILE",
            Required = true,
        };
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
            Description = "What is evaluated; as the model was trained, or as its class says, if left out: "
                + $"{string.Join(", ", TrainingTasks.Names.Keys)}, "
                + $"or {SimilarityTask} (cosines against scores; columns sentence1, sentence2, score if not named)",
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
            string? chosen = parse.GetValue(task);
            if (chosen == SimilarityTask)
            {
                string score = parse.GetValue(label) is [var one, ..] ? one : "score";
                string first = parse.GetValue(text) ?? "sentence1", second = parse.GetValue(pair) ?? "sentence2";
                EvaluateSimilarity(name, parse.GetRequiredValue(data), first, second, score, longest, parse, terminal);
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
                Label = parse.GetValue(label) is [_, ..] labels ? labels : null,
                MaxLength = longest,
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
