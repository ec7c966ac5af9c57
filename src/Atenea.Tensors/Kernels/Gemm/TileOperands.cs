namespace Atenea.Tensors;

/// <summary>What a tile does with what its place in C holds.</summary>
internal enum TileSum
{
    /// <summary>Overwrites it: C = A B.</summary>
    Overwrite,

    /// <summary>Starts each element's chain from it.</summary>
    Resume,

    /// <summary>Adds each element's chain to it, rounded once: C = C + A B.</summary>
    Add,
}

/// <summary>How the matrices of a product lie, in floats.</summary>
internal struct TileStrides
{
    /// <summary>A[i, k] is at a[i * ARow + k * AStep].</summary>
    public nint ARow, AStep;

    /// <summary>B[k, j] is at b[k * BStep + (j / 16) * BNext + j % 16].</summary>
    public nint BStep, BNext;

    /// <summary>C[i, j] is at c[i * CRow + j].</summary>
    public nint CRow;
}
