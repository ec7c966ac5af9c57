using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models.Tests;

/// <summary>
/// What DistilBERT, RoBERTa, ALBERT and ELECTRA do otherwise than BERT and no reference dump shows: dropout, limits, keys that make no
/// sense.
/// </summary>
public sealed class PostNormFamiliesTests
{
    [Fact]
    public void Positions_of_roberta_are_counted_from_the_padding_id_and_leave_padding_out()
    {
        var batch = new InputBatch();
        batch.Add([5, 1, 6, 7]);
        batch.Add([8]);
        Assert.Equal([2, 1, 3, 4, 2], batch.PositionsAfter(1).ToArray());
        Assert.Equal([4, 5, 6, 7, 4], batch.PositionsAfter(3).ToArray());
        batch.Add([1, 9]);
        Assert.Equal([4, 5, 6, 7, 4, 4, 5], batch.PositionsAfter(3).ToArray());
        batch.Clear();
        batch.Add([3]);
        Assert.Equal([3], batch.PositionsAfter(3).ToArray());
    }

    [Fact]
    public void Roberta_has_fewer_positions_than_rows_of_its_table()
    {
        ModelConfig config = Golden.FamilyConfig("roberta");
        using BaseModel model = ModelLoader.New<BaseModel>(config, seed: 1);
        Assert.Equal(62, model.Encoder.MaxPositions);
        using var engine = new Engine();
        var batch = new InputBatch();
        batch.Add([.. Enumerable.Repeat(7, 62)]);
        engine.Tape.Begin(TapeMode.Inference);
        Assert.Equal(62, model.Forward(engine.Pass(batch)).Rows);
        batch.Add([.. Enumerable.Repeat(7, 63)]);
        engine.Tape.Begin(TapeMode.Inference);
        Assert.Equal(Catalogue.SequenceTooLong, Assert.Throws<AteneaException>(() => model.Forward(engine.Pass(batch))).Code);

        config.Set("pad_token_id", 63);
        config.Set("vocab_size", 100);
        Assert.Equal(Catalogue.ConfigValueInvalid, Assert.Throws<AteneaException>(() => ModelLoader.New<BaseModel>(config, seed: 1)).Code);
        config.Set("pad_token_id", null);
        AteneaException error = Assert.Throws<AteneaException>(() => ModelLoader.New<BaseModel>(config, seed: 1));
        Assert.Contains("null", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("distilbert", "n_heads", 3, "ATN0410")]
    [InlineData("distilbert", "dropout", 1, "ATN0410")]
    [InlineData("distilbert", "activation", "mish2", "ATN0502")]
    [InlineData("distilbert", "dim", 0, "ATN0410")]
    [InlineData("roberta", "position_embedding_type", "relative_key", "ATN0503")]
    [InlineData("camembert", "is_decoder", true, "ATN0503")]
    [InlineData("electra", "embedding_size", 0, "ATN0410")]
    [InlineData("electra", "num_attention_heads", 5, "ATN0410")]
    [InlineData("albert", "num_hidden_groups", 4, "ATN0410")]
    [InlineData("albert", "inner_group_num", 0, "ATN0410")]
    [InlineData("albert", "classifier_dropout_prob", -1, "ATN0410")]
    public void A_configuration_that_makes_no_sense_is_refused(string family, string key, object value, string code)
    {
        ModelConfig config = Golden.FamilyConfig(family);
        config.Set(key, System.Text.Json.JsonSerializer.SerializeToNode(value));
        AteneaException error = Assert.Throws<AteneaException>(() => ModelLoader.New<SequenceClassifier>(config, seed: 1));
        Assert.Equal(code, error.Code.Id);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("distilbert", "dropout", true)]
    [InlineData("albert", "hidden_dropout_prob", true)]
    [InlineData("roberta", "hidden_dropout_prob", true)]
    [InlineData("electra", "hidden_dropout_prob", true)]
    [InlineData("roberta", "attention_probs_dropout_prob", true)]
    [InlineData("distilbert", "attention_dropout", true)]
    [InlineData("roberta", "classifier_dropout", true)]
    [InlineData("distilbert", "seq_classif_dropout", true)]
    [InlineData("albert", "classifier_dropout_prob", true)]
    [InlineData("distilbert", "hidden_dropout_prob", false)]
    public void Dropout_follows_the_family_s_own_key(string family, string key, bool acts)
    {
        ModelConfig config = Golden.FamilyConfig(family);
        string[] dropouts =
        [
            "dropout",
            "attention_dropout",
            "seq_classif_dropout",
            "hidden_dropout_prob",
            "attention_probs_dropout_prob",
            "classifier_dropout",
            "classifier_dropout_prob",
        ];
        foreach (string every in dropouts)
            config.Set(every, every == key ? 0.5 : 0.0);
        using SequenceClassifier model = ModelLoader.New<SequenceClassifier>(config, seed: 1);
        using var engine = new Engine();
        var batch = new InputBatch();
        batch.Add([3, 4, 5, 6]);
        float[] plain = engine.Logits(model, batch);
        engine.Tape.Begin(TapeMode.Training, seed: 1, step: 1);
        float[] dropped = model.Forward(engine.Pass(batch)).ToArray();
        Assert.Equal(acts, !plain.AsSpan().SequenceEqual(dropped));
    }

    [Fact]
    public void Layers_of_albert_share_their_blocks_and_are_spread_over_the_groups()
    {
        ModelConfig config = Golden.FamilyConfig("albert");
        config.Set("num_hidden_groups", 2);
        config.Set("inner_group_num", 2);
        using BaseModel model = ModelLoader.New<BaseModel>(config, seed: 1);
        Assert.Equal(6, model.Encoder.Layers);
        string[] blocks =
        [
            .. model.Parameters.Select(parameter => parameter.Name).Where(name => name.EndsWith("ffn.weight", StringComparison.Ordinal))
                .Select(name => name.Replace("encoder.albert_layer_groups.", "", StringComparison.Ordinal))
                .Select(name => name.Replace("albert_layers.", "", StringComparison.Ordinal)[..3]),
        ];
        Assert.Equal(["0.0", "0.1", "1.0", "1.1"], blocks);
    }

    [Fact]
    public void A_summary_of_electra_that_is_not_built_is_refused()
    {
        ModelConfig config = Golden.FamilyConfig("electra");
        using MultipleChoiceModel model = ModelLoader.New<MultipleChoiceModel>(config, seed: 1);
        Assert.True(model.Parameters.Contains("sequence_summary.summary.weight"));
        config.Set("summary_type", "mean");
        AteneaException error = Assert.Throws<AteneaException>(() => ModelLoader.New<MultipleChoiceModel>(config, seed: 1));
        Assert.Equal(Catalogue.ModelSettingUnsupported, error.Code);
    }
}
