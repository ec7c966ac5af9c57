namespace Atenea.Pipelines;

/// <summary>How a <see cref="QuestionAnsweringPipeline"/> looks for answers.</summary>
public sealed record AnswerOptions
{
    /// <summary>
    /// The most tokens of a window: question, part of the context and special tokens; the model's own limit if it is lower.
    /// </summary>
    public const int UsualWindow = 384;

    /// <summary>The most tokens that windows share when <see cref="Stride"/> is not set.</summary>
    public const int UsualStride = 128;

    /// <summary>Answers per question.</summary>
    public int Count { get; init; } = 1;

    /// <summary>
    /// Tokens that neighbouring windows of a long context share; null for what the model was trained with, or half a window, at
    /// most <see cref="UsualStride"/>.
    /// </summary>
    public int? Stride { get; init; }

    /// <summary>The most tokens of an answer.</summary>
    public int MaxAnswerLength { get; init; } = 15;

    /// <summary>Whether "there is no answer", as an empty text, may be among the answers (SQuAD 2).</summary>
    public bool HandleImpossible { get; init; }

    /// <summary>Whether an answer that begins or ends within a word is widened to it.</summary>
    public bool AlignToWords { get; init; } = true;

    /// <summary>Whether answers of equal text, upper and lower case alike, are one whose scores add up.</summary>
    public bool MergeEqual { get; init; } = true;
}
