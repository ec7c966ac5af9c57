using System.Text.Json;

namespace Atenea.Pipelines.Tests;

public class FeatureExtractionPipelineTests
{
    // Ten times PyTorch float32's own error (1.08e-5) on these vectors, as for every tensor of the reference data.
    private const double Tolerance = 1.1e-4;

    [Fact]
    public void Vectors_of_tokens_are_those_of_transformers()
    {
        using var reference = new ReferenceModel("feature-extraction");
        using var pipeline = FeatureExtractionPipeline.Load(reference.Folder, new PipelineOptions { BatchTokens = 30 });
        IReadOnlyList<TokenFeatures> answers = pipeline.Extract(reference.Texts);
        JsonElement expected = reference.Expected.GetProperty("pipeline_output_single");
        Assert.Equal(expected.GetArrayLength(), answers.Count);
        for (int i = 0; i < answers.Count; i++)
        {
            JsonElement tokens = expected[i][0];
            Assert.Equal(tokens.GetArrayLength(), answers[i].Values.Count);
            Assert.Equal("[CLS]", answers[i].Tokens[0]);
            for (int t = 0; t < answers[i].Values.Count; t++)
            {
                for (int h = 0; h < answers[i].Values[t].Length; h++)
                    Assert.Equal(tokens[t][h].GetDouble(), answers[i].Values[t][h], Tolerance);
            }
        }
    }

    [Fact]
    public void A_stream_gives_the_bits_of_single_texts()
    {
        using var reference = new ReferenceModel("feature-extraction");
        using var pipeline = FeatureExtractionPipeline.Load(reference.Folder, new PipelineOptions { WindowTexts = 2 });
        TokenFeatures[] streamed = [.. pipeline.ExtractStream(reference.Texts)];
        for (int i = 0; i < streamed.Length; i++) Assert.Equal(pipeline.Extract(reference.Texts[i]).Values, streamed[i].Values);
    }
}
