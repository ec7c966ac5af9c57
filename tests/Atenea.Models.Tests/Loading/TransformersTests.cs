using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Atenea.Hub;
using Atenea.Tensors;
using Atenea.Training;

namespace Atenea.Models.Tests;

/// <summary>Opens saved folders with transformers itself. Needs the peer kit that <c>../shared/peer</c> installs.</summary>
public sealed class TransformersTests
{
    private const string Script = """
        import json, sys, torch, transformers
        from transformers import AutoConfig
        torch.set_num_threads(1)
        rows = json.loads(sys.argv[1])
        for folder, names in json.loads(sys.argv[2]):
            config = AutoConfig.from_pretrained(folder)
            model, info = getattr(transformers, config.architectures[0]).from_pretrained(folder, output_loading_info=True)
            model.eval()
            values = {name: [] for name in names}
            with torch.inference_mode():
                for row in rows:
                    ids = torch.tensor([[row]] if model.__class__.__name__.endswith("ForMultipleChoice") else [row])
                    out = model(input_ids=ids)
                    for name in names: values[name] += out[name].flatten().tolist()
            print(json.dumps({"missing": list(info["missing_keys"]), "unexpected": list(info["unexpected_keys"]),
                              "mismatched": list(info["mismatched_keys"]),
                              "dtype": str(next(model.parameters()).dtype), "labels": config.id2label, "problem": config.problem_type,
                              "class": model.__class__.__name__, "outputs": values,
                              "parameters": [name for name, _ in model.named_parameters()]}))
        """;

    private const string LastHiddenState = "last_hidden_state";
    private const string PoolerOutput = "pooler_output";

    private static readonly int[][] Rows = [[3, 4, 5, 6], [7], [9, 8, 7, 6, 5, 4, 3, 2, 1, 11, 12, 13]];

    public static TheoryData<string> Families => new(ModelRegistry.Families.Select(family => family.ModelType));

