using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Atenea.Hub;

namespace Atenea.Models.Tests;

/// <summary>Opens saved folders with transformers itself. Needs the peer kit that <c>../shared/peer</c> installs.</summary>
public sealed class TransformersTests
{
    private const string Script = """
        import json, sys, torch, transformers
        from transformers import AutoConfig
        folder = sys.argv[1]
        config = AutoConfig.from_pretrained(folder)
        model, info = getattr(transformers, config.architectures[0]).from_pretrained(folder, output_loading_info=True)
        model.eval()
        torch.set_num_threads(1)
        rows = json.loads(sys.argv[2])
        logits = []
        with torch.inference_mode():
            for row in rows:
                out = model(input_ids=torch.tensor([row]))
                logits += (out.logits if hasattr(out, "logits") else out.pooler_output).flatten().tolist()
        print(json.dumps({"missing": list(info["missing_keys"]), "unexpected": list(info["unexpected_keys"]),
                          "dtype": str(next(model.parameters()).dtype), "labels": config.id2label, "problem": config.problem_type, "logits": logits}))
        """;

    private static readonly int[][] Rows = [[3, 4, 5, 6], [7], [9, 8, 7, 6, 5, 4, 3, 2, 1, 11, 12, 13]];

    [Fact]
    [Trait("Category", "Slow")]
    public void Transformers_loads_a_saved_classifier_and_computes_the_same_logits()
    {
        using var folder = new TemporaryFolder();
        ModelConfig config = Golden.TinyConfig(""", "torch_dtype": "float16", "initializer_range": 0.4""");
        using SequenceClassifier model = SequenceClassifier.FromConfig(config, seed: 11);
        model.ProblemType = ProblemType.SingleLabelClassification;
        model.Save(folder.Path);
        using var engine = new Engine();
        var batch = new InputBatch();
        foreach (int[] row in Rows) batch.Add(row);
        JsonElement seen = Open(folder.Path);
        AssertSame(engine.Logits(model, batch), seen);
        Assert.Equal("maybe", seen.GetProperty("labels").GetProperty("2").GetString());
        Assert.Equal("single_label_classification", seen.GetProperty("problem").GetString());
    }

    public static TheoryData<string> Families => new(ModelRegistry.Families.Select(family => family.ModelType));

    [Theory]
    [Trait("Category", "Slow")]
    [MemberData(nameof(Families))]
    public void Transformers_loads_a_classifier_of_every_family_and_computes_the_same_logits(string family)
    {
        using var folder = new TemporaryFolder();
        using SequenceClassifier model = SequenceClassifier.FromConfig(Golden.FamilyConfig(family), seed: 13);
        model.Save(folder.Path);
        using var engine = new Engine();
        var batch = new InputBatch();
        foreach (int[] row in Rows) batch.Add(row);
        AssertSame(engine.Logits(model, batch), Open(folder.Path));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Transformers_loads_a_saved_encoder_and_computes_the_same_pooled_vectors()
    {
        using var folder = new TemporaryFolder();
        using BaseModel model = BaseModel.FromConfig(Golden.TinyConfig(""", "initializer_range": 0.4"""), seed: 12);
        model.Save(folder.Path);
        using var engine = new Engine();
        var batch = new InputBatch();
        foreach (int[] row in Rows) batch.Add(row);
        engine.Tape.Begin(Tensors.TapeMode.Inference);
        float[] pooled = model.Pooler!.Forward(engine.Tape, model.Forward(engine.Tape, batch), batch).Span.ToArray();
        AssertSame(pooled, Open(folder.Path));
    }

    [Theory]
    [InlineData("modernbert")]
    [InlineData("qwen2")]
    [InlineData("gpt2")]
    [Trait("Category", "Slow")]
    public void Transformers_loads_a_saved_classifier_of_a_pre_norm_family(string family)
    {
        using var folder = new TemporaryFolder();
        using SequenceClassifier model = SequenceClassifier.FromConfig(PreNormFamiliesTests.Config(family), seed: 13);
        model.Save(folder.Path);
        using var engine = new Engine();
        var batch = new InputBatch();
        foreach (int[] row in Rows) batch.Add(row);
        AssertSame(engine.Logits(model, batch), Open(folder.Path), 1e-5);
    }

    [Theory]
    [InlineData("qwen2", true)]
    [InlineData("qwen2", false)]
    [InlineData("gpt2", true)]
    [Trait("Category", "Slow")]
    public void Transformers_loads_a_saved_causal_language_model(string family, bool tied)
    {
        using var folder = new TemporaryFolder();
        ModelConfig config = PreNormFamiliesTests.Config(family, $""" "tie_word_embeddings": {(tied ? "true" : "false")} """);
        using CausalLanguageModel model = CausalLanguageModel.FromConfig(config, seed: 13);
        model.Save(folder.Path);
        using var engine = new Engine();
        var batch = new InputBatch();
        foreach (int[] row in Rows) batch.Add(row);
        engine.Tape.Begin(Tensors.TapeMode.Inference);
        AssertSame(model.Forward(engine.Tape, batch).Span.ToArray(), Open(folder.Path), 1e-5);
    }

    private static void AssertSame(float[] expected, JsonElement seen, double tolerance = 2e-6)
    {
        Assert.Empty(seen.GetProperty("missing").EnumerateArray());
        Assert.Empty(seen.GetProperty("unexpected").EnumerateArray());
        Assert.Equal("torch.float32", seen.GetProperty("dtype").GetString());
        float[] actual = [.. seen.GetProperty("logits").EnumerateArray().Select(value => value.GetSingle())];
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
    }

    private static JsonElement Open(string folder)
    {
        string site = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "atenea-peer", "site");
        Assert.True(Directory.Exists(site), $"this slow test needs the peer kit in {site}");
        var start = new ProcessStartInfo("python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-c", Script, folder, JsonSerializer.Serialize(Rows)]) start.ArgumentList.Add(argument);
        start.Environment["PYTHONPATH"] = site;
        start.Environment["HF_HUB_OFFLINE"] = "1";
        using Process python = Process.Start(start)!;
        Task<string> errors = python.StandardError.ReadToEndAsync();
        string output = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        Assert.True(python.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"exit code {python.ExitCode}: {errors.Result}"));
        using JsonDocument document = JsonDocument.Parse(output.Trim().Split('\n')[^1]);
        return document.RootElement.Clone();
    }
}
