namespace Atenea.Models;

/// <summary>
/// What a family calls the parts of a <see cref="PostNormBlock"/>, relative to the block; as BERT does where nothing else is said.
/// </summary>
internal sealed record PostNormNames
{
    /// <summary>BERT's own.</summary>
    public static PostNormNames Bert { get; } = new();

    /// <summary>The query's linear layer.</summary>
    public string Query { get; init; } = "attention.self.query";

    /// <summary>The key's linear layer.</summary>
    public string Key { get; init; } = "attention.self.key";

    /// <summary>The value's linear layer.</summary>
    public string Value { get; init; } = "attention.self.value";

    /// <summary>The linear layer over the heads' contexts.</summary>
    public string AttentionOutput { get; init; } = "attention.output.dense";

    /// <summary>The norm after attention.</summary>
    public string AttentionNorm { get; init; } = "attention.output.LayerNorm";

    /// <summary>The first layer of the feed-forward part.</summary>
    public string Intermediate { get; init; } = "intermediate.dense";

    /// <summary>The second layer of the feed-forward part.</summary>
    public string Output { get; init; } = "output.dense";

    /// <summary>The norm after the feed-forward part.</summary>
    public string OutputNorm { get; init; } = "output.LayerNorm";
}
