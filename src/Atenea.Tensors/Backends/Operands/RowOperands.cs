using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>A table and which of its rows are wanted.</summary>
internal struct RowSource
{
    /// <summary>[table rows, columns].</summary>
    public DeviceBuffer Table;

    /// <summary>[rows], every one a row of the table.</summary>
    public DeviceBuffer Ids;
}

/// <summary>The tables of one lookup.</summary>
[InlineArray(RowGather.MostTables)]
internal struct RowSources
{
    private RowSource _first;
}

/// <summary>y[r] = sum over the sources of table[ids[r]], in their order; y [rows, columns].</summary>
internal struct RowGather
{
    /// <summary>The most tables that one lookup adds up.</summary>
    public const int MostTables = 4;

    public int Rows;
    public int Columns;
    public int Count;
    public RowSources Sources;
    public DeviceBuffer Output;
}

/// <summary>dtable[ids[r]] (+)= dy[r] for r in order, but for rows of the id that is skipped; dy [rows, columns].</summary>
internal struct RowScatter
{
    public int Rows;
    public int Columns;
    public DeviceBuffer OutputGradient;
    public DeviceBuffer Ids; // [rows]
    public int SkippedId; // -1: none
    public int TableRows;
    public GradientShare Table; // [table rows, columns]
}

/// <summary>sum[c] (+)= sum over r of x[r, c].</summary>
internal struct ColumnSums
{
    public Matrix X; // [rows, columns], columns side by side
    public GradientShare Sum; // [columns]
}

/// <summary>What a pooling takes from a sequence's rows.</summary>
internal enum PoolingKind
{
    /// <summary>The mean.</summary>
    Mean,

    /// <summary>The sum over the square root of the number of rows.</summary>
    SumOverRoot,

    /// <summary>The mean with weights 1, 2, 3 and so on: later rows count more.</summary>
    RampMean,

    /// <summary>The largest, the first one among equals.</summary>
    Maximum,
}

/// <summary>One row from each sequence's rows, column by column; zeros from an empty sequence.</summary>
internal struct PoolingForward
{
    public PoolingKind Kind;
    public int Sequences;
    public int Columns;
    public DeviceBuffer Offsets; // [sequences + 1]
    public DeviceBuffer X; // [tokens, columns]
    public DeviceBuffer Y; // [sequences, columns]
    public DeviceBuffer Chosen; // [sequences, columns]: the row of each maximum; none where no backward pass follows
}

/// <summary>
/// Means and sums: dx (+)= dy times the row's weight, over the divisor. Maximum: the row that gave it gets dy, the others nothing.
/// </summary>
internal struct PoolingBackward
{
    public PoolingKind Kind;
    public int Sequences;
    public int Columns;
    public DeviceBuffer Offsets; // [sequences + 1]
    public DeviceBuffer Chosen; // [sequences, columns]; maximum only
    public DeviceBuffer OutputGradient; // [sequences, columns]
    public GradientShare InputGradient; // [tokens, columns]
}

/// <summary>
/// y[i, c * k + t] = x[i + t - (k - 1) / 2, c], zero beyond the ends of row i's sequence; the backward pass goes the other way.
/// </summary>
internal struct Unfolding
{
    public int Rows;
    public int Columns;
    public int Kernel; // k, odd
    public int Sequences;
    public DeviceBuffer Offsets; // [sequences + 1]
    public DeviceBuffer Narrow; // x [rows, columns] to read, or dx to write
    public DeviceBuffer Wide; // y [rows, columns * k] to write, or dy to read
    public bool Accumulate; // backward: add to dx
}
