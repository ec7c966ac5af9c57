namespace Atenea.Training.Tests;

public class ConfigWriterTests
{
    [Fact]
    public void What_is_written_is_complete_and_reads_back_to_the_same_config()
    {
        RunConfig config = ConfigReader.Parse("""
            model: ./model
            model_options: {problem_type: multi_label_classification, hidden_dropout_prob: 0.0}
            data:
              train: "a b: #1.csv"
              validation: v.csv
              labels: [no, "null", 'it''s "x"', "ünï\n", 12, "- a"]
              max_length: 60
            training:
              output_dir: runs/x
              learning_rate: 5e-5
              adam_epsilon: 1.0e-12
              num_train_epochs: 2.5
              eval_strategy: epoch
              eval_steps: 0.1
              metric_for_best_model: f1_macro
              greater_is_better: true
              save_total_limit: null
              lr_scheduler_type: warmup_stable_decay
              lr_scheduler_kwargs: {num_decay_steps: 4, decay_type: 1-sqrt}
            """, "c.yaml", "/configs");
        string written = ConfigWriter.Write(config, "a heading\nof two lines");
        RunConfig again = ConfigReader.Parse(written, "again.yaml", "/elsewhere");
        foreach (ConfigKey key in ConfigSchema.Keys)
        {
            Assert.Equal(key.Format(config), key.Format(again));
            Assert.Contains($"{key.Name}: ", written, StringComparison.Ordinal);
        }

        Assert.Equal(written, ConfigWriter.Write(again, "a heading\nof two lines"));
        Assert.Equal(["no", "null", "it's \"x\"", "ünï\n", "12", "- a"], again.Data.Labels!);
    }

    [Fact]
    public void Numbers_are_floats_to_every_yaml_reader()
    {
        RunConfig config = ConfigReader.Parse("model: m\ndata: {train: a}\n", "c.yaml", "/");
        Assert.Contains("learning_rate: 5.0e-05\n", ConfigWriter.Write(config), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_is_named_once_and_described()
    {
        Assert.Equal(ConfigSchema.Keys.Count, ConfigSchema.Keys.Select(k => k.Path).Distinct().Count());
        Assert.All(ConfigSchema.Keys, k => Assert.NotEmpty(k.Comment));
    }
}
