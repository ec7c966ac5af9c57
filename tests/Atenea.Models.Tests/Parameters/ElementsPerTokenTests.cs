using Atenea.Hub;

namespace Atenea.Models.Tests;

public sealed class ElementsPerTokenTests
{
    [Fact]
    public void Tables_are_looked_up_and_not_multiplied_with()
    {
        using SequenceClassifier bert = New<SequenceClassifier>("bert");
        Assert.Equal(bert.Parameters.Elements - Elements(bert, "embeddings.weight"), bert.Parameters.ElementsPerToken);
        using SequenceClassifier gpt2 = New<SequenceClassifier>("gpt2");
        long tables = Elements(gpt2, "wte.weight") + Elements(gpt2, "wpe.weight");
        Assert.Equal(gpt2.Parameters.Elements - tables, gpt2.Parameters.ElementsPerToken);
        using SequenceClassifier qwen = New<SequenceClassifier>("qwen2");
        Assert.Equal(qwen.Parameters.Elements - Elements(qwen, "embed_tokens.weight"), qwen.Parameters.ElementsPerToken);
    }

    [Fact]
    public void A_table_that_a_decoder_is_tied_to_counts_as_the_decoder_s_matrix()
    {
        using CausalLanguageModel tied = New<CausalLanguageModel>("gpt2");
        Assert.Equal(tied.Parameters.Elements - Elements(tied, "wpe.weight"), tied.Parameters.ElementsPerToken);
        using CausalLanguageModel untied = New<CausalLanguageModel>("qwen2");
        Assert.Equal(untied.Parameters.Elements - Elements(untied, "embed_tokens.weight"), untied.Parameters.ElementsPerToken);
    }

    [Fact]
    public void Shared_blocks_count_as_often_as_they_run()
    {
        using BaseModel once = ModelLoader.New<BaseModel>(Layers(1), seed: 1);
        using BaseModel twelve = ModelLoader.New<BaseModel>(Layers(12), seed: 1);
        Assert.Equal(once.Parameters.Elements, twelve.Parameters.Elements);
        long block = Elements(once, "", "albert_layers.");
        Assert.Equal(once.Parameters.ElementsPerToken + (11 * block), twelve.Parameters.ElementsPerToken);

        static ModelConfig Layers(int count)
        {
            ModelConfig config = Golden.FamilyConfig("albert");
            config.Set("num_hidden_layers", count);
            return config;
        }
    }

    private static T New<T>(string family)
        where T : Model => ModelLoader.New<T>(Golden.FamilyConfig(family), seed: 1);

    private static long Elements(Model model, string ending, string containing = "") => model.Parameters
        .Where(p => p.Name.EndsWith(ending, StringComparison.Ordinal) && p.Name.Contains(containing, StringComparison.Ordinal))
        .Sum(p => p.Length);
}
