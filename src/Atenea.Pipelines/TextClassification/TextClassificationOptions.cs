namespace Atenea.Pipelines;

/// <summary>
/// How a <see cref="TextClassificationPipeline"/> works. Texts longer than <see cref="PipelineOptions.MaxLength"/> are cut at their end.
/// </summary>
public sealed record TextClassificationOptions : PipelineOptions
{
    /// <summary>What turns outputs into scores; null for what the model's config.json calls for.</summary>
    public ScoreFunction? Function { get; init; }
}
