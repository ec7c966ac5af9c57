using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models.Tests;

/// <summary>
/// What ModernBERT, Qwen2 and GPT-2 have in common and what each reads from config.json; their numbers are checked by the verifier's cases.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class PreNormFamiliesTests
{
    private const string Labels = """ "id2label": {"0": "no", "1": "yes", "2": "maybe"} """;

    private static readonly Dictionary<string, string> Configs = new(StringComparer.Ordinal)
    {
        ["modernbert"] = $$"""
            {"model_type": "modernbert", "vocab_size": 50, "hidden_size": 32, "num_hidden_layers": 4, "num_attention_heads": 2,
             "intermediate_size": 24,
             "max_position_embeddings": 64, "local_attention": 6, "pad_token_id": 0, "initializer_range": 0.3, {{Labels}} }
            """,
        ["qwen2"] = $$"""
            {"model_type": "qwen2", "vocab_size": 50, "hidden_size": 32, "num_hidden_layers": 3,
             "num_attention_heads": 4, "num_key_value_heads": 2,
             "intermediate_size": 24, "max_position_embeddings": 64, "pad_token_id": 0, "initializer_range": 0.3, {{Labels}} }
            """,
        ["gpt2"] = $$"""
            {"model_type": "gpt2", "vocab_size": 50, "n_embd": 32, "n_layer": 3, "n_head": 4, "n_positions": 64,
             "pad_token_id": 0, "initializer_range": 0.3,
             "embd_pdrop": 0.1, {{Labels}} }
            """,
    };

    private static readonly int[][] Sequences =
    [
        [.. Enumerable.Range(1, 19)], [7], [.. Enumerable.Range(0, 40).Select(i => 1 + (i * 11 % 49))],
    ];

    public static TheoryData<string> Families => [.. Configs.Keys];

    [Theory]
    [MemberData(nameof(Families))]
    public void Logits_are_the_same_bits_alone_in_a_batch_and_with_a_capture(string family)
    {
        using SequenceClassifier model = ModelLoader.New<SequenceClassifier>(Config(family), seed: 1);
        using var engine = new Engine(2);
        float[] together = engine.Logits(model, Batch(0, 1, 2));
        Assert.Equal(Sequences.SelectMany((_, s) => engine.Logits(model, Batch(s))), together);
        var capture = new EncoderCapture { WantsHiddenStates = true, WantsAttentions = true };
        Assert.Equal(together, engine.Logits(model, Batch(0, 1, 2), TapeMode.Evaluation, capture));
        Assert.Equal((model.Encoder.Layers + 1, model.Encoder.Layers), (capture.HiddenStates.Count, capture.Attentions.Count));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Gradients_are_the_same_bits_on_every_instruction_set_and_number_of_threads(string family)
    {
        float[]? expected = null;
        foreach (string path in Backend.Available)
        {
            foreach (int threads in (int[])[1, 3])
            {
                using SequenceClassifier model = ModelLoader.New<SequenceClassifier>(Config(family), seed: 1);
                using var engine = new Engine(threads, path);
                engine.Tape.Begin(TapeMode.Training, seed: 2, step: 3);
                Loss loss = engine.Tape.CrossEntropy(model.Forward(engine.Pass(Batch(0, 1, 2))), [1, 0, 2]);
                engine.Tape.Backward(loss, 1f / loss.Count);
                float[] gradients = [.. model.Parameters.SelectMany(parameter => parameter.GradientToArray())];
                Assert.Contains(gradients, g => g != 0);
                Assert.Equal(expected ??= gradients, gradients);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Some_rows_alone_are_the_rows_of_the_whole(string family)
    {
        using BaseModel model = ModelLoader.New<BaseModel>(Config(family), seed: 1);
        using var engine = new Engine();
        InputBatch batch = Batch(2, 0, 1);
        float[][] all = States(engine, model, batch);
        int[] rows = [batch.Tokens - 1, 3, 41, 0];
        engine.Tape.Begin(TapeMode.Inference);
        Assert.Equal(rows.SelectMany(row => all[row]), model.Encoder.ForwardRows(engine.Pass(batch), rows).ToArray());
    }

    [Theory]
    [InlineData("qwen2")]
    [InlineData("gpt2")]
    public void A_decoder_s_token_does_not_see_what_follows(string family)
    {
        using BaseModel model = ModelLoader.New<BaseModel>(Config(family), seed: 1);
        using var engine = new Engine();
        float[][] whole = States(engine, model, Batch(2));
        var prefix = new InputBatch();
        prefix.Add(Sequences[2].AsSpan(0, 23));
        Assert.Equal(whole.Take(23).SelectMany(row => row), States(engine, model, prefix).SelectMany(row => row));
    }

    [Theory]
    [InlineData(
        "modernbert", """ "layer_types": ["sliding_attention", "sliding_attention", "sliding_attention", "sliding_attention"] """, 12, 12)]
    [InlineData("qwen2", """ "use_sliding_window": true, "sliding_window": 4, "max_window_layers": 0 """, 0, 9)]
    [InlineData("qwen2", """ "use_sliding_window": false, "sliding_window": 4, "max_window_layers": 0 """, 0, 40)]
    public void A_local_layer_reaches_as_far_as_its_window(string family, string more, int before, int after)
    {
        // A token of the sequence changes: which states change with it says how far the layers reach together.
        using BaseModel model = ModelLoader.New<BaseModel>(Config(family, more), seed: 1);
        using var engine = new Engine();
        const int Changed = 17;
        int[] ids = [.. Sequences[2]];
        float[][] first = States(engine, model, Batch(2));
        ids[Changed] = ids[Changed] == 5 ? 6 : 5;
        var other = new InputBatch();
        other.Add(ids);
        float[][] second = States(engine, model, other);
        for (int token = 0; token < ids.Length; token++)
            Assert.Equal(token < Changed - before || token > Changed + after, first[token].SequenceEqual(second[token]));
    }

    [Fact]
    public void ModernBert_s_older_keys_and_those_of_version_5_mean_the_same()
    {
        const string OlderKeys = """ "global_attn_every_n_layers": 2, "global_rope_theta": 5000.0, "local_rope_theta": 100 """;
        string older = Config("modernbert", OlderKeys).ToText();
        string newer = Config("modernbert", """
             "layer_types": ["full_attention", "sliding_attention", "full_attention", "sliding_attention"],
             "rope_parameters": {"full_attention": {"rope_type": "default", "rope_theta": 5000.0},
                                 "sliding_attention": {"rope_type": "default", "rope_theta": 100}}
            """).ToText();
        using var engine = new Engine();
        float[][] results = [.. new[] { older, newer, Config("modernbert").ToText() }.Select(text =>
        {
            using BaseModel model = ModelLoader.New<BaseModel>(ModelConfig.Parse(text, "config.json"), seed: 1);
            return States(engine, model, Batch(2)).SelectMany(row => row).ToArray();
        })];
        Assert.Equal(results[0], results[1]);
        Assert.NotEqual(results[0], results[2]);
    }

    [Theory]
    [InlineData("modernbert", """ "num_attention_heads": 3 """, "ATN0410", "3 heads")]
    [InlineData("modernbert", """ "layer_types": ["full_attention"] """, "ATN0410", "1 kinds for 4 layers")]
    [InlineData("modernbert", """ "layer_types": ["full_attention", "linear", "full_attention", "full_attention"] """, "ATN0410", "linear")]
    [InlineData("modernbert", """ "classifier_pooling": "max" """, "ATN0410", "max")]
    [InlineData("modernbert", """ "hidden_activation": "mish2" """, "ATN0502", "mish2")]
    [InlineData("modernbert", """ "global_rope_theta": 0 """, "ATN0410", "global_rope_theta")]
    [InlineData("modernbert", """ "pad_token_id": 50 """, "ATN0410", "pad_token_id")]
    [InlineData("qwen2", """ "num_key_value_heads": 3 """, "ATN0410", "num_key_value_heads")]
    [InlineData("qwen2", """ "head_dim": 7 """, "ATN0410", "heads of 7")]
    [InlineData("qwen2", """ "rope_scaling": {"type": "yarn", "factor": 4.0} """, "ATN0503", "yarn")]
    [InlineData("qwen2", """ "rope_parameters": {"rope_type": "llama3", "rope_theta": 10000} """, "ATN0503", "llama3")]
    [InlineData("qwen2", """ "pad_token_id": -2 """, "ATN0410", "pad_token_id")]
    [InlineData("gpt2", """ "n_head": 5 """, "ATN0410", "n_head")]
    [InlineData("gpt2", """ "add_cross_attention": true """, "ATN0503", "add_cross_attention")]
    [InlineData("gpt2", """ "resid_pdrop": 1.0 """, "ATN0410", "resid_pdrop")]
    public void A_configuration_that_makes_no_sense_is_refused(string family, string change, string code, string named)
    {
        AteneaException error = Assert.Throws<AteneaException>(() => ModelLoader.New<SequenceClassifier>(Config(family, change), seed: 1));
        Assert.Equal(code, error.Code.Id);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_token_that_counts_is_found_on_either_side_of_padding()
    {
        var batch = new InputBatch();
        batch.Add([5, 6, 0, 0]);
        batch.Add([0, 0, 7, 8]);
        batch.Add([0, 0]);
        batch.Add([9]);
        Assert.Equal([1, 7, 8, 10], batch.LastTokens(0).ToArray());
        Assert.Equal([3, 7, 9, 10], batch.LastTokens(null).ToArray());
    }

    private static float[][] States(Engine engine, BaseModel model, InputBatch batch)
    {
        engine.Tape.Begin(TapeMode.Inference);
        Tensor states = model.Forward(engine.Pass(batch));
        return [.. Enumerable.Range(0, states.Rows).Select(row => states.Read().Row(row).ToArray())];
    }

    private static InputBatch Batch(params ReadOnlySpan<int> sequences)
    {
        var batch = new InputBatch();
        foreach (int s in sequences) batch.Add(Sequences[s]);
        return batch;
    }

    /// <summary>A family's small configuration with some keys set.</summary>
    internal static ModelConfig Config(string family, string? more = null)
    {
        ModelConfig config = ModelConfig.Parse(Configs[family], "config.json");
        if (more is null) return config;
        foreach (var (key, value) in ModelConfig.Parse($"{{{more}}}", "more").Json) config.Set(key, value?.DeepClone());
        return config;
    }
}
