namespace Atenea.Parquet;

/// <summary>Some consecutive rows.</summary>
public sealed class ParquetBatch
{
    internal ParquetBatch(long firstRow, int rowCount, ColumnVector[] columns)
    {
        FirstRow = firstRow;
        RowCount = rowCount;
        Columns = columns;
        HasDuplicateNames = columns.DistinctBy(c => c.Field.Name).Count() < columns.Length;
    }

    /// <summary>The number of the first row within the file, from 0.</summary>
    public long FirstRow { get; }

    /// <summary>The rows.</summary>
    public int RowCount { get; }

    /// <summary>A vector for each column that was asked for, in that order, with an entry for each row.</summary>
    public IReadOnlyList<ColumnVector> Columns { get; }

    /// <summary>Whether two columns have the same name.</summary>
    public bool HasDuplicateNames { get; }
}
