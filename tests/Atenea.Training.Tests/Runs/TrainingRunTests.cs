using System.Text.Json.Nodes;
using Atenea.Data;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training.Tests;

public sealed class TrainingRunTests : IDisposable
{
    private static readonly string[] Timings =
    [
        "seconds", "samples_per_second", "tokens_per_second", "eval_runtime", "eval_samples_per_second", "eval_steps_per_second",
        "train_runtime", "train_samples_per_second", "train_steps_per_second",
    ];

    private readonly TinyRun _tiny = new();

    [Fact]
    public void A_run_learns_and_leaves_everything_in_its_folder()
    {
        TrainingRunResult result = TrainingRun.Train(_tiny.Config(("training.num_train_epochs", "12"),
            ("training.load_best_model_at_end", "true")));
        Assert.False(result.IsInterrupted);
        Assert.Equal(96, result.State.GlobalStep);
        Assert.Equal(12, result.State.Epoch);
        Assert.True(result.Test!.Metric("accuracy") >= 0.9, $"accuracy {result.Test.Metric("accuracy")}");

        foreach (string file in new[] { "config.yaml", "history.jsonl", "trainer_state.json", "metrics.json", "report.md", "report.html" })
            Assert.True(File.Exists(_tiny.File("run", file)), file);
        foreach (string part in new[] { "best", "last" })
        {
            foreach (string file in new[] { "config.json", "model.safetensors", "tokenizer.json" })
                Assert.True(File.Exists(_tiny.File("run", part, file)), $"{part}/{file}");
        }

        Assert.True(File.Exists(_tiny.File("run", "last", "optimizer.safetensors")));
        Assert.Empty(Directory.GetFiles(_tiny.Run, "*.tmp", SearchOption.AllDirectories));
        Assert.Equal(["best", "last"], Directory.GetDirectories(_tiny.Run).Select(Path.GetFileName).Order());

        JsonNode metrics = Read("metrics.json");
        Assert.Equal(result.Test.Metric("accuracy"), metrics["test"]!["accuracy"]!.GetValue<double>());
        Assert.Equal(result.Validation!.Metric("loss"), metrics["validation"]!["loss"]!.GetValue<double>());
        Assert.Equal(20, metrics["test"]!["confusion_matrix"]!.AsArray().Sum(row => row!.AsArray().Sum(v => v!.GetValue<int>())));
        Assert.Equal(["neg", "pos"], ModelConfig.Load(_tiny.File("run", "best")).Labels);
        Assert.Contains("Classification report", File.ReadAllText(_tiny.File("run", "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_model_is_the_one_whose_evaluation_was_best_and_its_figures_are_those_told_at_the_end()
    {
        TrainingRunResult result = TrainingRun.Train(_tiny.Config(("training.num_train_epochs", "6"), ("training.learning_rate", "0.05"),
            ("training.metric_for_best_model", "eval_loss")));
        JsonNode state = Read("trainer_state.json");
        JsonObject[] evaluations = [.. state["log_history"]!.AsArray().OfType<JsonObject>().Where(e => e.ContainsKey("eval_loss"))];
        double lowest = evaluations.Min(e => e["eval_loss"]!.GetValue<double>());
        JsonObject best = evaluations.First(e => e["eval_loss"]!.GetValue<double>() == lowest);
        Assert.Equal(lowest, state["best_metric"]!.GetValue<double>());
        Assert.Equal(best["step"]!.GetValue<int>(), state["best_global_step"]!.GetValue<int>());
        Assert.Equal(lowest, result.Validation!.Metric("loss"));
        Assert.NotEqual(48, result.State.BestStep);
        Assert.NotEqual(File.ReadAllBytes(_tiny.File("run", "best", "model.safetensors")),
            File.ReadAllBytes(_tiny.File("run", "last", "model.safetensors")));
    }

    [Fact]
    public void Without_a_wish_for_the_best_the_result_is_the_final_model()
    {
        TrainingRunResult result = TrainingRun.Train(_tiny.Config(("training.max_steps", "10")));
        Assert.Null(result.State.BestStep);
        Assert.Equal(File.ReadAllBytes(_tiny.File("run", "best", "model.safetensors")),
            File.ReadAllBytes(_tiny.File("run", "last", "model.safetensors")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(11)]
    public void A_run_that_was_stopped_and_resumed_ends_with_the_same_bits(int stopAfter)
    {
        (string, string)[] overrides = [("training.warmup_steps", "3"), ("training.weight_decay", "0.1"),
            ("training.gradient_accumulation_steps", "2"), ("training.load_best_model_at_end", "true")];
        TrainingRun.Train(_tiny.Config([.. overrides, ("training.output_dir", _tiny.File("straight"))]));

        using var source = new CancellationTokenSource();
        TrainingRunResult stopped = TrainingRun.Train(_tiny.Config(overrides),
            new TrainingRunOptions { Observer = new Stopper(source, stopAfter), Cancellation = source.Token });
        Assert.True(stopped.IsInterrupted);
        Assert.Equal(stopAfter, stopped.State.GlobalStep);
        Assert.Equal($"atenea train --resume {_tiny.Run}", stopped.ResumeCommand);
        TrainingRunResult resumed = TrainingRun.Resume(_tiny.Run);
        Assert.False(resumed.IsInterrupted);

        foreach (string file in new[] { "best/model.safetensors", "last/model.safetensors", "last/optimizer.safetensors" })
            Assert.True(File.ReadAllBytes(_tiny.File("straight", file)).SequenceEqual(File.ReadAllBytes(_tiny.File("run", file))), file);
        Assert.Equal(Events("straight"), Events("run"));
        Assert.Equal(Without(Read("trainer_state.json", "straight")["log_history"]!), Without(Read("trainer_state.json")["log_history"]!));
    }

    [Fact]
    public void A_run_that_was_stopped_within_an_evaluation_makes_it_up()
    {
        TrainingRun.Train(_tiny.Config(("training.output_dir", _tiny.File("straight"))));
        using var source = new CancellationTokenSource();
        TrainingRunResult stopped = TrainingRun.Train(_tiny.Config(),
            new TrainingRunOptions { Observer = new EvaluationStopper(source), Cancellation = source.Token });
        Assert.True(stopped.IsInterrupted);
        TrainingRun.Resume(_tiny.Run);
        Assert.Equal(Events("straight"), Events("run"));
        Assert.Equal(File.ReadAllBytes(_tiny.File("straight", "last", "model.safetensors")),
            File.ReadAllBytes(_tiny.File("run", "last", "model.safetensors")));
    }

    [Fact]
    public void The_same_config_gives_the_same_bits_on_any_number_of_threads_and_another_seed_others()
    {
        byte[] Train(string name, int threads, string seed)
        {
            TrainingRun.Train(_tiny.Config(("training.output_dir", _tiny.File(name)), ("training.seed", seed)),
                new TrainingRunOptions { Threads = threads });
            return File.ReadAllBytes(_tiny.File(name, "best", "model.safetensors"));
        }

        byte[] one = Train("one", 1, "7");
        Assert.Equal(one, Train("three", 3, "7"));
        Assert.NotEqual(one, Train("other", 1, "8"));
    }

    [Fact]
    public void Accumulated_micro_batches_make_the_step_of_one_big_batch()
    {
        using var still = new TinyRun(dropout: 0);
        (string, string)[] common = [("training.max_steps", "7"), ("training.eval_strategy", "no")];
        TrainingRun.Train(still.Config([.. common, ("training.per_device_train_batch_size", "12"),
            ("training.output_dir", still.File("big"))]));
        TrainingRun.Train(still.Config([.. common, ("training.per_device_train_batch_size", "4"),
            ("training.gradient_accumulation_steps", "3"), ("training.output_dir", still.File("small"))]));
        using SequenceClassifier big = ModelLoader.Load<SequenceClassifier>(still.File("big", "best"));
        using SequenceClassifier small = ModelLoader.Load<SequenceClassifier>(still.File("small", "best"));
        // The true gradient of key biases is zero.
        foreach (Parameter parameter in big.Parameters.Where(p => !p.Name.Contains("key.bias", StringComparison.Ordinal)))
        {
            float[] a = parameter.ToArray(), b = small.Parameters[parameter.Name].ToArray();
            for (int i = 0; i < a.Length; i++) Assert.True(Math.Abs(a[i] - b[i]) < 2e-4, $"{parameter.Name}[{i}]: {a[i]} against {b[i]}");
        }
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_the_run_and_names_step_and_rows()
    {
        AteneaException e = Assert.Throws<AteneaException>(() => TrainingRun.Train(_tiny.Config(("training.learning_rate", "1e30"),
            ("training.max_grad_norm", "0"))));
        Assert.Contains(e.Code.Id, new[] { "ATN0701", "ATN0702" });
        Assert.Equal(ErrorCode.RunFailed, e.Code.ExitCode);
        Assert.Matches("step [0-9]+ ", e.What);
        Assert.Contains("train.csv: line ", e.Where, StringComparison.Ordinal);
        Assert.Contains("\"event\":\"error\"", File.ReadLines(_tiny.File("run", "history.jsonl")).Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("training.metric_for_best_model", "acuracy", "ATN0704")]
    [InlineData("data.label", "labl", "ATN0205")]
    [InlineData("data.text", "txt", "ATN0205")]
    [InlineData("data.train", "no.csv", "ATN0401")]
    [InlineData("data.labels", "[pos, neutral]", "ATN0208")]
    [InlineData("model_options.num_labels", "3", "ATN0116")]
    [InlineData("model", "no-such-model", "ATN0411")]
    public void What_the_user_can_mend_is_a_coded_error(string key, string value, string code) =>
        Assert.Equal(code, Assert.Throws<AteneaException>(() => TrainingRun.Train(_tiny.Config((key, value)))).Code.Id);

    [Fact]
    public void Bad_rows_are_coded_errors()
    {
        _tiny.Write("validation.csv", "text,label\ngood film,pos\nbad film,neutral\n");
        AteneaException unknown = Assert.Throws<AteneaException>(() => TrainingRun.Train(_tiny.Config()));
        Assert.Equal("ATN0208", unknown.Code.Id);
        Assert.Contains("line 3", unknown.Where, StringComparison.Ordinal);
        _tiny.Write("train.csv", "text,label\ngood film,pos\n");
        Assert.Equal("ATN0210", Assert.Throws<AteneaException>(() => TrainingRun.Train(_tiny.Config())).Code.Id);
        _tiny.Write("train.csv", "text,label\n");
        Assert.Equal("ATN0206", Assert.Throws<AteneaException>(() => TrainingRun.Train(_tiny.Config())).Code.Id);
    }

    [Fact]
    public void What_is_cut_and_drawn_anew_is_told()
    {
        var told = new Listener();
        TrainingRun.Train(_tiny.Config(("data.max_length", "4"), ("training.max_steps", "2")), new TrainingRunOptions { Observer = told });
        Assert.Contains(told.Notices, n => n.Contains("longer than 4 tokens", StringComparison.Ordinal));
        Assert.Contains("longer than 4 tokens", File.ReadAllText(_tiny.File("run", "report.md")), StringComparison.Ordinal);
        Assert.Contains("max_length: 4", File.ReadAllText(_tiny.File("run", "config.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_history_has_the_trainers_entries_and_every_line_is_json()
    {
        TrainingRun.Train(_tiny.Config());
        JsonNode[] events = [.. File.ReadLines(_tiny.File("run", "history.jsonl")).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(["log", "log", "eval", "log", "log", "eval", "log", "log", "eval", "end"],
            events.Select(e => e["event"]!.GetValue<string>()));
        JsonNode first = events[0];
        Assert.Equal(4, first["step"]!.GetValue<int>());
        Assert.Equal(0.5, first["epoch"]!.GetValue<double>());
        Assert.Equal(5e-3 * (24 - 3) / 24, first["learning_rate"]!.GetValue<double>(), 12);

        JsonNode golden = JsonNode.Parse(File.ReadAllText(Golden.File("artifacts", "trainer_state.json")))!;
        JsonNode state = Read("trainer_state.json");
        Assert.Empty(golden.AsObject().Select(p => p.Key).Except(state.AsObject().Select(p => p.Key)));
        JsonNode[] reference = [.. golden["log_history"]!.AsArray().OfType<JsonNode>()];
        JsonNode[] ours = [.. state["log_history"]!.AsArray().OfType<JsonNode>()];
        Assert.Equal(reference[0].AsObject().Select(p => p.Key), ours[0].AsObject().Select(p => p.Key));
        Assert.Equal(reference[^1].AsObject().Select(p => p.Key), ours[^1].AsObject().Select(p => p.Key));
    }

    [Fact]
    public void Saved_states_are_kept_as_the_limit_says()
    {
        TrainingRun.Train(_tiny.Config(("training.save_total_limit", "2")));
        Assert.Equal(["best", "checkpoint-16", "checkpoint-24", "last"],
            Directory.GetDirectories(_tiny.Run).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Multi_label_and_regression_runs_work_by_what_the_labels_look_like()
    {
        string Rows(string even, string odd) =>
            "text,label\n" + string.Concat(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? even : odd) + "\n"));
        _tiny.Write("train.csv", Rows("good film,a|b", "bad book,b"));
        _tiny.Write("validation.csv", "text,label\ngood day,a|b\nbad day,b\n");
        _tiny.Write("test.csv", "text,label\ngood day,a|b\nbad day,\n");
        TrainingRunResult several = TrainingRun.Train(_tiny.Config(("training.metric_for_best_model", "f1_micro")));
        Assert.Equal(ProblemType.MultiLabelClassification, several.Test!.Problem);
        Assert.NotNull(several.Test.Metric("hamming_loss"));

        foreach (string name in new[] { "train.csv", "validation.csv", "test.csv" })
            _tiny.Write(name, Rows("good film,0.75", "bad book,-0.5"));
        TrainingRunResult numbers = TrainingRun.Train(_tiny.Config(("training.num_train_epochs", "20"),
            ("training.metric_for_best_model", "mse")));
        Assert.Equal(ProblemType.Regression, numbers.Test!.Problem);
        Assert.True(numbers.Test.Metric("pearson") > 0.9, $"pearson {numbers.Test.Metric("pearson")}");
        Assert.Equal("regression", ModelConfig.Load(_tiny.File("run", "best")).Text("problem_type"));
    }

    [Theory]
    [InlineData("text-classification")]
    [InlineData("token-classification")]
    [InlineData("fill-mask")]
    public void A_step_in_steady_state_allocates_nothing_on_the_managed_heap(string task)
    {
        var meter = new AllocationMeter();
        string train = _tiny.File("train.csv");
        if (task == "token-classification")
        {
            IEnumerable<string> sentences = File.ReadLines(train).Skip(1).Select(line => line.Split(',')[0])
                .Select(text => string.Concat(text.Split(' ').Select(word => $"{word}\t{(word is "good" ? "B-X" : "O")}\n")) + "\n");
            train = _tiny.Write("train.conll", string.Concat(sentences));
        }

        TrainingRun.Train(
            _tiny.Config(
                ("task", task), ("data.train", train), ("data.validation", "null"), ("data.test", "null"), ("data.line_by_line", "true"),
                ("training.num_train_epochs", "6"), ("training.eval_strategy", "no"), ("training.logging_strategy", "no"),
                ("training.save_strategy", "no"), ("training.gradient_accumulation_steps", "2")),
            new TrainingRunOptions { Threads = 1, Observer = meter });
        const int stepsPerEpoch = 4;
        int measured = 0;
        for (int step = 3 * stepsPerEpoch; step < meter.Steps; step++)
        {
            if (step % stepsPerEpoch == 0) continue; // a new epoch draws its order
            Assert.True(meter.Bytes[step] == 0, $"step {step + 1}: {meter.Bytes[step]} bytes");
            measured++;
        }

        Assert.Equal(9, measured);
    }

    [Fact]
    public void A_saved_model_is_evaluated_with_the_figures_of_its_run_whatever_the_batches()
    {
        TrainingRunResult run = TrainingRun.Train(_tiny.Config());
        Dataset rows = Dataset.Read(_tiny.File("test.csv"));
        foreach (int batchRows in new[] { 1, 64 })
        {
            EvaluationResult again = ModelEvaluation.Evaluate(_tiny.Run, rows, new ModelEvaluationOptions { BatchRows = batchRows });
            Assert.Equal(run.Test!.Metrics, again.Metrics);
            Assert.Equal(run.Test.Report, again.Report);
        }

        Assert.Equal(Catalogue.HeadUntrained, Assert.Throws<AteneaException>(() => ModelEvaluation.Evaluate("all-MiniLM-L6-v2",
            rows)).Code);
    }

    [Fact]
    public void A_folder_that_is_no_run_cannot_be_resumed()
    {
        Assert.Equal(Catalogue.ResumeImpossible, Assert.Throws<AteneaException>(() => TrainingRun.Resume(_tiny.Folder)).Code);
        TrainingRun.Train(_tiny.Config(("training.max_steps", "3")));
        File.AppendAllText(_tiny.File("train.csv"), "good,pos\n");
        AteneaException e = Assert.Throws<AteneaException>(() => TrainingRun.Resume(_tiny.Run));
        Assert.Equal(Catalogue.ResumeImpossible, e.Code);
        Assert.Contains("61", e.What, StringComparison.Ordinal);
    }

    public void Dispose() => _tiny.Dispose();

    private JsonNode Read(string file, string run = "run") => JsonNode.Parse(File.ReadAllText(_tiny.File(run, file)))!;

    /// <summary>The history without times, and without the mark that a run was resumed.</summary>
    private string[] Events(string run) =>
    [
        .. File.ReadLines(_tiny.File(run, "history.jsonl")).Select(line => JsonNode.Parse(line)!)
            .Where(e => e["event"]!.GetValue<string>() != "resume").Select(Without),
    ];

    private static string Without(JsonNode node)
    {
        JsonNode copy = node.DeepClone();
        foreach (JsonObject entry in copy is JsonArray list ? list.OfType<JsonObject>() : [copy.AsObject()])
        {
            foreach (string key in Timings) entry.Remove(key);
        }

        return copy.ToJsonString();
    }

    private sealed class Stopper(CancellationTokenSource source, int after) : TrainingObserver
    {
        public override void Progressed(TrainingProgress progress)
        {
            if (progress.Phase == TrainingPhase.Training && progress.Step == after) source.Cancel();
        }
    }

    private sealed class EvaluationStopper(CancellationTokenSource source) : TrainingObserver
    {
        public override void Happened(JsonObject entry)
        {
            if (entry["event"]!.GetValue<string>() == "log" && entry["step"]!.GetValue<int>() == 8) source.Cancel();
        }
    }

    /// <summary>Managed bytes that this thread, which runs every kernel, took from one step to the next.</summary>
    private sealed class AllocationMeter : TrainingObserver
    {
        private long _last;

        public long[] Bytes { get; } = new long[100];

        public int Steps { get; private set; }

        public override void Progressed(TrainingProgress progress)
        {
            if (progress.Phase != TrainingPhase.Training) return;
            long now = GC.GetAllocatedBytesForCurrentThread();
            Bytes[Steps++] = now - _last;
            _last = now;
        }
    }

    private sealed class Listener : TrainingObserver
    {
        public List<string> Notices { get; } = [];

        public override void Notice(string text) => Notices.Add(text);
    }
}
