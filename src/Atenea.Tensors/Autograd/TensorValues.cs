namespace Atenea.Tensors;

/// <summary>The numbers of a tensor, copied out of the back end's memory: row-major, [rows, columns].</summary>
public sealed class TensorValues
{
    private readonly float[] _values;

    internal TensorValues(float[] values, int rows, int columns)
    {
        _values = values;
        Rows = rows;
        Columns = columns;
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>All elements, row after row.</summary>
    public ReadOnlySpan<float> All => _values;

    /// <summary>One row.</summary>
    /// <param name="row">In [0, <see cref="Rows"/>).</param>
    public ReadOnlySpan<float> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows);
        return _values.AsSpan(row * Columns, Columns);
    }
}
