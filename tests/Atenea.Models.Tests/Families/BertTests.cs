using Atenea.Errors;
using Atenea.Tensors;

namespace Atenea.Models.Tests;

public sealed class BertTests
{
    [Theory]
    [InlineData(""", "num_attention_heads": 3""", "ATN0410", "3 heads")]
    [InlineData(""", "hidden_act": "mish2" """, "ATN0502", "mish2")]
    [InlineData(""", "pad_token_id": 50""", "ATN0410", "pad_token_id")]
    [InlineData(""", "is_decoder": true""", "ATN0503", "is_decoder")]
    [InlineData(""", "position_embedding_type": "relative_key" """, "ATN0503", "relative_key")]
    [InlineData(""", "hidden_dropout_prob": 1.5""", "ATN0410", "1.5")]
    [InlineData(""", "classifier_dropout": -0.1""", "ATN0410", "classifier_dropout")]
    [InlineData(""", "num_hidden_layers": 0""", "ATN0410", "num_hidden_layers")]
    public void A_configuration_that_makes_no_sense_is_refused(string change, string code, string named)
    {
        string text = Golden.TinyConfig().ToText();
        string key = change.Split('"')[1];
        Hub.ModelConfig config = Hub.ModelConfig.Parse(text, "config.json");
        config.Json.Remove(key);
        config = Hub.ModelConfig.Parse(config.ToText().TrimEnd().TrimEnd('}') + change + "}", "config.json");
        AteneaException error = Assert.Throws<AteneaException>(() => ModelLoader.New<SequenceClassifier>(config, seed: 1));
        Assert.Equal(code, error.Code.Id);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Input_beyond_the_model_is_refused()
    {
        using SequenceClassifier model = ModelLoader.New<SequenceClassifier>(Golden.TinyConfig(), seed: 1);
        using var engine = new Engine();
        var batch = new InputBatch();
        batch.Add(new int[13]);
        Assert.Equal(Catalogue.SequenceTooLong, Assert.Throws<AteneaException>(() => engine.Logits(model, batch)).Code);
        batch.Clear();
        batch.Add([3, 50]);
        Assert.Equal(Catalogue.IdOutOfRange, Assert.Throws<AteneaException>(() => engine.Logits(model, batch)).Code);
        batch.Clear();
        batch.Add([3, 49], [0, 2]);
        Assert.Equal(Catalogue.IdOutOfRange, Assert.Throws<AteneaException>(() => engine.Logits(model, batch)).Code);
    }

    [Fact]
    public void Dropout_acts_in_training_alone_and_follows_seed_and_step()
    {
        using SequenceClassifier model = ModelLoader.New<SequenceClassifier>(Golden.TinyConfig(), seed: 1); // dropout .1 by default
        using var engine = new Engine();
        var batch = new InputBatch();
        batch.Add([3, 4, 5, 6]);
        float[] plain = engine.Logits(model, batch);
        float[] Train(ulong seed, ulong step)
        {
            engine.Tape.Begin(TapeMode.Training, seed, step);
            return model.Forward(engine.Pass(batch)).ToArray();
        }

        Assert.Equal(plain, engine.Logits(model, batch, TapeMode.Evaluation));
        Assert.NotEqual(plain, Train(1, 0));
        Assert.Equal(Train(1, 0), Train(1, 0));
        Assert.NotEqual(Train(1, 0), Train(1, 1));
        Assert.NotEqual(Train(1, 0), Train(2, 0));
    }
}
