namespace Atenea.Training;

/// <summary>Section <c>model_options</c> of a config: overrides of the model's config.json.</summary>
public sealed record ModelOptions
{
    /// <summary>
    /// <c>single_label_classification</c>, <c>multi_label_classification</c> or <c>regression</c>; null is decided from the data.
    /// </summary>
    public string? ProblemType { get; init; }

    /// <summary>Number of outputs; null takes the number of labels (regression: 1).</summary>
    public int? NumLabels { get; init; }

    /// <summary>Dropout after every sub-layer; null keeps the model's own.</summary>
    public double? HiddenDropout { get; init; }

    /// <summary>Dropout of attention probabilities; null keeps the model's own.</summary>
    public double? AttentionDropout { get; init; }

    /// <summary>Dropout before the classifier; null keeps the model's own.</summary>
    public double? ClassifierDropout { get; init; }

    /// <summary>Start from random weights of the model's shape instead of its trained ones.</summary>
    public bool FromScratch { get; init; }
}
