using System.Text.Json;
using Atenea.Hub;

namespace Atenea.Models.Tests;

public sealed class ModelSavingTests
{
    [Fact]
    public void A_saved_model_loads_with_the_same_bits_and_the_whole_configuration()
    {
        using var folder = new TemporaryFolder();
        ModelConfig config =
            Golden.TinyConfig(""", "torch_dtype": "float16", "my_own_key": {"a": [1, 2]}, "transformers_version": "4.0.0" """);
        using SequenceClassifier model = ModelLoader.New<SequenceClassifier>(config, seed: 5);
        model.ProblemType = ProblemType.SingleLabelClassification;
        model.Save(folder.Path);
        using SequenceClassifier loaded = ModelLoader.Load<SequenceClassifier>(folder.Path);
        Assert.True(loaded.LoadReport!.IsExact);
        Assert.Equal(["no", "yes", "maybe"], loaded.Labels);
        Assert.Equal(ProblemType.SingleLabelClassification, loaded.ProblemType);
        Assert.Equal(model.Parameters.Select(p => p.Name), loaded.Parameters.Select(p => p.Name));
        Assert.All(model.Parameters, parameter => Assert.Equal(parameter.ToArray(), loaded.Parameters[parameter.Name].ToArray()));

        using JsonDocument written = JsonDocument.Parse(File.ReadAllText(folder.File("config.json")));
        JsonElement root = written.RootElement;
        Assert.Equal("BertForSequenceClassification", root.GetProperty("architectures")[0].GetString());
        Assert.Equal("float32", root.GetProperty("torch_dtype").GetString());
        Assert.Equal("float32", root.GetProperty("dtype").GetString());
        Assert.Equal(2, root.GetProperty("my_own_key").GetProperty("a")[1].GetInt32());
        Assert.Null(config.OptionalText("dtype")); // The caller's configuration is its own.
    }

    [Fact]
    public void New_label_names_are_written_both_ways()
    {
        using var folder = new TemporaryFolder();
        using (SequenceClassifier model = ModelLoader.Load<SequenceClassifier>(
            Golden.File("loading", "base-no-prefix"),
            new ModelLoadOptions { Labels = ["anger", "joy"], ProblemType = ProblemType.SingleLabelClassification }))
        {
            model.Save(folder.Path);
        }

        using JsonDocument written = JsonDocument.Parse(File.ReadAllText(folder.File("config.json")));
        Assert.Equal("joy", written.RootElement.GetProperty("id2label").GetProperty("1").GetString());
        Assert.Equal(0, written.RootElement.GetProperty("label2id").GetProperty("anger").GetInt32());
        Assert.Equal("single_label_classification", written.RootElement.GetProperty("problem_type").GetString());
    }

    [Fact]
    public void A_bare_encoder_is_saved_without_prefix()
    {
        using var folder = new TemporaryFolder();
        using BaseModel model = ModelLoader.New<BaseModel>(Golden.TinyConfig(), seed: 5);
        model.Save(folder.Path);
        using SafeTensorsFile file = SafeTensorsFile.Open(folder.File("model.safetensors"));
        Assert.Contains("pooler.dense.bias", file.Tensors.Keys);
        Assert.Equal("pt", file.Metadata["format"]);
        using BaseModel loaded = ModelLoader.Load<BaseModel>(folder.Path);
        Assert.True(loaded.LoadReport!.IsExact);
    }
}