    [Theory]
    [Trait("Category", "Slow")]
    [MemberData(nameof(Families))]
    public void Every_class_of_a_family_trained_for_a_step_and_saved_is_the_same_model_in_transformers(string family)
    {
        using var folder = new TemporaryFolder();
        using var engine = new Engine();
        var saved = new List<Saved>();
        using (BaseModel encoder = ModelLoader.New<BaseModel>(Golden.FamilyConfig(family), seed: 13))
        {
            Train(engine, encoder);
            saved.Add(Save(engine, encoder, folder.File("base")));
        }

        foreach (string suffix in Samples.Tasks.Where(row => row.Data.Item1 == family).Select(row => row.Data.Item2))
        {
            using TaskModel model = Samples.Model(family, suffix);
            Train(engine, model);
            saved.Add(Save(engine, model, folder.File(suffix)));
        }

        JsonElement[] opened = Open(saved);
        for (int i = 0; i < saved.Count; i++) AssertSame(saved[i], opened[i]);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Transformers_reads_the_labels_the_problem_and_the_type_of_a_saved_classifier()
    {
        using var folder = new TemporaryFolder();
        using var engine = new Engine();
        ModelConfig config = Golden.TinyConfig(""", "torch_dtype": "float16", "initializer_range": 0.4""");
        using SequenceClassifier model = ModelLoader.New<SequenceClassifier>(config, seed: 11);
        model.ProblemType = ProblemType.SingleLabelClassification;
        Saved saved = Save(engine, model, folder.Path);
        JsonElement opened = Open([saved])[0];
        AssertSame(saved, opened);
        Assert.Equal("maybe", opened.GetProperty("labels").GetProperty("2").GetString());
        Assert.Equal("single_label_classification", opened.GetProperty("problem").GetString());
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("bert", "ForMaskedLM")]
    [InlineData("albert", "ForPreTraining")]
    [InlineData("modernbert", "ForMaskedLM")]
    [InlineData("qwen2", "ForCausalLM")]
    public void Decoders_are_as_tied_as_the_configuration_says(string family, string suffix)
    {
        using var folder = new TemporaryFolder();
        using var engine = new Engine();
        var saved = new List<Saved>();
        foreach (bool tied in (bool[])[true, false])
        {
            ModelConfig config = Golden.FamilyConfig(family);
            config.Set("tie_word_embeddings", tied);
            string className = ModelRegistry.FamilyOf(config).ClassNameOf(suffix);
            using var model = (TaskModel)ModelTask.Of(config, className).FromConfig(config, seed: 13);
            saved.Add(Save(engine, model, folder.File(tied ? "tied" : "untied")));
        }

        JsonElement[] opened = Open(saved);
        for (int i = 0; i < saved.Count; i++) AssertSame(saved[i], opened[i]);
        Assert.NotEqual(saved[0].Parameters.Count, saved[1].Parameters.Count);
    }

    /// <summary>One step of AdamW, large enough that every weight is another one.</summary>
    private static void Train(Engine engine, Model model)
    {
        using var optimizer = new Optimizer(engine.Tape.Backend, model.Parameters, new OptimizerSettings(WeightDecay: 0.01));
        InputBatch batch = Samples.Batch();
        engine.Tape.Begin(TapeMode.Training, seed: 1, step: 0);
        if (model is TaskModel task)
        {
            task.Loss(engine.Pass(batch), Samples.Labels(task, batch)).Backward(engine.Tape);
        }
        else
        {
            Tensor states = ((BaseModel)model).Forward(engine.Pass(batch));
            Tensor result = model.Pooler is null ? states : Pooled(engine, model.Pooler, states, batch);
            engine.Tape.SeedGradient(result, [.. Enumerable.Range(0, checked((int)result.Length)).Select(i => 0.1f * (i % 7))]);
            engine.Tape.Backward();
        }

        Assert.True(optimizer.Step(0.01, out Parameter? nonFinite) > 0);
        Assert.Null(nonFinite);
    }

    private static Saved Save(Engine engine, Model model, string folder)
    {
        model.Save(folder);
        var batch = new InputBatch();
        foreach (int[] row in Rows) batch.Add(row);
        var outputs = new Dictionary<string, float[]>();
        engine.Tape.Begin(TapeMode.Inference);
        if (model is TaskModel task)
        {
            foreach (ModelOutput output in task.Run(engine.Pass(batch)).All) outputs[output.Name] = Column(output);
        }
        else
        {
            Tensor states = ((BaseModel)model).Forward(engine.Pass(batch));
            outputs[LastHiddenState] = states.ToArray();
            if (model.Pooler is { } pooler) outputs[PoolerOutput] = Pooled(engine, pooler, states, batch).ToArray();
        }

        return new Saved(folder, model.ClassName, outputs)
        {
            Prefix = model is BaseModel ? "" : model.Family.Prefix + ".",
            Parameters = [.. model.Parameters.Select(parameter => parameter.Name)],
            Ties = model.Parameters.Ties.ToDictionary(tie => tie.Key, tie => tie.Value.Name),
        };
    }

    private static Tensor Pooled(Engine engine, Pooler pooler, Tensor states, InputBatch batch) =>
        pooler.Forward(engine.Pass(batch), engine.Tape.SelectRows(states, batch.FirstTokens));

    private static float[] Column(ModelOutput output)
    {
        float[] all = output.Values.ToArray();
        int columns = output.Values.Columns;
        return output.Column < 0 ? all : [.. all.Where((_, i) => i % columns == output.Column)];
    }

    private static void AssertSame(Saved saved, JsonElement opened)
    {
        Assert.Equal(saved.ClassName, opened.GetProperty("class").GetString());
        foreach (string list in (string[])["missing", "unexpected", "mismatched"])
            Assert.True(opened.GetProperty(list).GetArrayLength() == 0, $"{saved.ClassName}: {list} {opened.GetProperty(list)}");
        Assert.Equal("torch.float32", opened.GetProperty("dtype").GetString());
        AssertSameParameters(saved, [.. opened.GetProperty("parameters").EnumerateArray().Select(name => name.GetString()!)]);
        foreach ((string name, float[] expected) in saved.Outputs)
        {
            float[] actual = [.. opened.GetProperty("outputs").GetProperty(name).EnumerateArray().Select(value => value.GetSingle())];
            Assert.Equal(expected.Length, actual.Length);
            float tolerance = 4e-6f * Math.Max(1, expected.Max(Math.Abs));
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance,
                    $"{saved.ClassName}: {name}[{i}] is {expected[i]}, in transformers {actual[i]}");
            }
        }
    }

    /// <summary>
    /// The same parameters, those of the encoder in the same order; transformers builds the heads of some families before their encoder.
    /// </summary>
    private static void AssertSameParameters(Saved saved, string[] theirs)
    {
        string[] canonical = [.. theirs.Select(name => saved.Ties.GetValueOrDefault(name, name))];
        Assert.Equal(canonical.Order(StringComparer.Ordinal), saved.Parameters.Order(StringComparer.Ordinal));
        bool OfEncoder(string name) => name.StartsWith(saved.Prefix, StringComparison.Ordinal);
        Assert.Equal(canonical.Where(OfEncoder), saved.Parameters.Where(OfEncoder));
    }

    private static JsonElement[] Open(IReadOnlyList<Saved> saved)
    {
        string site = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "atenea-peer", "site");
        Assert.True(Directory.Exists(site), $"this slow test needs the peer kit in {site}");
        var start = new ProcessStartInfo("python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        string folders = JsonSerializer.Serialize(saved.Select(each => new object[] { each.Folder, each.Outputs.Keys }));
        foreach (string argument in (string[])["-c", Script, JsonSerializer.Serialize(Rows), folders]) start.ArgumentList.Add(argument);
        start.Environment["PYTHONPATH"] = site;
        start.Environment["HF_HUB_OFFLINE"] = "1";
        using Process python = Process.Start(start)!;
        Task<string> errors = python.StandardError.ReadToEndAsync();
        string output = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        Assert.True(python.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"exit code {python.ExitCode}: {errors.Result}"));
        string[] lines = [.. output.Split('\n').Where(line => line.StartsWith('{'))];
        Assert.Equal(saved.Count, lines.Length);
        return [.. lines.Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>A saved model and what it computes.</summary>
    private sealed record Saved(string Folder, string ClassName, Dictionary<string, float[]> Outputs)
    {
        public required string Prefix { get; init; }

        public required IReadOnlyList<string> Parameters { get; init; }

        public required Dictionary<string, string> Ties { get; init; }
    }
}
