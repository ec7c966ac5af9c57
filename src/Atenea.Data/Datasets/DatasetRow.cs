namespace Atenea.Data;

/// <summary>One row of a data set.</summary>
/// <param name="Data">The data set.</param>
/// <param name="Index">The row's number, from 0.</param>
public readonly record struct DatasetRow(Dataset Data, int Index)
{
    /// <summary>The cell of a column.</summary>
    /// <exception cref="Errors.AteneaException">There is no such column (ATN0205).</exception>
    public string? this[string column] => Data.Column(column)[Index];
}
