using Atenea.Errors;

namespace Atenea.Hub.Tests;

public class ModelConfigTests
{
    private const string Example = """
        {
          "architectures": [
            "BertForSequenceClassification"
          ],
          "hidden_size": 8,
          "layer_norm_eps": 1e-12,
          "model_type": "bert",
          "my own key": {
            "z": [
              1,
              null
            ],
            "a": "ñ <&>"
          },
          "pad_token_id": null,
          "use_cache": true
        }

        """;

    [Fact]
    public void Values_are_read_with_their_types_and_defaults()
    {
        ModelConfig config = ModelConfig.Parse(Example, "config.json");
        Assert.Equal("bert", config.ModelType);
        Assert.Equal(["BertForSequenceClassification"], config.Architectures);
        Assert.Equal(8, config.Int("hidden_size"));
        Assert.Equal(8, config.Size("hidden_size"));
        Assert.Equal(1e-12, config.Number("layer_norm_eps", 1e-5));
        Assert.Equal(8.0, config.Number("hidden_size", 1));
        Assert.True(config.Flag("use_cache", false));
        Assert.Equal(7, config.Int("pad_token_id", 7));
        Assert.Null(config.OptionalInt("pad_token_id"));
        Assert.Equal("gelu", config.Text("hidden_act", "gelu"));
        Assert.False(config.Has("pad_token_id"));
    }

    [Fact]
    public void Unknown_keys_are_written_back_in_their_order()
    {
        Assert.Equal(Example, ModelConfig.Parse(Example, "config.json").ToText());
        using var folder = new TemporaryFolder();
        ModelConfig config = ModelConfig.Parse(Example, "config.json");
        config.Save(folder.Path);
        Assert.Equal(Example, ModelConfig.Load(folder.Path).ToText());
    }

    [Theory]
    [InlineData("hidden_size", """{"hidden_size": "8"}""")]
    [InlineData("hidden_size", """{"hidden_size": 8.5}""")]
    [InlineData("hidden_size", """{"hidden_size": 0}""")]
    [InlineData("hidden_size", """{"hidden_size": 99999999999}""")]
    [InlineData("hidden_size", """{}""")]
    [InlineData("hidden_size", """{"hidden_size": null}""")]
    public void A_wrong_size_names_file_and_key(string key, string json)
    {
        AteneaException error = Assert.Throws<AteneaException>(() => ModelConfig.Parse(json, "m/config.json").Size(key));
        Assert.Equal("ATN0410", error.Code.Id);
        Assert.Equal("m/config.json: hidden_size", error.Where);
    }

    [Fact]
    public void Wrong_types_are_refused()
    {
        ModelConfig config = ModelConfig.Parse("""{"a": 1, "b": "x", "c": [1], "d": {}}""", "config.json");
        Assert.Throws<AteneaException>(() => config.Text("a"));
        Assert.Throws<AteneaException>(() => config.Flag("a", true));
        Assert.Throws<AteneaException>(() => config.Number("b", 1));
        Assert.Throws<AteneaException>(() => config.Texts("c", []));
        Assert.Throws<AteneaException>(() => config.Int("d"));
        Assert.Throws<AteneaException>(() => config.ModelType);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"a": 1""")]
    [InlineData("""{"a": 1, "a": 2}""")]
    [InlineData("""{"a": NaN}""")]
    public void What_is_not_a_json_object_is_refused(string json) =>
        Assert.Equal("ATN0409", Assert.Throws<AteneaException>(() => ModelConfig.Parse(json, "config.json")).Code.Id);

    [Fact]
    public void A_folder_without_a_config_is_an_error()
    {
        using var folder = new TemporaryFolder();
        AteneaException error = Assert.Throws<AteneaException>(() => ModelConfig.Load(folder.Path));
        Assert.Equal("ATN0401", error.Code.Id);
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", new[] { "LABEL_0", "LABEL_1" }, false)]
    [InlineData("""{"num_labels": 3}""", new[] { "LABEL_0", "LABEL_1", "LABEL_2" }, false)]
    [InlineData("""{"id2label": null}""", new[] { "LABEL_0", "LABEL_1" }, false)]
    [InlineData("""{"id2label": {"1": "no", "0": "yes"}, "num_labels": 7}""", new[] { "yes", "no" }, true)]
    [InlineData("""{"id2label": {"0": 5}}""", new[] { "5" }, true)]
    public void Labels_follow_transformers_rules(string json, string[] expected, bool named)
    {
        ModelConfig config = ModelConfig.Parse(json, "config.json");
        Assert.Equal(expected, config.Labels);
        Assert.Equal(expected.Length, config.NumLabels);
        Assert.Equal(named, config.NamesLabels);
    }

    [Theory]
    [InlineData("""{"id2label": ["a"]}""")]
    [InlineData("""{"id2label": {}}""")]
    [InlineData("""{"id2label": {"0": "a", "2": "b"}}""")]
    [InlineData("""{"id2label": {"0": "a", "00": "b"}}""")]
    [InlineData("""{"id2label": {"0": "a", "1": "a"}}""")]
    [InlineData("""{"id2label": {"0": ["a"]}}""")]
    [InlineData("""{"id2label": {"zero": "a"}}""")]
    [InlineData("""{"num_labels": 0}""")]
    public void Label_maps_that_make_no_sense_are_refused(string json) =>
        Assert.Equal("ATN0410", Assert.Throws<AteneaException>(() => ModelConfig.Parse(json, "config.json").Labels).Code.Id);

    [Fact]
    public void Set_labels_writes_both_maps_in_place()
    {
        ModelConfig config = ModelConfig.Parse("""{"id2label": {"0": "x"}, "num_labels": 1, "last": 1}""", "config.json");
        config.SetLabels(["anger", "joy"]);
        config.ProblemType = ProblemType.SingleLabelClassification;
        ModelConfig again = ModelConfig.Parse(config.ToText(), "again");
        Assert.Equal(["anger", "joy"], again.Labels);
        Assert.Equal(ProblemType.SingleLabelClassification, again.ProblemType);
        Assert.Equal("""{"anger":0,"joy":1}""", again.Json["label2id"]!.ToJsonString());
        Assert.Equal(["id2label", "last", "label2id", "problem_type"], again.Json.Select(p => p.Key));
        Assert.Throws<ArgumentException>(() => config.SetLabels(["a", "a"]));
        Assert.Throws<ArgumentException>(() => config.SetLabels([]));
    }

    [Theory]
    [InlineData("""{"problem_type": "regression"}""", ProblemType.Regression)]
    [InlineData("""{"problem_type": "multi_label_classification"}""", ProblemType.MultiLabelClassification)]
    [InlineData("""{"problem_type": null}""", null)]
    [InlineData("""{}""", null)]
    public void Problem_types_are_read(string json, ProblemType? expected) =>
        Assert.Equal(expected, ModelConfig.Parse(json, "config.json").ProblemType);

    [Fact]
    public void An_unknown_problem_type_is_refused() =>
        Assert.Throws<AteneaException>(() => ModelConfig.Parse("""{"problem_type": "ranking"}""", "config.json").ProblemType);

    [Fact]
    public void A_clone_is_independent()
    {
        ModelConfig config = ModelConfig.Parse(Example, "config.json");
        ModelConfig clone = config.Clone();
        clone.Set("hidden_size", 16);
        Assert.Equal(8, config.Int("hidden_size"));
        Assert.Equal(16, clone.Int("hidden_size"));
    }
}
