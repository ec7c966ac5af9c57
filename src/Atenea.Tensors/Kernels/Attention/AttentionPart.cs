namespace Atenea.Tensors;

/// <summary>Where the queries, the keys or the values of an attention lie: rows of a matrix, and in each the heads' columns.</summary>
internal unsafe struct AttentionPart
{
    /// <summary>First column of the first head in the first row.</summary>
    public float* Data;

    /// <summary>The same place in the gradient; null where none is wanted, and in the forward pass.</summary>
    public float* Gradient;

    /// <summary>Floats from one row to the next, and from one head to the next.</summary>
    public nint Row, Head;

    /// <summary>Whether to add to the gradient or to overwrite it.</summary>
    public bool Accumulate;

    /// <summary>A part of a matrix.</summary>
    /// <param name="tensor">[rows, columns].</param>
    /// <param name="column">First column of the first head.</param>
    /// <param name="head">Columns from one head to the next.</param>
    public AttentionPart(Tensor tensor, int column, int head)
    {
        Data = tensor.Data + column;
        Row = tensor.Columns;
        Head = head;
    }

    /// <summary>A head's columns in a row.</summary>
    public readonly float* At(nint row, int head) => Data + (row * Row) + (head * Head);

    /// <summary>A head's columns in a row of the gradient; null where none is wanted.</summary>
    public readonly float* GradientAt(nint row, int head) => Gradient is null ? null : Gradient + (row * Row) + (head * Head);
}
