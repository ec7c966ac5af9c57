using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models.Tests;

public sealed class SentenceEncoderTests
{
    [Theory]
    [InlineData(SentencePooling.Cls, false)]
    [InlineData(SentencePooling.Max, true)]
    [InlineData(SentencePooling.Mean, true)]
    [InlineData(SentencePooling.MeanSqrtLength, false)]
    [InlineData(SentencePooling.WeightedMean, false)]
    [InlineData(SentencePooling.LastToken, true)]
    public void A_vector_is_pooled_and_a_saved_folder_gives_it_again(SentencePooling pooling, bool normalises)
    {
        using var folder = new TemporaryFolder();
        ModelConfig config = Golden.TinyConfig(""", "initializer_range": 0.3""");
        using var model = SentenceEncoder.Over(ModelLoader.New<BaseModel>(config, 1), pooling, normalises);
        using var engine = new Engine();
        var batch = new InputBatch();
        batch.Add([3, 4, 5, 6]);
        batch.Add([7, 8]);
        float[] found = Vectors(engine, model, batch);
        engine.Tape.Begin(TapeMode.Inference);
        Tensor states = model.Model.Forward(engine.Pass(batch));
        for (int s = 0; s < 2; s++)
        {
            double[] expected = Pool(states, batch.Offsets[s], batch.Offsets[s + 1], pooling);
            double length = normalises ? Math.Sqrt(expected.Sum(x => x * x)) : 1;
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i] / length, found[(s * expected.Length) + i], 1e-6);
        }

        model.Save(folder.Path);
        using SentenceEncoder loaded = SentenceEncoder.Load(folder.Path);
        Assert.Equal((pooling, normalises, 16, 12), (loaded.Pooling, loaded.Normalises, loaded.Dimension, loaded.MaxLength));
        Assert.Equal(found, Vectors(engine, loaded, batch));
    }

    [Fact]
    public void A_linear_layer_after_pooling_is_read_applied_and_saved()
    {
        using var folder = new TemporaryFolder();
        BaseModel encoder = ModelLoader.New<BaseModel>(Golden.TinyConfig(), 1);
        using (var model = SentenceEncoder.Over(encoder, SentencePooling.Cls)) model.Save(folder.Path);
        folder.Write("modules.json", """
            [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
             {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
             {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"}]
            """);
        Directory.CreateDirectory(folder.File("2_Dense"));
        folder.Write(Path.Combine("2_Dense", "config.json"),
            """{"in_features": 16, "out_features": 1, "bias": true, "activation_function": "torch.nn.modules.activation.Tanh"}""");
        var writer = new SafeTensorsWriter();
        writer.Add("linear.weight", [1, 16], Enumerable.Repeat(0.1f, 16).ToArray().AsMemory());
        writer.Add("linear.bias", [1], new[] { 0.2f }.AsMemory());
        writer.Save(folder.File(Path.Combine("2_Dense", "model.safetensors")));
        using SentenceEncoder loaded = SentenceEncoder.Load(folder.Path);
        using var engine = new Engine();
        var batch = new InputBatch();
        batch.Add([3, 4, 5]);
        engine.Tape.Begin(TapeMode.Inference);
        double sum = 0.2;
        foreach (float x in loaded.Model.Forward(engine.Pass(batch)).Read().Row(0)) sum += 0.1 * x;
        float[] vector = Vectors(engine, loaded, batch);
        Assert.Equal(Math.Tanh(sum), Assert.Single(vector), 1e-6);
        using var copy = new TemporaryFolder();
        loaded.Save(copy.Path);
        using SentenceEncoder again = SentenceEncoder.Load(copy.Path);
        Assert.Equal(vector, Vectors(engine, again, batch));
        Assert.Equal(2, again.DenseParameters.Count());
    }

    [Theory]
    [InlineData("modules.json", "{", "ATN0409")]
    [InlineData("modules.json", "{}", "ATN0409")]
    [InlineData("modules.json", """[{"type": "sentence_transformers.models.Transformer", "path": "../elsewhere"}]""", "ATN0410")]
    [InlineData("modules.json", """[{"type": "sentence_transformers.models.WordEmbeddings", "path": ""}]""", "ATN0503")]
    [InlineData("1_Pooling/config.json", "{}", "ATN0410")]
    [InlineData("1_Pooling/config.json", """{"pooling_mode": "median"}""", "ATN0410")]
    [InlineData("1_Pooling/config.json", """{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": true}""", "ATN0503")]
    public void A_folder_that_makes_no_sense_is_refused(string file, string text, string code)
    {
        using var folder = new TemporaryFolder();
        using (var model = SentenceEncoder.Over(ModelLoader.New<BaseModel>(Golden.TinyConfig(), 1))) model.Save(folder.Path);
        folder.Write(file, text);
        Assert.Equal(code, Assert.Throws<AteneaException>(() => SentenceEncoder.Load(folder.Path)).Code.Id);
    }

    [Fact]
    public void A_folder_without_modules_is_an_encoder_with_the_mean()
    {
        using var folder = new TemporaryFolder();
        using (BaseModel model = ModelLoader.New<BaseModel>(Golden.TinyConfig(), 1)) model.Save(folder.Path);
        using SentenceEncoder loaded = SentenceEncoder.Load(folder.Path);
        Assert.Equal((SentencePooling.Mean, false), (loaded.Pooling, loaded.Normalises));
    }

    private static float[] Vectors(Engine engine, SentenceEncoder model, InputBatch batch)
    {
        engine.Tape.Begin(TapeMode.Inference);
        return model.Forward(engine.Pass(batch)).ToArray();
    }

    private static double[] Pool(Tensor states, int first, int end, SentencePooling pooling)
    {
        var pooled = new double[states.Columns];
        int count = end - first;
        for (int i = 0; i < pooled.Length; i++)
        {
            double[] column = [.. Enumerable.Range(first, count).Select(row => (double)states.Read().Row(row)[i])];
            pooled[i] = pooling switch
            {
                SentencePooling.Cls => column[0],
                SentencePooling.LastToken => column[^1],
                SentencePooling.Max => column.Max(),
                SentencePooling.MeanSqrtLength => column.Sum() / Math.Sqrt(count),
                SentencePooling.WeightedMean => column.Select((x, at) => x * (at + 1)).Sum() / Enumerable.Range(1, count).Sum(),
                _ => column.Average(),
            };
        }

        return pooled;
    }
}
