namespace Atenea.Tokenizers;

/// <summary>How a vocabulary is learnt. Names and defaults are Hugging Face's.</summary>
public sealed record TokenizerTrainingOptions
{
    /// <summary>
    /// Tokens of the finished vocabulary, special ones included; null for the model's default (8000 for Unigram, else 30000).
    /// </summary>
    public int? VocabularySize { get; init; }

    /// <summary>Pairs (BPE, WordPiece) or words (WordLevel) seen less often are not taken.</summary>
    public int MinFrequency { get; init; }

    /// <summary>Special tokens; they get the first ids, in this order.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [];

    /// <summary>Most single characters to keep, the rarest going first; null for all.</summary>
    public int? LimitAlphabet { get; init; }

    /// <summary>Characters to keep even if the text lacks them.</summary>
    public IReadOnlyList<string> InitialAlphabet { get; init; } = [];

    /// <summary>
    /// What marks a piece that goes on with a word; null for the model's default (<c>##</c> for WordPiece, else nothing).
    /// </summary>
    public string? ContinuingPrefix { get; init; }

    /// <summary>What marks a piece that ends a word; null for nothing.</summary>
    public string? EndOfWordSuffix { get; init; }

    /// <summary>Pairs whose lengths sum to this or more are not formed; null for no limit.</summary>
    public int? MaxTokenLength { get; init; }

    /// <summary>Unigram: the unknown token; added as the first token if it is not among the special ones.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>Unigram: longest piece in characters.</summary>
    public int MaxPieceLength { get; init; } = 16;

    /// <summary>Unigram: rounds of expectation and maximisation between prunings.</summary>
    public int SubIterations { get; init; } = 2;

    /// <summary>Unigram: what part of the pieces a pruning keeps.</summary>
    public double ShrinkingFactor { get; init; } = 0.75;

    /// <summary>Unigram: most pieces to begin with.</summary>
    public int SeedSize { get; init; } = 1_000_000;
}
