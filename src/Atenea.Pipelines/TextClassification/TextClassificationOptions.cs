namespace Atenea.Pipelines;

/// <summary>
/// How a <see cref="TextClassificationPipeline"/> works. Texts longer than <see cref="PipelineOptions.MaxLength"/> are cut at their end.
/// </summary>
public sealed record TextClassificationOptions : PipelineOptions
{
    /// <summary>The defaults.</summary>
    public TextClassificationOptions()
    {
    }

    /// <summary>The defaults, with the length, threads and windows of other options.</summary>
    public TextClassificationOptions(PipelineOptions options)
        : base(options)
    {
    }

    /// <summary>What turns outputs into scores; null for what the model's config.json calls for.</summary>
    public ScoreFunction? Function { get; init; }

    /// <summary>What outputs are divided by before they become probabilities; null for the model's own, else 1.</summary>
    public double? Temperature { get; init; }

    /// <summary>Probability above which a class of several holds; null for the model's own, else one half.</summary>
    public double? Threshold { get; init; }

    /// <summary>The best classes that the JSON of an answer lists; null for all of them with their probabilities.</summary>
    public int? TopK { get; init; }
}
