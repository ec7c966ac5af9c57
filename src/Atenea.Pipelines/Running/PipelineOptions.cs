using Atenea.Data;

namespace Atenea.Pipelines;

/// <summary>How a pipeline works. None of these but the first changes an answer.</summary>
public record PipelineOptions
{
    /// <summary>
    /// Longest sequence in tokens, special tokens included; null for what the model was trained with, or for what it and its tokenizer
    /// allow.
    /// </summary>
    public int? MaxLength { get; init; }

    /// <summary>Threads to compute on; 0 for one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>Tokens of a batch.</summary>
    public int BatchTokens { get; init; } = TokenBudget.Usual;

    /// <summary>Texts that are held at a time when streaming; they are sorted by length before they are put into batches.</summary>
    public int WindowTexts { get; init; } = 2048;

    /// <summary>Characters that are held at a time when streaming, whatever the number of texts.</summary>
    public int WindowCharacters { get; init; } = 1 << 23;
}
