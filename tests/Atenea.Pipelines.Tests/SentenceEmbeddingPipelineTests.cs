using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;
using Microsoft.Extensions.AI;

namespace Atenea.Pipelines.Tests;

public class SentenceEmbeddingPipelineTests
{
    // Ten times PyTorch float32's own error on these vectors, as for every tensor of the reference data.
    private const double Tolerance = 1.1e-4;

    [Fact]
    public void An_encoder_alone_gives_the_mean_of_its_tokens()
    {
        using var reference = new ReferenceModel("feature-extraction");
        using var pipeline = SentenceEmbeddingPipeline.Load(reference.Folder);
        string[] texts = [.. reference.Texts.Select(text => text.Text)];
        IReadOnlyList<float[]> vectors = pipeline.Embed(texts);
        JsonElement means = reference.Expected.GetProperty("mean"), cosines = reference.Expected.GetProperty("cosine_matrix");
        for (int i = 0; i < texts.Length; i++)
        {
            for (int h = 0; h < pipeline.Dimension; h++) Assert.Equal(means[i][h].GetDouble(), vectors[i][h], Tolerance);
            for (int j = 0; j < texts.Length; j++)
                Assert.Equal(cosines[i][j].GetDouble(), SentenceEmbeddingPipeline.Cosine(vectors[i], vectors[j]), Tolerance);
        }
    }

    [Fact]
    public void The_built_in_model_gives_unit_vectors_that_know_what_texts_mean()
    {
        using var pipeline = SentenceEmbeddingPipeline.Load(ModelLocator.EmbeddedName, new PipelineOptions { WindowTexts = 2 });
        Assert.Equal(384, pipeline.Dimension);
        string[] texts = ["A cat sits outside.", "A feline is in the garden.", "The stock market fell sharply."];
        float[][] streamed = [.. pipeline.EmbedStream(texts)];
        for (int i = 0; i < texts.Length; i++)
        {
            Assert.Equal(1, streamed[i].Sum(x => (double)x * x), 1e-6);
            Assert.Equal(pipeline.Embed(texts[i]), streamed[i]);
        }

        IReadOnlyList<double> similarities = pipeline.Similarities(texts[0], texts);
        Assert.Equal(1, similarities[0], 1e-6);
        Assert.True(similarities[1] > similarities[2] + 0.3);
        Assert.Equal(similarities[1], Assert.Single(pipeline.SimilarityStream([new TextInput(texts[0], texts[1])])).Score);
    }

    [Fact]
    public async Task An_embedding_generator_gives_the_pipelines_vectors()
    {
        using var generator = EmbeddingGenerator.Load(ModelLocator.EmbeddedName);
        var pipeline = (SentenceEmbeddingPipeline)generator.GetService(typeof(SentenceEmbeddingPipeline))!;
        GeneratedEmbeddings<Embedding<float>> result = await generator.GenerateAsync(["one", "two"],
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(pipeline.Embed("two"), result[1].Vector.ToArray());
        var metadata = (EmbeddingGeneratorMetadata)generator.GetService(typeof(EmbeddingGeneratorMetadata))!;
        Assert.Equal(384, metadata.DefaultModelDimensions);
        Assert.Null(generator.GetService(typeof(string)));

        var smaller = new EmbeddingGenerationOptions { Dimensions = 100 };
        AteneaException error = await Assert.ThrowsAsync<AteneaException>(
            () => generator.GenerateAsync(["one"], smaller, TestContext.Current.CancellationToken));
        Assert.Equal("ATN0556", error.Code.Id);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync(["one"], null, cancelled.Token));
    }
}
