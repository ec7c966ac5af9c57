using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models.Tests;

public sealed class InitializationTests
{
    [Fact]
    public void Weights_are_drawn_as_transformers_draws_them()
    {
        using BaseModel model = ModelLoader.New<BaseModel>(Golden.TinyConfig(), seed: 3);
        Parameter words = model.Parameters["embeddings.word_embeddings.weight"];
        Assert.All(words.ToArray()[..16], value => Assert.Equal(0f, value)); // pad_token_id 0
        Assert.DoesNotContain(0f, words.ToArray()[16..]);
        Assert.All(model.Parameters.Where(p => p.Name.EndsWith("bias", StringComparison.Ordinal)),
            p => Assert.All(p.ToArray(), value => Assert.Equal(0f, value)));
        Assert.All(model.Parameters.Where(p => p.Name.EndsWith("LayerNorm.weight", StringComparison.Ordinal)),
            p => Assert.All(p.ToArray(), value => Assert.Equal(1f, value)));
    }

    [Fact]
    public void The_normal_distribution_has_its_moments_and_its_tails()
    {
        using var parameter = new Parameter("a.weight", 400, 501); // odd: the last block of four is cut
        Initialization.Normal.Fill(parameter, 0.02, seed: 7);
        double[] values = [.. parameter.ToArray().Select(value => (double)value / 0.02)];
        double mean = values.Average();
        double variance = values.Average(value => (value - mean) * (value - mean));
        double kurtosis = values.Average(value => Math.Pow(value - mean, 4)) / (variance * variance);
        Assert.InRange(mean, -0.01, 0.01); // standard error .0022
        Assert.InRange(variance, 0.985, 1.015);
        Assert.InRange(kurtosis, 2.93, 3.07);
        Assert.InRange(values.Count(value => Math.Abs(value) > 1.959964) / (double)values.Length, 0.048, 0.052);
        Assert.InRange(values.Zip(values.Skip(1), (a, b) => a * b).Average(), -0.01, 0.01);
    }

    [Fact]
    public void Values_depend_on_seed_and_name_alone()
    {
        float[] Draw(ulong seed, string name)
        {
            using var parameter = new Parameter(name, 3, 7);
            Initialization.Normal.Fill(parameter, 1, seed);
            return parameter.ToArray();
        }

        Assert.Equal(Draw(1, "a"), Draw(1, "a"));
        Assert.NotEqual(Draw(1, "a"), Draw(2, "a"));
        Assert.NotEqual(Draw(1, "a"), Draw(1, "b"));
    }

    [Fact]
    public void A_range_of_zero_means_the_default_and_a_negative_one_is_refused()
    {
        using BaseModel usual = ModelLoader.New<BaseModel>(Golden.TinyConfig(), seed: 3);
        using BaseModel zero = ModelLoader.New<BaseModel>(Golden.TinyConfig(""", "initializer_range": 0"""), seed: 3);
        const string Name = "pooler.dense.weight";
        Assert.Equal(usual.Parameters[Name].ToArray(), zero.Parameters[Name].ToArray());
        ModelConfig negative = Golden.TinyConfig(""", "initializer_range": -1""");
        AteneaException error = Assert.Throws<AteneaException>(() => ModelLoader.New<BaseModel>(negative, seed: 3));
        Assert.Equal(Catalogue.ConfigValueInvalid, error.Code);
    }

    [Fact]
    public void The_range_of_the_configuration_is_used()
    {
        ModelConfig narrow = Golden.TinyConfig(""", "initializer_range": 0.002""");
        using BaseModel one = ModelLoader.New<BaseModel>(Golden.TinyConfig(), seed: 3);
        using BaseModel other = ModelLoader.New<BaseModel>(narrow, seed: 3);
        float[] wide = one.Parameters["pooler.dense.weight"].ToArray();
        float[] small = other.Parameters["pooler.dense.weight"].ToArray();
        for (int i = 0; i < wide.Length; i++) Assert.Equal(wide[i] / 10, small[i], 1e-6);
    }
}
