namespace Atenea.Pipelines;

/// <summary>How a <see cref="ZeroShotClassificationPipeline"/> asks.</summary>
public sealed record ZeroShotOptions
{
    /// <summary>The hypothesis; <c>{}</c> stands for a candidate label.</summary>
    public string HypothesisTemplate { get; init; } = "This example is {}.";

    /// <summary>Whether several labels may be true: then each has a probability of its own, else they sum to 1.</summary>
    public bool MultiLabel { get; init; }
}
