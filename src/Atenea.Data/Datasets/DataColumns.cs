namespace Atenea.Data;

/// <summary>Which columns of a data set play which part.</summary>
/// <param name="Text">The text, or the first of a pair.</param>
/// <param name="TextPair">The second text of a pair; null for single texts.</param>
/// <param name="Label">The label column; several for multi-label data with a column per label, or for several numbers.</param>
public sealed record DataColumns(string Text, string? TextPair, IReadOnlyList<string> Label)
{
    /// <summary>The columns <c>text</c> and <c>label</c>.</summary>
    public static DataColumns Default { get; } = new("text", null, ["label"]);
}
