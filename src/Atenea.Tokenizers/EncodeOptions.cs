namespace Atenea.Tokenizers;

/// <summary>Which sequence gives way when a text (or pair) is longer than allowed.</summary>
public enum TruncationStrategy
{
    /// <summary>Nothing is cut.</summary>
    None,

    /// <summary>The longer sequence first, until both are of one length, then both.</summary>
    LongestFirst,

    /// <summary>The first sequence only.</summary>
    OnlyFirst,

    /// <summary>The second sequence only.</summary>
    OnlySecond,
}

/// <summary>How far encodings are padded.</summary>
public enum PaddingStrategy
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>To the longest encoding of the batch.</summary>
    Longest,

    /// <summary>To <see cref="EncodeOptions.MaxLength"/>.</summary>
    MaxLength,
}

/// <summary>An end of a sequence.</summary>
public enum Side
{
    /// <summary>The end.</summary>
    Right,

    /// <summary>The beginning.</summary>
    Left,
}

/// <summary>What <see cref="Tokenizer.Encode"/> does besides tokenising. The defaults are Hugging Face's.</summary>
public sealed record EncodeOptions
{
    /// <summary>Whether the post-processor's special tokens are added.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>Most tokens of an encoding, special ones included; null for no limit.</summary>
    public int? MaxLength { get; init; }

    /// <summary>What is cut when <see cref="MaxLength"/> is exceeded.</summary>
    public TruncationStrategy Truncation { get; init; } = TruncationStrategy.LongestFirst;

    /// <summary>How many tokens an overflowing piece repeats of the piece before it.</summary>
    public int Stride { get; init; }

    /// <summary>The end that is cut.</summary>
    public Side TruncationSide { get; init; }

    /// <summary>How far encodings are padded.</summary>
    public PaddingStrategy Padding { get; init; }

    /// <summary>Padded lengths are rounded up to a multiple of this; null or 0 for no rounding.</summary>
    public int? PadToMultipleOf { get; init; }

    /// <summary>The end where padding goes.</summary>
    public Side PaddingSide { get; init; }

    /// <summary>The padding id; null for the tokenizer's own.</summary>
    public int? PadId { get; init; }

    /// <summary>The type id of padding.</summary>
    public int PadTypeId { get; init; }

    /// <summary>The default options.</summary>
    public static EncodeOptions Default { get; } = new();
}
