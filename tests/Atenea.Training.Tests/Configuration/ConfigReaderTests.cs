using Atenea.Errors;

namespace Atenea.Training.Tests;

public class ConfigReaderTests
{
    private const string Minimal = "model: all-MiniLM-L6-v2\ndata:\n  train: train.csv\n";

    [Fact]
    public void Defaults_are_those_of_hugging_face()
    {
        TrainingOptions training = Parse(Minimal).Training;
        Assert.Equal(3, training.NumTrainEpochs);
        Assert.Equal(-1, training.MaxSteps);
        Assert.Equal(8, training.PerDeviceTrainBatchSize);
        Assert.Equal(8, training.PerDeviceEvalBatchSize);
        Assert.Equal(5e-5, training.LearningRate);
        Assert.Equal(0.999, training.AdamBeta2);
        Assert.Equal(1e-8, training.AdamEpsilon);
        Assert.Equal(1, training.MaxGradNorm);
        Assert.Equal(500, training.LoggingSteps);
        Assert.Equal(500, training.SaveSteps);
        Assert.Equal(42, training.Seed);
        Assert.Equal(ScheduleType.Linear, training.LrSchedulerType);
        Assert.Equal(IntervalStrategy.No, training.EvalStrategy);
        Assert.Equal(SaveStrategy.Steps, training.SaveStrategy);
    }

    [Fact]
    public void Values_are_read_by_the_type_of_their_key()
    {
        RunConfig config = Parse("""
            model: org/name
            data:
              train: a.csv
              validation: "b.csv"
              labels: [no, yes, "null", 3]
            training:
              learning_rate: 5e-5
              eval_strategy: no
              load_best_model_at_end: false
              lr_scheduler_type: cosine_with_restarts
              lr_scheduler_kwargs: {num_cycles: 2}
            """);
        Assert.Equal(["no", "yes", "null", "3"], config.Data.Labels!);
        Assert.Equal(5e-5, config.Training.LearningRate);
        Assert.Equal(IntervalStrategy.No, config.Training.EvalStrategy);
        Assert.Equal("2", config.Training.LrSchedulerKwargs["num_cycles"]);
    }

    [Fact]
    public void Data_paths_start_at_the_config_and_models_beginning_with_a_dot_too()
    {
        RunConfig config = ConfigReader.Parse("model: ../my-model\ndata:\n  train: ../rows.csv\n", "c.yaml", "/a/b");
        Assert.Equal("/a/rows.csv", config.Data.Train);
        Assert.Equal("/a/my-model", config.Model);
        Assert.Equal("org/name", ConfigReader.Parse("model: org/name\ndata:\n  train: r.csv\n", "c.yaml", "/a/b").Model);
    }

    [Fact]
    public void Overrides_by_dotted_name_come_last_and_their_paths_start_at_the_working_folder()
    {
        RunConfig config = Parse(Minimal, ("training.max_steps", "20"), ("training.seed", "1"), ("data.labels", "[b, a]"),
            ("data.test", "t.csv"));
        Assert.Equal(20, config.Training.MaxSteps);
        Assert.Equal(1, config.Training.Seed);
        Assert.Equal(["b", "a"], config.Data.Labels!);
        Assert.Equal(Path.Combine(Directory.GetCurrentDirectory(), "t.csv"), config.Data.Test);
    }

