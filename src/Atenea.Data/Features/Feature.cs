namespace Atenea.Data;

/// <summary>One sequence of tokens that was made of a row.</summary>
/// <param name="Ids">Token ids, special ones included.</param>
/// <param name="TypeIds">Segment of each token: 0 first, 1 second text of a pair.</param>
/// <param name="Marks">A number for each token whose meaning is the task's, such as its label or its word; null for none.</param>
public readonly record struct Feature(int[] Ids, int[] TypeIds, int[]? Marks = null);

/// <summary>What a row became.</summary>
/// <param name="Features">Its sequences: one, several windows of a long text, or none.</param>
/// <param name="IsTruncated">Whether some of its text is in none of them.</param>
public readonly record struct RowFeatures(IReadOnlyList<Feature> Features, bool IsTruncated);
