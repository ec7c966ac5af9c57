namespace Atenea.Tensors;

/// <summary>A matrix in a back end's memory: element (i, j) is Data[i * RowStride + j * ColumnStride].</summary>
/// <param name="Data">Element (0, 0).</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Number of columns.</param>
/// <param name="RowStride">Elements from one row to the next.</param>
/// <param name="ColumnStride">Elements from one column to the next.</param>
internal readonly record struct Matrix(DeviceBuffer Data, int Rows, int Columns, long RowStride, long ColumnStride)
{
    /// <summary>A contiguous matrix, row after row.</summary>
    public Matrix(DeviceBuffer data, int rows, int columns)
        : this(data, rows, columns, columns, 1)
    {
    }

    /// <summary>The transpose: the same memory, seen the other way.</summary>
    public Matrix Transposed => new(Data, Columns, Rows, ColumnStride, RowStride);

    /// <summary>Some of the columns.</summary>
    public Matrix ColumnsFrom(int first, int count) => this with { Data = Data + (first * ColumnStride), Columns = count };
}
