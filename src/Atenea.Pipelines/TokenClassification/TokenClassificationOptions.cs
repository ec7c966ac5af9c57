namespace Atenea.Pipelines;

/// <summary>How a <see cref="TokenClassificationPipeline"/> works.</summary>
public sealed record TokenClassificationOptions : PipelineOptions
{
    /// <summary>The defaults.</summary>
    public TokenClassificationOptions()
    {
    }

    /// <summary>The defaults, with the length, threads and windows of other options.</summary>
    public TokenClassificationOptions(PipelineOptions options)
        : base(options)
    {
    }

    /// <summary>How tokens become words and entities.</summary>
    public AggregationStrategy Aggregation { get; init; } = AggregationStrategy.Simple;

    /// <summary>
    /// Tokens that neighbouring windows of a long text share: all of it is read in windows, and of answers that overlap the longest, then
    /// the most certain one stays. Null for what the model was trained with; where that is nothing, a text is cut at
    /// <see cref="PipelineOptions.MaxLength"/>.
    /// </summary>
    public int? Stride { get; init; }

    /// <summary>Labels, or types of groups, that are left out of the answers.</summary>
    public IReadOnlyList<string> IgnoreLabels { get; init; } = ["O"];
}
