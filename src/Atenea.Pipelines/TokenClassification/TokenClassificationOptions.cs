namespace Atenea.Pipelines;

/// <summary>How a <see cref="TokenClassificationPipeline"/> works.</summary>
public sealed record TokenClassificationOptions : PipelineOptions
{
    /// <summary>How tokens become words and entities.</summary>
    public AggregationStrategy Aggregation { get; init; } = AggregationStrategy.Simple;

    /// <summary>
    /// Tokens that neighbouring windows of a long text share. With null a text is cut at <see cref="PipelineOptions.MaxLength"/>; with a
    /// number all of it is read in windows, and of answers that overlap the longest, then the most certain one stays.
    /// </summary>
    public int? Stride { get; init; }

    /// <summary>Labels, or types of groups, that are left out of the answers.</summary>
    public IReadOnlyList<string> IgnoreLabels { get; init; } = ["O"];
}
