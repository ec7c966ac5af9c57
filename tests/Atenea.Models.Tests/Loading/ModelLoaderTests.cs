using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models.Tests;

public sealed class ModelLoaderTests
{
    private static readonly JsonElement[] Entries =
        !References.Has(Stored("expected.json")) ? []
            : [.. JsonDocument.Parse(File.ReadAllText(Stored("expected.json"))).RootElement.GetProperty("entries").EnumerateArray()];

    public static TheoryData<string> Ok => new(Named("ok").Where(name => Checkpoint.Find(Stored(name)) is not null));

    public static TheoryData<string, string> Refused => new()
    {
        { "bad-config-hidden-size", "ATN0504" },
        { "bad-config-vocab-size", "ATN0504" },
        { "bad-config-num-labels", "ATN0504" },
        { "bad-config-heads", "ATN0410" },
        { "bad-config-more-layers", "ATN0505" },
        { "bad-missing-tensor", "ATN0505" },
        { "bad-no-weights", "ATN0510" },
        { "bad-config-missing", "ATN0401" },
        { "bad-config-not-json", "ATN0409" },
        { "bad-pickle-system-zip", "ATN0482" },
        { "bad-index-path-traversal", "ATN0484" },
    };

    [Theory(SkipTestWithoutData = true)]
    [Trait("Data", "Goldens")]
    [MemberData(nameof(Ok))]
    public void A_good_checkpoint_gives_the_reference_s_logits(string name)
    {
        using SequenceClassifier model = ModelLoader.Load<SequenceClassifier>(Stored(name));
        using var engine = new Engine();
        float[] logits = engine.Logits(model, Golden.Batch(Stored("reference", "case.safetensors"), 0, 1, 2));
        JsonElement entry = Entry(name);
        using SafeTensorsFile expected = SafeTensorsFile.Open(Stored(entry.GetProperty("logits").GetString()!.Split('/')));
        AssertClose(expected.ReadFloats("logits"), logits, 1e-6);
        Assert.Empty(model.LoadReport!.NewlyInitialised);
        Assert.Equal(Strings(entry, "unexpected").Except(Strings(entry, "not_reported_by_hf")), model.LoadReport.Unexpected);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_bad_checkpoint_is_refused_with_its_code(string name, string code)
    {
        AteneaException error = Assert.Throws<AteneaException>(() => ModelLoader.Load<SequenceClassifier>(Golden.File("loading", name)));
        Assert.Equal(code, error.Code.Id);
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_named_with_both_shapes()
    {
        string folder = Golden.File("loading", "bad-config-vocab-size");
        AteneaException error = Assert.Throws<AteneaException>(() => ModelLoader.Load<SequenceClassifier>(folder));
        Assert.Contains("bert.embeddings.word_embeddings.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("[40, 8] in the checkpoint", error.Message, StringComparison.Ordinal);
        Assert.Contains("[43, 8] by the configuration", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_encoder_weights_are_counted_and_named()
    {
        string folder = Golden.File("loading", "bad-missing-tensor");
        AteneaException error = Assert.Throws<AteneaException>(() => ModelLoader.Load<SequenceClassifier>(folder));
        Assert.All(Strings(Entry("bad-missing-tensor"), "missing"), name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_bare_encoder_s_checkpoint_goes_into_a_classifier_and_its_head_is_drawn()
    {
        string folder = Golden.File("loading", "base-no-prefix");
        using SequenceClassifier model = ModelLoader.Load<SequenceClassifier>(folder);
        Assert.Equal(Strings(Entry("base-no-prefix"), "newly_initialised").Order(StringComparer.Ordinal),
            model.LoadReport!.NewlyInitialised.Select(weight => weight.Name).Order(StringComparer.Ordinal));
        Assert.Empty(model.LoadReport.Unexpected);
        AssertEncoderOutputs(model.Encoder);

        using SequenceClassifier again = ModelLoader.Load<SequenceClassifier>(folder);
        using SequenceClassifier other = ModelLoader.Load<SequenceClassifier>(folder, new ModelLoadOptions { Seed = 7 });
        float[] head = model.Parameters["classifier.weight"].ToArray();
        Assert.Equal(head, again.Parameters["classifier.weight"].ToArray());
        Assert.NotEqual(head, other.Parameters["classifier.weight"].ToArray());
        const string Expected = "2 newly initialised, train before use: classifier.weight, classifier.bias";
        Assert.Contains(Expected, model.LoadReport.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_classifier_s_checkpoint_goes_into_a_bare_encoder()
    {
        using BaseModel model = ModelLoader.Load<BaseModel>(Golden.File("loading", "base-from-classifier"));
        Assert.Empty(model.LoadReport!.NewlyInitialised);
        Assert.Equal(["classifier.bias", "classifier.weight"], model.LoadReport.Unexpected);
        AssertEncoderOutputs(model.Encoder);
    }

    [Fact]
    public void A_pooler_that_the_checkpoint_lacks_is_drawn_and_reported()
    {
        using var folder = new TemporaryFolder();
        CopyReference(folder, keep: name => !name.Contains("pooler", StringComparison.Ordinal));
        using SequenceClassifier model = ModelLoader.Load<SequenceClassifier>(folder.Path);
        Assert.Equal(["bert.pooler.dense.weight", "bert.pooler.dense.bias"], NewNames(model));
    }

    [Fact]
    public void A_pretraining_checkpoint_s_heads_are_reported_and_the_classifier_is_drawn()
    {
        using SequenceClassifier model = ModelLoader.Load<SequenceClassifier>(Golden.File("loading", "mlm-checkpoint-into-seq-cls"));
        JsonElement entry = Entry("mlm-checkpoint-into-seq-cls");
        Assert.Equal(Strings(entry, "newly_initialised"), NewNames(model).Order(StringComparer.Ordinal));
        Assert.Equal(Strings(entry, "unexpected"), model.LoadReport!.Unexpected);
        AssertEncoderOutputs(model.Encoder);
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("model.")]
    [InlineData("module.model.")]
    public void What_wrappers_put_before_the_names_is_taken_off(string wrapper)
    {
        using var folder = new TemporaryFolder();
        CopyReference(folder, rename: name => wrapper + name);
        using SequenceClassifier model = ModelLoader.Load<SequenceClassifier>(folder.Path);
        Assert.True(model.LoadReport!.IsExact);
        AssertEncoderOutputs(model.Encoder);

        CopyReference(folder, rename: name => wrapper + name.Replace("bert.", "", StringComparison.Ordinal));
        using BaseModel bare = ModelLoader.Load<BaseModel>(folder.Path);
        Assert.Equal(2, bare.LoadReport!.Unexpected.Count);
        AssertEncoderOutputs(bare.Encoder);
    }

    [Fact]
    public void A_parameter_s_own_name_goes_before_other_readings_of_names()
    {
        using var folder = new TemporaryFolder();
        CopyReference(folder, more: writer => writer.Add("module.classifier.bias", [3], new float[3]));
        using SequenceClassifier model = ModelLoader.Load<SequenceClassifier>(folder.Path);
        Assert.Equal(["module.classifier.bias"], model.LoadReport!.Unexpected);
        Assert.NotEqual(new float[3], model.Parameters["classifier.bias"].ToArray());
    }

    [Fact]
    public void Buffers_of_old_checkpoints_are_left_out_without_a_word()
    {
        using var folder = new TemporaryFolder();
        CopyReference(folder, more: writer =>
        {
            writer.Add("bert.embeddings.position_ids", [1, 32], new long[32]);
            writer.Add("embeddings.token_type_ids", [1, 32], new long[32]);
            writer.Add("h.0.attn.bias", [1, 1, 2, 2], new float[4]);
            writer.Add("h.0.attn.masked_bias", [], new float[1]);
            writer.Add("layers.0.rotary_emb.inv_freq", [2], new float[2]);
            writer.Add("h.0.attn.c_attn.bias", [2], new float[2]);
        });
        using SequenceClassifier model = ModelLoader.Load<SequenceClassifier>(folder.Path);
        Assert.Equal(["h.0.attn.c_attn.bias"], model.LoadReport!.Unexpected);
    }

    [Fact]
    public void A_tied_weight_is_found_under_either_name_and_copies_must_be_equal()
    {
        const string Table = "roberta.embeddings.word_embeddings.weight", Decoder = "lm_head.decoder.weight", Bias = "lm_head.decoder.bias";
        using var folder = new TemporaryFolder();
        using MaskedLanguageModel model = ModelLoader.New<MaskedLanguageModel>(Golden.FamilyConfig("roberta"), seed: 5);
        model.Save(folder.Path);
        float[] words = model.Parameters[Table].ToArray();
        Load(_ => { }, without: null);
        Load(writer => writer.Add(Decoder, [50, 16], words), without: null);
        Load(writer => writer.Add(Decoder, [50, 16], words), without: Table);
        Load(writer => writer.Add("module." + Bias, [50], new float[50]), without: "lm_head.bias");

        words[3] += 1;
        AteneaException differ = Assert.Throws<AteneaException>(() => Load(writer => writer.Add(Decoder, [50, 16], words), without: null));
        Assert.Equal(Catalogue.TiedWeightsDiffer, differ.Code);
        Assert.Contains("tie_word_embeddings", differ.Remedy, StringComparison.Ordinal);

        void Load(Action<SafeTensorsWriter> more, string? without)
        {
            using var other = new TemporaryFolder();
            model.Config.Save(other.Path);
            var writer = new SafeTensorsWriter();
            using (SafeTensorsFile file = SafeTensorsFile.Open(folder.File("model.safetensors")))
            {
                foreach (SafeTensorInfo info in file.Tensors.Values.Where(info => info.Name != without))
                    writer.Add(info.Name, info.Shape, file.ReadFloats(info.Name).AsMemory());
            }

            more(writer);
            writer.Save(other.File("model.safetensors"));
            using MaskedLanguageModel loaded = ModelLoader.Load<MaskedLanguageModel>(other.Path);
            Assert.True(loaded.LoadReport!.IsExact, loaded.LoadReport.ToString());
            foreach ((Tensors.Parameter before, Tensors.Parameter after) in model.Parameters.Zip(loaded.Parameters))
                Assert.Equal(before.ToArray(), after.ToArray());
        }
    }

    [Fact]
    public void Other_labels_need_leave_to_draw_the_head_anew()
    {
        string folder = Golden.File("loading", "reference");
        var options = new ModelLoadOptions { Labels = ["a", "b"] };
        AteneaException error = Assert.Throws<AteneaException>(() => ModelLoader.Load<SequenceClassifier>(folder, options));
        Assert.Equal(Catalogue.WeightShapeMismatch, error.Code);
        Assert.Contains("ignore_mismatched_sizes", error.Remedy, StringComparison.Ordinal);

        using SequenceClassifier model = ModelLoader.Load<SequenceClassifier>(folder, options with { IgnoreMismatchedSizes = true });
        Assert.Equal(["a", "b"], model.Labels);
        Assert.Equal(
            [new NewWeight("classifier.weight", ParameterPart.Head, "[3, 8]"), new NewWeight("classifier.bias", ParameterPart.Head, "[3]")],
            model.LoadReport!.NewlyInitialised);
        Assert.Contains("classifier.weight (the checkpoint's is [3, 8])", model.LoadReport.ToString(), StringComparison.Ordinal);

        var encoderToo = new ModelLoadOptions { IgnoreMismatchedSizes = true };
        string otherWords = Golden.File("loading", "bad-config-vocab-size");
        error = Assert.Throws<AteneaException>(() => ModelLoader.Load<SequenceClassifier>(otherWords, encoderToo));
        Assert.Equal(Catalogue.WeightShapeMismatch, error.Code);
    }

    [Fact]
    public void Storage_types_that_were_converted_are_counted()
    {
        using SequenceClassifier half = ModelLoader.Load<SequenceClassifier>(Golden.File("loading", "safetensors-f16"));
        Assert.Equal(half.Parameters.Count, half.LoadReport!.Converted[StorageType.F16]);
        Assert.Contains($"{half.Parameters.Count} F16", half.LoadReport.ToString(), StringComparison.Ordinal);
        using SequenceClassifier plain = ModelLoader.Load<SequenceClassifier>(Golden.File("loading", "reference"));
        Assert.Empty(plain.LoadReport!.Converted);
    }

    [Fact]
    public void The_configuration_can_be_changed_before_the_model_is_built()
    {
        using SequenceClassifier model = ModelLoader.Load<SequenceClassifier>(
            Golden.File("loading", "reference"),
            new ModelLoadOptions
            {
                ProblemType = ProblemType.MultiLabelClassification,
                Configure = config => config.Set("hidden_act", "relu"),
            });
        Assert.Equal(ProblemType.MultiLabelClassification, model.ProblemType);
        using var engine = new Engine();
        using SafeTensorsFile expected = SafeTensorsFile.Open(Golden.File("loading", "reference", "case.safetensors"));
        float[] found = engine.Logits(model, ReferenceBatch());
        Assert.True(expected.ReadFloats("logits").Zip(found).Max(x => Math.Abs(x.First - x.Second)) > 1e-4);
    }

    private static IEnumerable<string> NewNames(Model model) => model.LoadReport!.NewlyInitialised.Select(weight => weight.Name);

    private static void AssertEncoderOutputs(Encoder encoder)
    {
        using var engine = new Engine();
        engine.Tape.Begin(TapeMode.Inference);
        InputBatch batch = ReferenceBatch();
        float[] actual = encoder.Forward(engine.Pass(batch)).ToArray();
        using SafeTensorsFile reference = SafeTensorsFile.Open(Golden.File("loading", "reference", "case.safetensors"));
        float[] padded = reference.ReadFloats("last_hidden_state");
        long[] mask = reference.ReadInt64("input.attention_mask");
        float[] expected = [.. padded.Where((_, i) => mask[i / encoder.HiddenSize] == 1)];
        AssertClose(expected, actual, 3e-6);
    }

    private static void CopyReference(
        TemporaryFolder folder,
        Func<string, bool>? keep = null,
        Func<string, string>? rename = null,
        Action<SafeTensorsWriter>? more = null)
    {
        File.Copy(Golden.File("loading", "reference", "config.json"), folder.File("config.json"), overwrite: true);
        using SafeTensorsFile file = SafeTensorsFile.Open(Golden.File("loading", "reference", "model.safetensors"));
        var writer = new SafeTensorsWriter();
        foreach (SafeTensorInfo info in file.Tensors.Values.Where(info => keep?.Invoke(info.Name) ?? true))
            writer.Add(rename?.Invoke(info.Name) ?? info.Name, info.Shape, file.ReadFloats(info.Name).AsMemory());
        more?.Invoke(writer);
        writer.Save(folder.File("model.safetensors"));
    }

    private static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
    }

    /// <summary>A file of the stored models of the reference data.</summary>
    private static string Stored(params string[] parts) => References.Golden(["models", "loading", .. parts], ["loading", .. parts]);

    private static InputBatch ReferenceBatch() => Golden.Batch(Golden.File("loading", "reference", "case.safetensors"), 0, 1, 2);

    private static JsonElement Entry(string name) => Entries.Single(entry => entry.GetProperty("path").GetString() == name);

    private static IEnumerable<string> Named(string expect) =>
        Entries.Where(entry => entry.GetProperty("expect").GetString() == expect).Select(entry => entry.GetProperty("path").GetString()!);

    private static string[] Strings(JsonElement entry, string key) =>
        entry.TryGetProperty(key, out JsonElement list) ? [.. list.EnumerateArray().Select(item => item.GetString()!)] : [];
}
