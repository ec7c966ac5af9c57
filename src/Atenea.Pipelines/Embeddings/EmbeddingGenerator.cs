using Atenea.Errors;
using Microsoft.Extensions.AI;

namespace Atenea.Pipelines;

/// <summary>
/// A sentence encoder as the embedding generator of Microsoft.Extensions.AI, for vector stores, retrieval and all that takes one. It owns
/// nothing beyond the process: no service, no key.
/// </summary>
/// <example><code>
/// using IEmbeddingGenerator&lt;string, Embedding&lt;float&gt;&gt; generator = EmbeddingGenerator.Load("all-MiniLM-L6-v2");
/// ReadOnlyMemory&lt;float&gt; vector = await generator.GenerateVectorAsync("A cat sits outside.");
/// </code></example>
public sealed class EmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string ProviderName = "atenea";

    private readonly SentenceEmbeddingPipeline _pipeline;
    private readonly EmbeddingGeneratorMetadata _metadata;

    /// <summary>Wraps a pipeline, which becomes the generator's own.</summary>
    public EmbeddingGenerator(SentenceEmbeddingPipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        _pipeline = pipeline;
        _metadata = new EmbeddingGeneratorMetadata(ProviderName, providerUri: null, pipeline.Name, pipeline.Dimension);
    }

    /// <summary>Loads a model of sentence-transformers, or an encoder.</summary>
    /// <inheritdoc cref="SentenceEmbeddingPipeline.Load"/>
    public static EmbeddingGenerator Load(string model, PipelineOptions? options = null) =>
        new(SentenceEmbeddingPipeline.Load(model, options));

    /// <summary>The vectors of texts, in their order; computed on a thread of the pool, not on the caller's.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="options">A number of dimensions or a model id, if any, must be this model's own.</param>
    /// <param name="cancellationToken">Stops between texts that are waiting and the computation.</param>
    /// <exception cref="AteneaException">Another number of dimensions than the model has, or another model, is asked for
    /// (ATN0556).</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } dimensions && dimensions != _pipeline.Dimension)
        {
            throw new AteneaException(Catalogue.EmbeddingUnavailable,
                $"vectors of {dimensions} elements from '{_pipeline.Name}', which gives {_pipeline.Dimension}");
        }

        if (options?.ModelId is { } model && model != _pipeline.Name)
            throw new AteneaException(Catalogue.EmbeddingUnavailable, $"vectors of '{model}' from '{_pipeline.Name}'");
        return Task.Run(
            () =>
            {
                string[] texts = [.. values];
                cancellationToken.ThrowIfCancellationRequested();
                DateTimeOffset now = DateTimeOffset.UtcNow;
                var result = new GeneratedEmbeddings<Embedding<float>>(texts.Length);
                foreach (float[] vector in _pipeline.EmbedStream(texts))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    result.Add(new Embedding<float>(vector) { CreatedAt = now, ModelId = _pipeline.Name });
                }

                return result;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_pipeline) ? _pipeline
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _pipeline.Dispose();
}
