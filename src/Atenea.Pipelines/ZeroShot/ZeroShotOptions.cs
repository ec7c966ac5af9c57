namespace Atenea.Pipelines;

/// <summary>How a <see cref="ZeroShotClassificationPipeline"/> asks.</summary>
public sealed record ZeroShotOptions
{
    /// <summary>The hypothesis; <c>{}</c> stands for a candidate label.</summary>
    public string HypothesisTemplate { get; init; } = "This example is {}.";

    /// <summary>Whether several labels may be true: then each has a probability of its own, else they sum to 1.</summary>
    public bool MultiLabel { get; init; }
}

/// <summary>The candidate labels of a text, the likeliest first.</summary>
/// <param name="Sequence">The text.</param>
/// <param name="Labels">The candidates by falling score.</param>
/// <param name="Scores">Their probabilities, in the same order.</param>
public sealed record ZeroShotClassification(string Sequence, IReadOnlyList<string> Labels, IReadOnlyList<double> Scores);
