namespace Atenea.Tensors;

/// <summary>
/// A matrix on a <see cref="Tape"/>: float32, row-major, contiguous, [rows, columns]. A handle: it is valid until the tape begins its next
/// step, is released, or is disposed. Activations of a batch are [tokens, features], all sequences one after another, without padding.
/// </summary>
public readonly unsafe struct Tensor
{
    internal Tensor(float* data, int rows, int columns, int slot)
    {
        Data = data;
        Rows = rows;
        Columns = columns;
        Slot = slot;
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns, which is also the distance between rows in floats.</summary>
    public int Columns { get; }

    /// <summary>Number of elements.</summary>
    public long Length => (long)Rows * Columns;

    /// <summary>True for the default value: no tensor at all.</summary>
    public bool IsEmpty => Data is null;

    /// <summary>The elements, for reading results and writing inputs.</summary>
    /// <exception cref="OverflowException">More than 2^31 - 1 elements.</exception>
    public Span<float> Span => new(Data, checked((int)Length));

    /// <summary>Reads the elements.</summary>
    /// <param name="target">Room for exactly <see cref="Length"/> of them.</param>
    public void CopyTo(Span<float> target)
    {
        if (target.Length != Length) throw new ArgumentException($"room for {target.Length} elements of [{Rows}, {Columns}]", nameof(target));
        Span.CopyTo(target);
    }

    /// <summary>A copy of the elements.</summary>
    public float[] ToArray() => Span.ToArray();

    /// <summary>A copy of the elements with its shape.</summary>
    public TensorValues Read() => new(ToArray(), Rows, Columns);

    /// <summary>The first element.</summary>
    internal float* Data { get; }

    /// <summary>Index of the gradient in the tape, or -1 for a tensor that needs none.</summary>
    internal int Slot { get; }

    /// <summary>The same elements as a matrix of another shape; the gradient is shared, too.</summary>
    /// <exception cref="ArgumentException">Another number of elements.</exception>
    public Tensor Reshape(int rows, int columns) => (long)rows * columns == Length
        ? new Tensor(Data, rows, columns, Slot)
        : throw new ArgumentException($"[{Rows}, {Columns}] has another number of elements than [{rows}, {columns}]", nameof(rows));

    /// <summary>One row.</summary>
    /// <param name="row">In [0, <see cref="Rows"/>).</param>
    public Span<float> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows);
        return new(Data + ((long)row * Columns), Columns);
    }
}
