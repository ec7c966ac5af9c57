using System.Globalization;
using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models.Tests;

/// <summary>
/// What MPNet and the DeBERTas do otherwise than BERT and no reference dump shows: buckets, settings that change the layers, limits,
/// dropout.
/// </summary>
public sealed class RelativePositionFamiliesTests
{
    [Fact]
    [Trait("Data", "Goldens")]
    public void Buckets_of_deberta_v2_equal_the_reference()
    {
        string path = References.Need(["models", "relative_buckets.json"], ["relative_buckets.json"]);
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(path));
        foreach (JsonProperty table in golden.RootElement.GetProperty("deberta_v2").GetProperty("tables").EnumerateObject())
        {
            int[] sizes = [.. table.Name.Split(',').Select(size => int.Parse(size, CultureInfo.InvariantCulture))];
            int distance = 0;
            foreach (JsonElement bucket in table.Value.EnumerateArray())
            {
                Assert.Equal(bucket.GetInt32(), DebertaV2.BucketOf(distance, sizes[0], sizes[1]));
                Assert.Equal(-bucket.GetInt32(), DebertaV2.BucketOf(-distance, sizes[0], sizes[1]));
                distance++;
            }

            Assert.Equal(sizes[1], distance);
        }
    }

    [Fact]
    [Trait("Data", "Goldens")]
    public void Buckets_of_mpnet_equal_the_reference()
    {
        string path = References.Need(["models", "relative_buckets.json"], ["relative_buckets.json"]);
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(path));
        int distance = 0;
        foreach (JsonElement entry in golden.RootElement.GetProperty("mpnet").GetProperty("table").EnumerateArray())
        {
            Assert.Equal(entry.GetInt32(), Mpnet.BucketOf(distance));
            if (distance > 0) Assert.Equal(entry.GetInt32() + 16, Mpnet.BucketOf(-distance));
            distance++;
        }

        Assert.Equal(200, distance);
    }

    public static TheoryData<string, string> Variants => new()
    {
        { "deberta", """{"pos_att_type": "c2p"}""" },
        { "deberta", """{"pos_att_type": ["p2c"], "position_biased_input": true, "max_relative_positions": 5}""" },
        { "deberta", """{"relative_attention": false}""" },
        { "deberta-v2", """{"share_att_key": false, "norm_rel_ebd": "none"}""" },
        { "deberta-v2", """{"position_buckets": 0, "max_relative_positions": 7, "pos_att_type": "C2P | p2c"}""" },
        { "deberta-v2", """{"conv_kernel_size": 3}""" },
        { "deberta-v2", """{"conv_kernel_size": 5, "conv_act": "gelu", "num_hidden_layers": 1}""" },
        { "deberta-v2", """{"relative_attention": false, "type_vocab_size": 0}""" },
        { "deberta-v2", """{"pos_att_type": null}""" },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_variant_gives_the_same_bits_alone_in_a_batch_and_row_by_row(string family, string settings)
    {
        ModelConfig config = Changed(family, settings);
        using BaseModel model = ModelLoader.New<BaseModel>(config, seed: 1);
        using var engine = new Engine(2);
        int[] first = [7, 3, 9, 12, 40, 6, 5, 8, 21, 33, 4, 17, 11, 49, 2, 30, 31, 3, 6], second = [20, 10];
        float[] alone = Run([first]), together = Run([second, first]);
        Assert.Equal(alone, together.AsSpan(2 * 16).ToArray());
        var batch = new InputBatch();
        batch.Add(second);
        batch.Add(first);
        engine.Tape.Begin(TapeMode.Inference);
        float[] rows = model.Encoder.ForwardRows(engine.Pass(batch), [0, 5]).ToArray();
        Assert.Equal([.. together[..16], .. together[(5 * 16)..(6 * 16)]], rows);

        float[] Run(int[][] sequences)
        {
            var sequencesAsBatch = new InputBatch();
            foreach (int[] ids in sequences) sequencesAsBatch.Add(ids);
            engine.Tape.Begin(TapeMode.Inference);
            return model.Forward(engine.Pass(sequencesAsBatch)).ToArray();
        }
    }

    [Fact]
    public void Settings_decide_which_layers_there_are()
    {
        string[] shared = Names("deberta-v2", "{}"), apart = Names("deberta-v2", """{"share_att_key": false, "pos_att_type": "p2c"}""");
        Assert.DoesNotContain(shared, name => name.Contains("pos_", StringComparison.Ordinal));
        Assert.Contains("encoder.layer.2.attention.self.pos_query_proj.bias", apart);
        Assert.DoesNotContain(apart, name => name.Contains("pos_key_proj", StringComparison.Ordinal));
        Assert.Equal(["encoder.rel_embeddings.weight", "encoder.LayerNorm.weight", "encoder.LayerNorm.bias"], shared[^3..]);
        Assert.Equal("encoder.conv.LayerNorm.bias", Names("deberta-v2", """{"conv_kernel_size": 3}""")[^1]);
        Assert.DoesNotContain("encoder.rel_embeddings.weight", Names("deberta", """{"relative_attention": false}"""));
        Assert.Contains("embeddings.position_embeddings.weight", Names("deberta", """{"position_biased_input": true}"""));
        Assert.DoesNotContain("embeddings.token_type_embeddings.weight", Names("deberta", """{"type_vocab_size": 0}"""));
        Assert.Contains("embeddings.embed_proj.weight", shared);

        static string[] Names(string family, string settings)
        {
            using BaseModel model = ModelLoader.New<BaseModel>(Changed(family, settings), seed: 1);
            return [.. model.Parameters.Select(parameter => parameter.Name)];
        }
    }

    [Theory]
    [InlineData("mpnet", """{"relative_attention_num_buckets": 16}""", "relative_attention_num_buckets", "ATN0410")]
    [InlineData("mpnet", """{"max_position_embeddings": 2}""", "max_position_embeddings", "ATN0410")]
    [InlineData("deberta", """{"talking_head": true}""", "talking_head", "ATN0503")]
    [InlineData("deberta", """{"pos_att_type": ["p2p"]}""", "pos_att_type", "ATN0503")]
    [InlineData("deberta", """{"pooler_hidden_size": 8}""", "pooler_hidden_size", "ATN0410")]
    [InlineData("deberta", """{"type_vocab_size": -1}""", "type_vocab_size", "ATN0410")]
    [InlineData("deberta-v2", """{"conv_kernel_size": 4}""", "conv_kernel_size", "ATN0410")]
    [InlineData("deberta-v2", """{"conv_kernel_size": 3, "conv_groups": 2}""", "conv_groups", "ATN0503")]
    [InlineData("deberta-v2", """{"attention_head_size": 4}""", "attention_head_size", "ATN0410")]
    [InlineData("deberta-v2", """{"position_buckets": 1}""", "position_buckets", "ATN0410")]
    [InlineData("deberta-v2", """{"pooler_hidden_act": "gulp"}""", "pooler_hidden_act", "ATN0502")]
    public void A_configuration_that_makes_no_sense_is_refused(string family, string settings, string key, string code)
    {
        ModelConfig config = Changed(family, settings);
        AteneaException error = Assert.Throws<AteneaException>(() => ModelLoader.New<SequenceClassifier>(config, seed: 1));
        Assert.Equal(code, error.Code.Id);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mpnet", 62)]
    [InlineData("deberta", 64)]
    [InlineData("deberta-v2", 64)]
    public void A_sequence_longer_than_the_positions_is_refused(string family, int most)
    {
        using BaseModel model = ModelLoader.New<BaseModel>(Golden.FamilyConfig(family), seed: 1);
        Assert.Equal(most, model.Encoder.MaxPositions);
        using var engine = new Engine();
        var batch = new InputBatch();
        batch.Add([.. Enumerable.Repeat(7, most)]);
        engine.Tape.Begin(TapeMode.Inference);
        Assert.Equal(most, model.Forward(engine.Pass(batch)).Rows);
        batch.Add([.. Enumerable.Repeat(7, most + 1)]);
        engine.Tape.Begin(TapeMode.Inference);
        Assert.Equal(Catalogue.SequenceTooLong, Assert.Throws<AteneaException>(() => model.Forward(engine.Pass(batch))).Code);
    }

    [Theory]
    [InlineData("hidden_dropout_prob", true)]
    [InlineData("attention_probs_dropout_prob", true)]
    [InlineData("cls_dropout", true)]
    [InlineData("pooler_dropout", true)]
    [InlineData("classifier_dropout", false)]
    public void Dropout_of_deberta_follows_its_own_keys(string key, bool acts)
    {
        ModelConfig config = Golden.FamilyConfig("deberta-v2");
        string[] dropouts =
            ["hidden_dropout_prob", "attention_probs_dropout_prob", "cls_dropout", "pooler_dropout", "classifier_dropout"];
        foreach (string every in dropouts)
            config.Set(every, every == key ? 0.5 : 0.0);
        using SequenceClassifier model = ModelLoader.New<SequenceClassifier>(config, seed: 1);
        using var engine = new Engine();
        var batch = new InputBatch();
        batch.Add([3, 4, 5, 6]);
        float[] plain = engine.Logits(model, batch);
        engine.Tape.Begin(TapeMode.Training, seed: 1, step: 1);
        Assert.Equal(acts, !plain.AsSpan().SequenceEqual(model.Forward(engine.Pass(batch)).ToArray()));
    }

    private static ModelConfig Changed(string family, string settings)
    {
        ModelConfig config = Golden.FamilyConfig(family);
        using JsonDocument changes = JsonDocument.Parse(settings);
        foreach (JsonProperty change in changes.RootElement.EnumerateObject())
            config.Set(change.Name, JsonSerializer.SerializeToNode(change.Value));
        return config;
    }
}