    [Theory]
    [InlineData("training:\n  learning_rat: 1\n", "ATN0111", "c.yaml:5", "training.learning_rate")]
    [InlineData("training:\n  bach_size: 16\n", "ATN0111", "c.yaml:5", null)]
    [InlineData("learning_rate: 1\n", "ATN0111", "c.yaml:4", "training.learning_rate")]
    [InlineData("trainng:\n  seed: 1\n", "ATN0111", "c.yaml:4", null)]
    [InlineData("training:\n  seed: abc\n", "ATN0112", "c.yaml:5", "whole number")]
    [InlineData("training:\n  seed: 1.5\n", "ATN0112", "c.yaml:5", "whole number")]
    [InlineData("training:\n  seed:\n", "ATN0112", "c.yaml:5", "default")]
    [InlineData("training:\n  seed: [1]\n", "ATN0112", "c.yaml:5", "whole number")]
    [InlineData("training:\n  seed: 99999999999999999999\n", "ATN0112", "c.yaml:5", "whole number")]
    [InlineData("training:\n  load_best_model_at_end: 1\n", "ATN0112", "c.yaml:5", "true or false")]
    [InlineData("training:\n  learning_rate: .nan\n", "ATN0112", "c.yaml:5", "number")]
    [InlineData("training: 5\n", "ATN0112", "c.yaml:4", "indented")]
    [InlineData("training:\n  per_device_train_batch_size: 0\n", "ATN0113", "c.yaml:5", "at least 1")]
    [InlineData("training:\n  adam_beta1: 1\n", "ATN0113", "c.yaml:5", "below 1")]
    [InlineData("training:\n  eval_strategy: epochs\n", "ATN0113", "c.yaml:5", "epoch")]
    [InlineData("training:\n  logging_steps: 1.5\n", "ATN0113", "c.yaml:5", "steps")]
    [InlineData("training:\n  lr_scheduler_kwargs: {power: 2}\n", "ATN0113", "c.yaml", "remove")]
    [InlineData("training:\n  fp16: true\n", "ATN0114", "c.yaml:5", "remove")]
    [InlineData("training:\n  evaluation_strategy: epoch\n", "ATN0114", "c.yaml:5", "training.eval_strategy")]
    [InlineData("training:\n  eval_strategy: epoch\n", "ATN0116", "c.yaml", "data.validation")]
    [InlineData("training:\n  load_best_model_at_end: true\n", "ATN0116", "c.yaml", "eval_strategy")]
    [InlineData("data.stride: 8\n", "ATN0116", "c.yaml", "leave it out")]
    [InlineData("data.mask_replace_prob: 0.95\n", "ATN0116", "c.yaml", "shares")]
    [InlineData("task: token-clasification\n", "ATN0113", "c.yaml", "token-classification")]
    [InlineData("training:\n  seed: 1\n  seed: 2\n", "ATN0110", "c.yaml:6", null)]
    [InlineData("training: [\n", "ATN0110", "c.yaml", null)]
    [InlineData("---\nmodel: b\n", "ATN0110", "c.yaml", null)]
    public void A_mistake_is_named_with_its_code_place_and_remedy(string addition, string code, string where, string? remedy)
    {
        AteneaException e = Assert.Throws<AteneaException>(() => Parse(Minimal + addition));
        Assert.Equal(code, e.Code.Id);
        Assert.StartsWith(where, e.Where, StringComparison.Ordinal);
        if (remedy is not null) Assert.Contains(remedy, e.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data:\n  train: a.csv\n", "model")]
    [InlineData("model: m\n", "data.train")]
    [InlineData("", "model")]
    public void What_has_no_default_must_be_there(string yaml, string key)
    {
        AteneaException e = Assert.Throws<AteneaException>(() => ConfigReader.Parse(yaml, "c.yaml", "/"));
        Assert.Equal(Catalogue.ConfigKeyMissing, e.Code);
        Assert.Equal(key, e.What);
    }

    [Fact]
    public void A_wrong_override_is_checked_like_a_key_of_the_file()
    {
        AteneaException e = Assert.Throws<AteneaException>(() => Parse(Minimal, ("training.max_step", "20")));
        Assert.Equal(Catalogue.ConfigKeyUnknown, e.Code);
        Assert.Equal("command line, --training.max_step", e.Where);
        Assert.Contains("training.max_steps", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_only_repeats_a_default_of_hugging_face_is_accepted_and_one_without_effect_is_told()
    {
        Assert.Empty(Parse(Minimal + "training:\n  fp16: false\n  push_to_hub: false\n").Notices);
        string notice = Assert.Single(Parse(Minimal + "training:\n  dataloader_num_workers: 4\n").Notices);
        Assert.Contains("dataloader_num_workers", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_a_coded_error() =>
        Assert.Equal(Catalogue.FileMissing, Assert.Throws<AteneaException>(() => ConfigReader.Read("/does/not/exist.yaml")).Code);

    private static RunConfig Parse(string yaml, params (string, string)[] overrides) =>
        ConfigReader.Parse(yaml, "c.yaml", "/configs", overrides.Select(o => KeyValuePair.Create(o.Item1, o.Item2)));
}
