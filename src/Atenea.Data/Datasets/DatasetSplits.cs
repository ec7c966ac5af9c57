namespace Atenea.Data;

/// <summary>The splits of a data set that there are.</summary>
/// <param name="Train">Training rows.</param>
/// <param name="Validation">Rows for choosing the best model.</param>
/// <param name="Test">Rows for the final figures.</param>
public sealed record DatasetSplits(Dataset? Train, Dataset? Validation, Dataset? Test);
