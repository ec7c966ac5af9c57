using System.Text.Json.Nodes;
using Atenea.Data;
using Atenea.Hub;
using Atenea.Models;

namespace Atenea.Training.Tests;

/// <summary>Whole runs of every task but text classification, whose runs the other tests make.</summary>
public sealed class TaskRunTests : IDisposable
{
    private readonly TinyRun _tiny = new();

    [Fact]
    public void A_token_classifier_learns_is_saved_and_is_evaluated_alike()
    {
        foreach ((string file, int rows) in new[] { ("train.conll", 60), ("validation.conll", 20), ("test.conll", 20) })
            WriteTags(file, rows);
        TrainingRunResult result = TrainingRun.Train(Config("token-classification", "conll",
            ("training.num_train_epochs", "20"), ("training.metric_for_best_model", "f1"), ("data.max_length", "8"), ("data.stride", "2")));
        Assert.True(result.Test!.Metric("f1") > 0.9, $"f1 {result.Test.Metric("f1")}");
        Assert.Equal(["BAD", "GOOD"], result.Test.Labels);
        string best = _tiny.File("run", "best");
        ModelConfig saved = ModelConfig.Load(best);
        Assert.Equal(["BertForTokenClassification"], saved.Architectures);
        Assert.Equal(["B-BAD", "B-GOOD", "I-GOOD", "O"], saved.Labels);
        ModelSettings settings = ModelSettings.Load(best);
        Assert.Equal(("token-classification", 8, 2, "tokens"), (settings.Task, settings.MaxLength, settings.Stride, settings.Text));
        EvaluationResult again = ModelEvaluation.Evaluate(_tiny.Run, Dataset.Read(_tiny.File("test.conll")));
        Assert.Equal(result.Test.Metrics, again.Metrics);
        Assert.Equal(result.Test.Report, again.Report);
        Assert.Contains("weighted avg", File.ReadAllText(_tiny.File("run", "report.md")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false", "16")]
    [InlineData("true", "null")]
    public void A_masked_language_model_learns_is_saved_and_is_evaluated_alike(string lines, string length)
    {
        TrainingRunResult result = TrainingRun.Train(Config("fill-mask", "csv",
            ("training.num_train_epochs", "6"), ("data.line_by_line", lines), ("data.max_length", length), ("data.mlm_probability", "0.3"),
            ("training.metric_for_best_model", "perplexity"), ("training.gradient_accumulation_steps", "2")));
        Assert.Equal(Math.Exp(result.Test!.Metric("loss")!.Value), result.Test.Metric("perplexity"));
        JsonNode state = JsonNode.Parse(File.ReadAllText(_tiny.File("run", "trainer_state.json")))!;
        IEnumerable<JsonNode?> evaluations = state["log_history"]!.AsArray().Where(e => e!["eval_loss"] is not null);
        double[] losses = [.. evaluations.Select(e => e!["eval_loss"]!.GetValue<double>())];
        Assert.True(losses[^1] < losses[0], string.Join(", ", losses));
        Assert.Equal(state["best_metric"]!.GetValue<double>(), Math.Exp(losses.Min()), 12);
        Assert.Equal(["BertForMaskedLM"], ModelConfig.Load(_tiny.File("run", "best")).Architectures);
        EvaluationResult again = ModelEvaluation.Evaluate(_tiny.Run, Dataset.Read(_tiny.File("test.csv")));
        Assert.Equal(result.Test.Metrics, again.Metrics);
    }

    [Fact]
    public void Accumulated_masks_make_the_step_of_one_big_batch_although_each_micro_batch_hides_another_number()
    {
        using var still = new TinyRun(dropout: 0);
        (string, string)[] common =
            [("task", "fill-mask"), ("data.line_by_line", "true"), ("training.max_steps", "5"), ("training.eval_strategy", "no")];
        TrainingRun.Train(still.Config(
            [.. common, ("training.per_device_train_batch_size", "12"), ("training.output_dir", still.File("big"))]));
        TrainingRun.Train(still.Config(
            [.. common, ("training.per_device_train_batch_size", "4"), ("training.gradient_accumulation_steps", "3"),
                ("training.output_dir", still.File("small"))]));
        using SafeTensorsFile big = SafeTensorsFile.Open(still.File("big", "best", "model.safetensors"));
        using SafeTensorsFile small = SafeTensorsFile.Open(still.File("small", "best", "model.safetensors"));
        // The true gradient of key biases is zero.
        foreach (string name in big.Tensors.Keys.Where(n => !n.Contains("key.bias", StringComparison.Ordinal)))
        {
            float[] a = big.ReadFloats(name), b = small.ReadFloats(name);
            for (int i = 0; i < a.Length; i++) Assert.True(Math.Abs(a[i] - b[i]) < 3e-4, $"{name}[{i}]: {a[i]} against {b[i]}");
        }
    }

    [Fact]
    public void A_masked_run_that_was_stopped_and_resumed_ends_with_the_same_bits()
    {
        (string, string)[] overrides = [("data.max_length", "16"), ("training.max_steps", "12"), ("training.eval_strategy", "no")];
        TrainingRun.Train(Config("fill-mask", "csv", [.. overrides, ("training.output_dir", _tiny.File("straight"))]));
        using var source = new CancellationTokenSource();
        var stopper = new Stopper(source, 5);
        Assert.True(TrainingRun.Train(Config("fill-mask", "csv", overrides),
            new TrainingRunOptions { Observer = stopper, Cancellation = source.Token }).IsInterrupted);
        TrainingRun.Resume(_tiny.Run);
        Assert.Equal(File.ReadAllBytes(_tiny.File("straight", "best", "model.safetensors")),
            File.ReadAllBytes(_tiny.File("run", "best", "model.safetensors")));
    }

    [Fact]
    public void A_task_of_one_s_own_is_trained_by_its_name()
    {
        if (!TrainingTasks.Names.ContainsKey("length-parity"))
            TrainingTasks.Register(new TaskKind("length-parity", ModelTask.Of<SequenceClassifier>(), context => new ParityTask(context)));
        TrainingRunResult result = TrainingRun.Train(_tiny.Config(
            ("task", "length-parity"), ("task_options", "{offset: 1}"), ("training.max_steps", "6"), ("training.eval_strategy", "no")));
        Assert.NotNull(result.Test!.Metric("half"));
        Assert.Equal(["even", "odd"], ModelConfig.Load(_tiny.File("run", "best")).Labels);
        Assert.Contains("task: length-parity", File.ReadAllText(_tiny.File("run", "config.yaml")), StringComparison.Ordinal);
        Assert.Equal(result.Test.Metrics, ModelEvaluation.Evaluate(_tiny.Run, Dataset.Read(_tiny.File("test.csv"))).Metrics);
    }

    public void Dispose() => _tiny.Dispose();

    private RunConfig Config(string task, string ending, params (string Key, string Value)[] overrides) => _tiny.Config(
    [
        ("task", task), ("data.train", _tiny.File($"train.{ending}")), ("data.validation", _tiny.File($"validation.{ending}")),
        ("data.test", _tiny.File($"test.{ending}")), .. overrides,
    ]);

    /// <summary>Sentences in which good and bad words are entities; "very" goes with a good one.</summary>
    private void WriteTags(string file, int rows)
    {
        string[] lines = File.ReadAllLines(_tiny.File("train.csv"))[1..];
        string Tag(string word, string before) => word switch
        {
            "good" or "fine" or "great" => before == "very" ? "I-GOOD" : "B-GOOD",
            "bad" or "poor" or "awful" => "B-BAD",
            _ => "O",
        };
        var sentences = new List<string>();
        for (int row = 0; row < rows; row++)
        {
            string[] words = lines[(row * 7) % lines.Length].Split(',')[0].Split(' ');
            var tagged = new List<string>();
            for (int i = 0; i < words.Length; i++)
            {
                string next = i + 1 < words.Length ? Tag(words[i + 1], words[i]) : "";
                tagged.Add($"{words[i]}\t{(words[i] == "very" && next == "I-GOOD" ? "B-GOOD" : Tag(words[i], i > 0 ? words[i - 1] : ""))}");
            }

            sentences.Add(string.Join('\n', tagged) + "\n");
        }

        _tiny.Write(file, string.Join('\n', sentences.Append("very\tB-GOOD\ngood\tI-GOOD\nawful\tB-BAD\nday\tO\n")));
    }

    private sealed class Stopper(CancellationTokenSource source, int after) : TrainingObserver
    {
        public override void Progressed(TrainingProgress progress)
        {
            if (progress.Phase == TrainingPhase.Training && progress.Step == after) source.Cancel();
        }
    }

    /// <summary>Whether a text has an even number of words: made with what anyone may use.</summary>
    private sealed class ParityTask(TaskContext context) : TrainingTask(context)
    {
        public override IReadOnlyList<string> MetricNames => ["loss", "half"];

        public override IReadOnlyList<string> Headlines => ["half"];

        public override IReadOnlyList<string> Labels => ["even", "odd"];

        public override DataColumns Columns => DataColumns.Default;

        public override Dataset Learn(Dataset train) => train;

        public override void Adopt(TaskModel model, Dataset rows)
        {
        }

        public override Dataset Clean(Dataset rows) => rows;

        public override FeatureSet Encode(Dataset rows)
        {
            int offset = int.Parse(Context.Config.TaskOptions.GetValueOrDefault("offset", "0"),
                System.Globalization.CultureInfo.InvariantCulture);
            int[] labels = [.. rows.Column("text").Select(text => (text!.Split(' ').Length + offset) % 2)];
            return FeatureSet.FromTexts(rows, Columns, Context.Tokenizer, MaxLength)
                .WithLabels(new FeatureLabels(ModelLabels.Usual, labels));
        }

        public override TaskScorer Score(FeatureSet features) => new Scorer();

        private sealed class Scorer : TaskScorer
        {
            protected override void Take(in ModelOutputs outputs, InputBatch batch, ReadOnlySpan<int> members)
            {
            }

            public override EvaluationResult Result(EvaluationPass pass) => new(pass, [new("half", 0.5)]);
        }
    }
}
