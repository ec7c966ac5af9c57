using System.Globalization;
using System.Text.Json.Nodes;
using Atenea.Data;
using Atenea.Models;
using Atenea.Reports;

namespace Atenea.Training;

/// <summary>What a finished run comes to: the content of <c>metrics.json</c> and of the report.</summary>
internal sealed class RunSummary(
    RunConfig config, TrainingPlan plan, TrainingTask task, TaskData data, TaskModel model, TrainerState state, BestModelRule rule,
    EvaluationResult? validation, EvaluationResult? test, IReadOnlyList<string> notices, double seconds)
{
    private const int LabelsShown = 40;

    /// <summary>A few lines on what a run is about to do.</summary>
    public static string Start(RunConfig config, TrainingPlan plan, TrainingTask task, TaskData data, TaskModel model)
    {
        string outputs = task.Describe() is { Length: > 0 } known ? $", {known}" : "", tokens = Values.Count(data.Train.Tokens);
        string validation = Values.Count(data.Validation?.Count ?? 0), test = Values.Count(data.Test?.Count ?? 0);
        string rows = Values.Count(config.Training.PerDeviceTrainBatchSize * plan.Accumulation);
        return $"""
            {model.ClassName} from {config.Model}: {Values.Count(model.Parameters.Elements)} weights{outputs}
            {Values.Count(data.Train.Count)} training rows ({tokens} tokens), {validation} validation rows, {test} test rows
            {Values.Count(plan.MaxSteps)} steps of {rows} rows in {plan.Epochs} epochs, results in {config.Training.OutputDir}
            """;
    }

    /// <summary>The content of <c>metrics.json</c>.</summary>
    public JsonObject Metrics()
    {
        var json = new JsonObject
        {
            ["train"] = new JsonObject
            {
                ["loss"] = Json.Number(state.TrainLoss),
                ["steps"] = state.GlobalStep,
                ["epochs"] = state.Epoch,
                ["rows"] = data.Train.Count,
                ["runtime"] = Math.Round(seconds, 4),
                ["step_seconds"] = Math.Round(state.TrainSeconds, 4),
                ["samples_per_second"] = Math.Round(state.RowsSeen / state.TrainSeconds, 3),
                ["tokens_per_second"] = Math.Round(state.TokensSeen / state.TrainSeconds, 3),
                ["total_flos"] = state.TotalFlos,
                ["peak_memory_bytes"] = MachineInfo.PeakMemory,
            },
        };
        if (state.BestStep is { } step)
        {
            json["best"] = new JsonObject
            {
                ["metric"] = rule.Metric,
                ["value"] = state.BestMetric is { } best ? Json.Number(best) : null,
                ["step"] = step,
                ["epoch"] = plan.EpochAfter(step),
            };
        }

        if (validation is not null) json["validation"] = validation.ToJson();
        if (test is not null) json["test"] = test.ToJson();
        return json;
    }

    /// <summary>The report.</summary>
    public Report Report()
    {
        string folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(config.Training.OutputDir)));
        var report = new Report(config.Training.RunName ?? folder, $"{config.Task} with {config.Model}");
        report.Highlights(Highlights());
        foreach (string notice in notices) report.Notice(notice);
        Course(report);
        if (test is not null) Figures(report, "Test", test);
        if (validation is not null) Figures(report, "Validation", validation);
        Data(report);
        Run(report);
        report.Folded("config.yaml", ConfigWriter.Write(config));
        return report;
    }

    private List<(string Name, string Value)> Highlights()
    {
        string main = task.Headlines[0];
        List<(string, string)> figures = [];
        void Of(string name, EvaluationResult? result)
        {
            if (result is null) return;
            figures.Add(($"{name} {main}", Values.Number(result.Metric(main)!.Value)));
            figures.Add(($"{name} loss", Values.Number(result.Metric("loss")!.Value)));
        }

        Of("test", test);
        if (test is null) Of("validation", validation);
        if (state.BestStep is { } step)
            figures.Add(("best model after", string.Create(CultureInfo.InvariantCulture, $"epoch {plan.EpochAfter(step):0.##}")));
        figures.Add(("time of the run", Values.Duration(seconds)));
        figures.Add(("training rows per second", Values.Number(state.RowsSeen / state.TrainSeconds)));
        return figures;
    }

    private void Course(Report report)
    {
        report.Heading("Course of the run");
        JsonObject[] evaluations = [.. state.LogHistory.Where(e => e.ContainsKey("eval_loss"))];
        double Value(JsonObject evaluation, string name) => evaluation[$"eval_{name}"]?.GetValue<double>() ?? double.NaN;
        Point[] Of(string name) => [.. evaluations.Select(e => new Point(e["step"]!.GetValue<int>(), Value(e, name)))];
        report.Figure(new LineChart("Loss", "step", "loss",
        [
            new Series("training", [.. state.Curve.Points.Select(p => new Point(p.Step, p.Loss))]),
            new Series("validation", Of("loss")),
        ]));
        if (evaluations.Length == 0) return;
        IReadOnlyList<string> names = task.Headlines;
        if (evaluations.Length > 1)
            report.Figure(new LineChart("Validation metrics", "step", "score", [.. names.Select(name => new Series(name, Of(name)))]));
        string[] columns = [.. names.Prepend("loss").Append(rule.Metric).Distinct()];
        var table = new Table(
            [new("epoch", Alignment.Right), new("step", Alignment.Right), .. columns.Select(c => new Column(c, Alignment.Right))]);
        foreach (JsonObject e in evaluations)
        {
            int step = e["step"]!.GetValue<int>();
            table.Add([
                plan.EpochAfter(step).ToString("0.##", CultureInfo.InvariantCulture), Values.Count(step),
                .. columns.Select(c => Values.Number(Value(e, c)))], marked: step == state.BestStep);
        }

        report.Table(table, state.BestStep is null
            ? "Evaluations. The model of the last step is the run's result."
            : $"Evaluations. The marked one is the best by {rule.Metric}; its model is the run's result.");
    }

    private static void Figures(Report report, string name, EvaluationResult result)
    {
        report.Heading($"{name}: {Values.Count(result.Rows)} rows");
        var table = new Table([new Column("metric"), new Column("value", Alignment.Right)]);
        foreach ((string metric, double value) in result.Metrics) table.Add([metric, Values.Number(value)]);
        table.Add(["rows per second", Values.Number(result.Rows / result.Seconds)]);
        report.Table(table);
        if (result.ConfusionMatrix is { } matrix && result.Labels.Count <= LabelsShown)
            report.Figure(new HeatMap("Confusion matrix", "true label", "predicted label", result.Labels, matrix));
        if (result.PerLabel.Count > 0 && result.Labels.Count <= LabelsShown)
        {
            report.Figure(new BarChart("F1 per label", "F1",
                [.. result.Labels.Zip(result.PerLabel, (label, s) => new Bar(label, s.F1, $"({Values.Count(s.Support)} rows)"))], 1));
        }

        if (result.Report is { } text) report.Preformatted(text, "Classification report");
    }

    private void Data(Report report)
    {
        report.Heading("Data");
        var table = new Table([
            new("rows of"), new("rows", Alignment.Right), new("sequences", Alignment.Right), new("tokens", Alignment.Right),
            new("mean length", Alignment.Right), new("longest", Alignment.Right), new("cut", Alignment.Right),
            new("without text", Alignment.Right)]);
        foreach ((string name, FeatureSet features) in data.Splits)
        {
            double mean = Math.Round((double)features.Tokens / features.Count, 1);
            table.Add([
                name, Values.Count(features.Source.Count), Values.Count(features.Count), Values.Count(features.Tokens), Values.Number(mean),
                Values.Count(features.Lengths.Max()), Values.Count(features.TruncatedRows), Values.Count(features.EmptyRows)]);
        }

        report.Table(table, $"Texts are cut to {task.MaxLength} tokens. A sequence is what the model sees at once.");
        task.AddToReport(report, data.Splits);
    }

    private void Run(Report report)
    {
        report.Heading("Run");
        TrainingOptions t = config.Training;
        var table = new Table([new Column(""), new Column("")]);
        table.Add(["model", $"{model.ClassName}, {Values.Count(model.Parameters.Elements)} weights"]);
        table.Add(["steps", string.Create(CultureInfo.InvariantCulture,
            $"{Values.Count(state.GlobalStep)} of {t.PerDeviceTrainBatchSize * plan.Accumulation} rows, {state.Epoch:0.##} epochs")]);
        string schedule = ScheduleNames.ByName.First(s => s.Value == t.LrSchedulerType).Key;
        table.Add(["learning rate", $"{Values.Number(t.LearningRate)}, {schedule}, {Values.Count(plan.WarmupSteps)} warm-up steps"]);
        table.Add(["seed", t.Seed.ToString(CultureInfo.InvariantCulture)]);
        table.Add(["mean training loss", Values.Number(state.TrainLoss)]);
        table.Add(["time", $"{Values.Duration(seconds)}, of which {Values.Duration(state.TrainSeconds)} in training steps"]);
        string rows = Values.Number(state.RowsSeen / state.TrainSeconds), tokens = Values.Number(state.TokensSeen / state.TrainSeconds);
        table.Add(["speed of training", $"{rows} rows and {tokens} tokens per second"]);
        table.Add(["most memory in use", Values.Bytes(MachineInfo.PeakMemory)]);
        table.Add(["machine", string.Create(CultureInfo.InvariantCulture,
            $"{MachineInfo.Processor}, {MachineInfo.LogicalProcessors} logical processors, {MachineInfo.Backend}")]);
        table.Add(["software", $"Atenea {MachineInfo.Version}, {MachineInfo.Runtime}, {MachineInfo.System}"]);
        report.Table(table);
    }
}
