using System.Diagnostics;
using System.Text.Json;

namespace Atenea.Cli.Tests;

public sealed class TrainCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_leaves_its_folder_and_says_where()
    {
        Outcome outcome = Atenea.Run("train", SmallRun.Write(_folder));
        outcome.AssertSuccess();
        string[] files =
        [
            "config.yaml", "history.jsonl", "trainer_state.json", "metrics.json", "report.md", "report.html",
            "best/model.safetensors", "last/optimizer.safetensors",
        ];
        foreach (string name in files)
            Assert.True(File.Exists(_folder.File("run/" + name)), name);
        Assert.Contains("accuracy", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(_folder.File("run/report.html"), outcome.Output, StringComparison.Ordinal);
        Assert.Contains("12 steps of 8 rows in 2 epochs", outcome.Error, StringComparison.Ordinal);
        Assert.Matches(@"epoch 1\.00  step 6  validation loss [0-9.]+  accuracy [0-9.]+  best so far", outcome.Error);
        Assert.Matches(@"epoch 0\.33  step 2  loss [0-9.]+  [0-9.]+ samples/s  [0-9]+ tokens/s", outcome.Error);
        Assert.DoesNotContain('\r', outcome.Error); // the line that rewrites itself is for terminals
    }

    [Fact]
    public void Settings_are_changed_by_their_dotted_names_and_JSON_is_the_metrics_file()
    {
        Outcome outcome = Atenea.Run("train", "--training.seed", "7", SmallRun.Write(_folder), "--training.max_steps=3", "--json",
            "--training.learning_rate", "1e-3", "--threads", "1");
        outcome.AssertSuccess();
        Assert.Equal(3, outcome.Json.GetProperty("train").GetProperty("steps").GetInt32());
        Assert.True(outcome.Json.GetProperty("test").TryGetProperty("accuracy", out _));
        string config = File.ReadAllText(_folder.File("run/config.yaml"));
        Assert.Contains("seed: 7", config, StringComparison.Ordinal);
        Assert.Contains("learning_rate: 0.001", config, StringComparison.Ordinal);
        using JsonDocument metrics = JsonDocument.Parse(File.ReadAllText(_folder.File("run/metrics.json")));
        Assert.Equal(JsonSerializer.Serialize(metrics.RootElement), outcome.Output.Trim());
    }

    [Fact]
    public void Tags_of_words_are_learnt_evaluated_and_predicted()
    {
        string config = SmallRun.Write(_folder);
        foreach ((string name, int count) in new[] { ("train", 48), ("validation", 12), ("test", 12) })
        {
            _folder.Write($"{name}.conll", string.Concat(Enumerable.Range(0, count).Select(i =>
                $"{(i % 2 == 0 ? "good\tB-JOY" : "film\tO")}\nin\tO\n{(i % 3 == 0 ? "paris\tB-PLACE" : "bed\tO")}\n\n")));
        }

        JsonElement trained = Train(config, "token-classification", "conll", "10").GetProperty("test");
        Assert.True(trained.GetProperty("f1").GetDouble() > 0.9, trained.ToString());
        Outcome eval = Atenea.Run("eval", _folder.File("run"), "--data", _folder.File("test.conll"), "--json");
        eval.AssertSuccess();
        Assert.Equal(trained.GetProperty("f1").GetDouble(), eval.Json.GetProperty("f1").GetDouble());
        Outcome predict = Atenea.Run("predict", _folder.File("run"), "--text", "good in paris", "--json");
        predict.AssertSuccess();
        Assert.Contains("JOY", predict.Output, StringComparison.Ordinal);
        Assert.Contains("PLACE", predict.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_words_are_learnt_evaluated_and_predicted()
    {
        JsonElement trained = Train(SmallRun.Write(_folder), "fill-mask", "csv", "2").GetProperty("test");
        Outcome eval = Atenea.Run("eval", _folder.File("run"), "--data", _folder.File("test.csv"), "--json");
        eval.AssertSuccess();
        Assert.Equal(trained.GetProperty("perplexity").GetDouble(), eval.Json.GetProperty("perplexity").GetDouble());
        Outcome predict = Atenea.Run("predict", _folder.File("run"), "--text", "good [MASK] number 3", "--top-k", "2", "--json");
        predict.AssertSuccess();
        Assert.Contains("sequence", predict.Output, StringComparison.Ordinal);
    }

    private JsonElement Train(string config, string task, string ending, string epochs)
    {
        Outcome outcome = Atenea.Run("train", config, "--json", "--task", task, "--training.num_train_epochs", epochs,
            "--data.train", _folder.File($"train.{ending}"), "--data.validation", _folder.File($"validation.{ending}"),
            "--data.test", _folder.File($"test.{ending}"), "--data.max_length", "16");
        outcome.AssertSuccess();
        return outcome.Json;
    }

    [Fact]
    public void A_trained_run_is_evaluated_and_used_as_it_was_trained()
    {
        Outcome run = Atenea.Run("train", SmallRun.Write(_folder, epochs: 4), "--data.max_length", "5", "--json");
        JsonElement trained = run.Json.GetProperty("test");
        foreach (string model in new[] { _folder.File("run"), _folder.File("run/best") })
        {
            Outcome eval = Atenea.Run("eval", model, "--data", _folder.File("test.csv"), "--json");
            eval.AssertSuccess();
            Assert.Contains("longer than 5 tokens", eval.Error, StringComparison.Ordinal);
            foreach (string metric in new[] { "loss", "accuracy", "f1_macro" })
                Assert.Equal(trained.GetProperty(metric).GetDouble(), eval.Json.GetProperty(metric).GetDouble());
        }

        Outcome predict = Atenea.Run("predict", _folder.File("run"), "--input", _folder.File("test.csv"));
        predict.AssertSuccess();
        string[] truth = [.. File.ReadAllLines(_folder.File("test.csv")).Skip(1).Select(l => l.Split(',')[1])];
        int right = predict.Lines.Zip(truth)
            .Count(p => JsonDocument.Parse(p.First).RootElement.GetProperty("label").GetString() == p.Second);
        Assert.Equal(trained.GetProperty("accuracy").GetDouble(), (double)right / truth.Length, 1e-9);
    }

    [Fact]
    public async Task An_interrupt_saves_the_run_and_says_how_to_go_on()
    {
        // Long enough that the interrupt arrives while it runs, on a busy machine too.
        string config = SmallRun.Write(_folder, epochs: 1500);
        string whole = _folder.File("whole"), run = _folder.File("run with space");
        string[] options = ["--training.eval_strategy", "no", "--training.load_best_model_at_end", "false"];
        Atenea.Run(["train", config, "--training.output_dir", whole, .. options]).AssertSuccess();

        using Process process = Atenea.Start(["train", config, "--training.output_dir", run, .. options], new());
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        var error = new List<string>();
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            error.Add(line);
            bool IsOfAnEpoch(string told) => told.StartsWith("epoch", StringComparison.Ordinal);
            if (IsOfAnEpoch(line) && error.Count(IsOfAnEpoch) == 1) Atenea.Interrupt(process);
        }

        await process.WaitForExitAsync();
        Assert.Equal(130, process.ExitCode);
        Assert.Equal("", await output);
        Assert.Contains(error, l => l.StartsWith("stopped after step", StringComparison.Ordinal));
        Assert.Equal($"  atenea train --resume \"{run}\"", error[^1]);
        Assert.False(File.Exists(Path.Combine(run, "metrics.json")));

        Outcome resumed = Atenea.Run("train", "--resume", run);
        resumed.AssertSuccess();
        Assert.Contains("going on after", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "best/model.safetensors")),
            File.ReadAllBytes(Path.Combine(run, "best/model.safetensors")));
    }

    [Theory]
    [InlineData("ATN0103")]
    [InlineData("ATN0401", "no-such-config.yaml")]
    [InlineData("ATN0703", "--resume", "no-such-run")]
    [InlineData("ATN0104", "config.yaml", "--resume", "run")]
    [InlineData("ATN0103", "config.yaml", "--training.seed")]
    [InlineData("ATN0103", "config.yaml", "--training.seed", "--json")]
    [InlineData("ATN0103", "config.yaml", "another.yaml")]
    public void Wrong_use_is_refused(string code, params string[] args) => Atenea.Run(["train", .. args]).AssertRefused(code);

    [Theory]
    [InlineData("ATN0111", "'training.seed'", "--training.sed", "1")]
    [InlineData("ATN0112", "whole number", "--training.seed", "one")]
    [InlineData("ATN0113", "", "--training.learning_rate", "-1")]
    [InlineData("ATN0101", "'--training.seed'", "--seed", "1")]
    [InlineData("ATN0101", "'--threads'", "--thread", "1")]
    [InlineData("ATN0205", "text, label", "--data.label", "mood")]
    [InlineData("ATN0205", "text, label", "--data.text", "body")]
    [InlineData("ATN0401", "none.csv", "--data.train", "none.csv")]
    [InlineData("ATN0411", "no-such-model", "--model", "no-such-model")]
    [InlineData("ATN0601", "", "--threads", "1")]
    public void A_setting_that_is_wrong_is_refused_with_what_would_be_right(string code, string hint, params string[] args)
    {
        var environment = new Dictionary<string, string>();
        if (code == "ATN0601") environment["ATENEA_ISA"] = "avx9000";
        Outcome outcome = Atenea.Run(["train", SmallRun.Write(_folder), .. args], new() { Environment = environment });
        Assert.Equal(2, outcome.Exit);
        outcome.AssertNoStackTrace();
        Assert.Contains(code, outcome.Error, StringComparison.Ordinal);
        Assert.Contains(hint, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ATN0206", "train.csv", "text,label\n")]
    [InlineData("ATN0207", "train.csv", "text,label\n,no\n ,yes\n")]
    [InlineData("ATN0210", "train.csv", "text,label\none,no\ntwo,no\n")]
    [InlineData("ATN0208", "test.csv", "text,label\none,maybe\n")]
    [InlineData("ATN0203", "train.csv", "text,label\none,no,more\n")]
    [InlineData("ATN0110", "config.yaml", "training: [\n")]
    [InlineData("ATN0111", "config.yaml", "modle: x\n")]
    [InlineData("ATN0409", "model/config.json", "{")]
    [InlineData("ATN0504", "model/config.json", """
        {
          "model_type": "bert", "vocab_size": 30522, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
          "intermediate_size": 32, "max_position_embeddings": 64
        }
        """)]
    [InlineData("ATN0501", "model/config.json", """{"model_type": "bart"}""")]
    [InlineData("ATN0405", "model/model.safetensors", "0123456\0{nonsense}")]
    public void Bad_input_is_refused(string code, string file, string content)
    {
        string config = SmallRun.Write(_folder);
        _folder.Write(file, content);
        Outcome outcome = Atenea.Run("train", config);
        Assert.Contains(code, outcome.Error, StringComparison.Ordinal);
        Assert.Equal(2, outcome.Exit);
        Assert.Equal("", outcome.Output);
        outcome.AssertNoStackTrace();
    }

    [Fact]
    public void A_split_without_labels_is_not_scored()
    {
        string config = SmallRun.Write(_folder);
        _folder.Write("test.csv", "text,label\none,\ntwo,\n");
        Outcome outcome = Atenea.Run("train", config);
        outcome.AssertSuccess();
        Assert.Contains("the test rows have no labels and are not scored", outcome.Error, StringComparison.Ordinal);
        _folder.Write("validation.csv", "text,label\none,\n");
        Outcome refused = Atenea.Run("train", config, "--training.output_dir", _folder.File("second"));
        Assert.Equal(2, refused.Exit);
        Assert.Contains("ATN0116", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cardiffnlp/tweet_eval", "emotion", "4 labels (anger, joy, optimism, sadness)", "d799b6916db92177a903922cbc037c7765b7f4f5")]
    [InlineData("stanfordnlp/imdb", null, "2 labels (neg, pos)", "413a6d7c4a1d54593bf8a2d6ed1f402205a76bb8")]
    [Trait("Category", "Slow")]
    public void A_data_set_of_the_hub_is_trained_on_from_the_cache(string dataset, string? name, string labels, string commit)
    {
        string config = _folder.Write("config.yaml", $"""
            model: sentence-transformers/all-MiniLM-L6-v2
            data:
              dataset: {dataset}
              name: {name ?? "null"}
              max_length: 16
              max_train_samples: 24
              max_eval_samples: 8
              max_predict_samples: 8
            training:
              output_dir: {_folder.File("run")}
              eval_strategy: "no"
              max_steps: 2
            """);
        var cache = new Dictionary<string, string> { ["HF_HOME"] = Path.Combine(Atenea.Root, "..", "shared"), ["HF_HUB_OFFLINE"] = "1" };
        Outcome outcome = Atenea.Run(["train", config, "--json"], new() { Environment = cache });
        outcome.AssertSuccess();
        Assert.Equal(2, outcome.Json.GetProperty("train").GetProperty("steps").GetInt32());
        Assert.Equal(8, outcome.Json.GetProperty("test").GetProperty("rows").GetInt32());
        Assert.Contains(labels, outcome.Error, StringComparison.Ordinal);
        Assert.Contains(commit, File.ReadAllText(_folder.File("run/config.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_a_label_are_left_out_and_told_of()
    {
        string config = SmallRun.Write(_folder);
        File.AppendAllText(_folder.File("train.csv"), "no label here,\nnor here,NaN\n");
        Outcome outcome = Atenea.Run("train", config, "--data.split_method", "datasets");
        outcome.AssertSuccess();
        Assert.Contains("rows without a label were left out: 2, lines 50, 51", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("48 training rows", outcome.Output + outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_the_run_with_step_and_rows()
    {
        Outcome outcome = Atenea.Run("train", SmallRun.Write(_folder), "--training.learning_rate", "1e30", "--training.max_grad_norm", "0");
        Assert.Equal(3, outcome.Exit);
        outcome.AssertNoStackTrace();
        Assert.Matches("ATN070[12]", outcome.Error);
        Assert.Contains("step", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("train.csv", outcome.Error, StringComparison.Ordinal);
    }
}
