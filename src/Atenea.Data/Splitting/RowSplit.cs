namespace Atenea.Data;

/// <summary>Row numbers of two parts of a data set, each in the order in which its rows stand in the part.</summary>
/// <param name="Train">Rows to learn from.</param>
/// <param name="Test">Rows to test on.</param>
internal sealed record RowSplit(int[] Train, int[] Test);
