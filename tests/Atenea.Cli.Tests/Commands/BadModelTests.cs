using System.Text.Json;
using System.Text.Json.Nodes;
using Atenea.Hub;
using Atenea.Models;

namespace Atenea.Cli.Tests;

/// <summary>Models that are not what they are asked for, and texts that they cannot take: what the user is told.</summary>
public sealed class BadModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_unknown_family_is_named_with_those_that_are_known_the_nearest_first()
    {
        string model = Changed(Classifier(), config => config["model_type"] = "robertta");
        foreach (string[] args in (string[][])[["predict", model, "--text", "x"], ["embed", model, "--text", "x"]])
        {
            Outcome outcome = Atenea.Run(args);
            outcome.AssertRefused("ATN0501");
            Assert.Contains("'robertta'", outcome.Error, StringComparison.Ordinal);
            int near = outcome.Error.IndexOf("roberta", StringComparison.Ordinal);
            int far = outcome.Error.IndexOf("gpt2", StringComparison.Ordinal);
            Assert.True(near > 0 && far > near, outcome.Error);
        }

        Outcome info = Atenea.Run("model", "info", model);
        info.AssertSuccess();
        Assert.Contains("robertta (not one of Atenea's)", info.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(MaskedLanguageModel), "text-classification", "fill-mask")]
    [InlineData(typeof(TokenClassifier), "text-classification", "token-classification")]
    [InlineData(typeof(SequenceClassifier), "token-classification", "text-classification")]
    [InlineData(typeof(TokenClassifier), "question-answering", "token-classification")]
    [InlineData(typeof(QuestionAnsweringModel), "fill-mask", "question-answering")]
    [InlineData(typeof(PretrainingModel), "text-classification", "fill-mask")]
    [InlineData(typeof(BaseModel), "text-classification", "feature-extraction")]
    public void A_model_that_is_asked_for_another_task_names_its_own(Type modelClass, string asked, string right)
    {
        string model = TinyModel.Write(_folder.File("model"), modelClass);
        string[] question = asked == "question-answering" ? ["--question", "y"] : [];
        Outcome outcome = Atenea.Run(["predict", model, "--task", asked, "--text", "x", .. question]);
        outcome.AssertRefused("ATN0551");
        Assert.Contains($"--task {right}", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_its_family_does_not_have_is_named_with_those_that_it_has()
    {
        string model = Changed(Classifier(), config => config["architectures"] = new JsonArray("BertForSequenceClasification"));
        Outcome outcome = Atenea.Run("predict", model, "--text", "x");
        outcome.AssertRefused("ATN0509");
        Assert.Matches("are BertForSequenceClassification, ", outcome.Error);
    }

    [Fact]
    public void A_head_and_a_checkpoint_that_do_not_fit_are_told_apart_from_one_that_is_missing()
    {
        string model = Classifier();
        Rewrite(model, (name, shape) => name == "classifier.weight" ? [shape[0] + 1, shape[1]] : shape);
        Outcome outcome = Atenea.Run("predict", model, "--text", "x");
        outcome.AssertRefused("ATN0504");
        Assert.Contains("'classifier.weight' is [4, 16] in the checkpoint, [3, 16]", outcome.Error, StringComparison.Ordinal);
        Rewrite(model, (name, shape) => name.StartsWith("classifier", StringComparison.Ordinal) ? null : shape);
        Atenea.Run("predict", model, "--text", "x").AssertRefused("ATN0551");
        Rewrite(model, (name, shape) => name.Contains("layer.1.", StringComparison.Ordinal) ? null : shape);
        Atenea.Run("predict", model, "--text", "x").AssertRefused("ATN0505");
    }

    [Theory]
    [InlineData("""{"0": "a", "1": "b"}""", "ATN0504")]
    [InlineData("""{"0": "a", "1": "b", "2": "c", "3": "d"}""", "ATN0504")]
    [InlineData("""{"0": "a", "2": "b", "3": "c"}""", "ATN0410")]
    [InlineData("""{"0": "a", "1": "a", "2": "b"}""", "ATN0410")]
    [InlineData("""{}""", "ATN0410")]
    [InlineData("""["a", "b", "c"]""", "ATN0410")]
    public void A_label_map_of_the_wrong_size_or_kind_is_refused(string labels, string code)
    {
        string model = Changed(Classifier(), config => config["id2label"] = JsonNode.Parse(labels));
        Outcome outcome = Atenea.Run("predict", model, "--text", "x");
        outcome.AssertRefused(code);
        Assert.Contains(model, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_longer_than_the_positions_is_cut_with_a_notice_and_a_length_beyond_them_refused()
    {
        string model = Classifier();
        string text = string.Join(' ', Enumerable.Repeat("word", 100));
        Outcome cut = Atenea.Run("predict", model, "--text", text, "--json");
        cut.AssertSuccess();
        Assert.Contains("1 of 1 texts were longer than 64 tokens and were cut", cut.Error, StringComparison.Ordinal);
        Outcome demanded = Atenea.Run("predict", model, "--text", text, "--max-length", "65");
        demanded.AssertRefused("ATN0506");
        Assert.Contains("64", demanded.Error, StringComparison.Ordinal);
        string config = _folder.Write("config.yaml", $"""
            task: text-classification
            model: {model}
            data:
              train: {_folder.Write("train.csv", "text,label\nx,a\ny,b\n")}
              max_length: 65
            training:
              output_dir: {_folder.File("run")}
              max_steps: 1
            """);
        Outcome trained = Atenea.Run("train", config);
        trained.AssertSuccess();
        Assert.Contains("data.max_length is 65, the model takes 64 tokens", trained.Output + trained.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_texts_are_answered_and_files_without_a_row_refused()
    {
        string model = Classifier();
        Outcome empty = Atenea.Run("predict", model, "--text", "", " \t ", "--json");
        empty.AssertSuccess();
        Assert.Equal(2, empty.Lines.Length);
        Assert.All(empty.Lines, line => Assert.InRange(JsonDocument.Parse(line).RootElement.GetProperty("score").GetDouble(), 0, 1));
        string entities = TinyModel.Write<TokenClassifier>(_folder.File("entities"), ["O", "B-PER"]);
        Assert.Equal(0, Atenea.Run("predict", entities, "--text", "", "--json").Json.GetArrayLength());
        (string, string)[] files = [("in.txt", ""), ("in.csv", ""), ("rows.csv", "text,label\n"), ("in.jsonl", ""), ("in.json", "[]")];
        foreach ((string name, string content) in files)
        {
            string file = _folder.Write(name, content), output = _folder.File("answers.jsonl");
            Atenea.Run("predict", model, "--input", file, "--output", output).AssertRefused("ATN0206");
            Assert.False(File.Exists(output));
        }

        Atenea.Run("embed", model, "--input", _folder.File("in.txt")).AssertRefused("ATN0206");
        Atenea.Run(["predict", model], new() { Input = "" }).AssertSuccess(); // A pipe without a line is the end of one.
    }

    private string Classifier() => TinyModel.Write(_folder.File("model"), ["a", "b", "c"], ProblemType.SingleLabelClassification);

    private static string Changed(string model, Action<JsonObject> change)
    {
        ModelConfig config = ModelConfig.Load(model);
        change(config.Json);
        config.Save(model);
        return model;
    }

    /// <summary>Writes the weights anew with other shapes, cut or filled up with zeros; without those whose shape is null.</summary>
    private static void Rewrite(string model, Func<string, long[], long[]?> change)
    {
        string path = Path.Combine(model, "model.safetensors");
        var writer = new SafeTensorsWriter();
        using (SafeTensorsFile file = SafeTensorsFile.Open(path))
        {
            foreach (SafeTensorInfo info in file.Tensors.Values)
            {
                if (change(info.Name, info.Shape) is not { } shape) continue;
                float[] values = file.ReadFloats(info.Name);
                Array.Resize(ref values, checked((int)shape.Aggregate(1L, (product, size) => product * size)));
                writer.Add(info.Name, shape, values.AsMemory());
            }
        }

        writer.Save(path);
    }
}
