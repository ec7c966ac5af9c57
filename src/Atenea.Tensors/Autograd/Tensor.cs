using Atenea.Errors;

namespace Atenea.Tensors;

/// <summary>
/// A matrix on a <see cref="Tape"/>: float32, row-major, contiguous, [rows, columns], in the memory of the tape's back end. A handle: it is
/// valid until the tape begins its next step, is released, or is disposed, and whoever uses it later is refused (ATN0605). Activations of a
/// batch are [tokens, features], all sequences one after another, without padding.
/// </summary>
public readonly struct Tensor
{
    private readonly Tape? _tape;
    private readonly DeviceBuffer _data;
    private readonly int _generation; // the tape's step that it belongs to

    internal Tensor(Tape tape, DeviceBuffer data, int rows, int columns, int number, bool differentiable, int generation)
    {
        _tape = tape;
        _data = data;
        _generation = generation;
        Rows = rows;
        Columns = columns;
        Number = number;
        IsDifferentiable = differentiable;
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns, which is also the distance between rows in elements.</summary>
    public int Columns { get; }

    /// <summary>Number of elements.</summary>
    public long Length => (long)Rows * Columns;

    /// <summary>True for the default value: no tensor at all.</summary>
    public bool IsEmpty => _tape is null;

    /// <summary>The elements, for the back end's kernels.</summary>
    /// <exception cref="AteneaException">ATN0605: its step is over, or it was released.</exception>
    internal DeviceBuffer Data
    {
        get
        {
            if (_tape is not null && !_tape.IsAlive(Number, _generation)) throw Dead();
            return _data;
        }
    }

    /// <summary>Number of the tensor within its step.</summary>
    internal int Number { get; }

    /// <summary>Whether anything wants its gradient.</summary>
    internal bool IsDifferentiable { get; }

    /// <summary>Reads the elements.</summary>
    /// <param name="target">Room for exactly <see cref="Length"/> of them.</param>
    /// <exception cref="AteneaException">ATN0605: its step is over, or it was released. ATN0602: room for another number.</exception>
    public void CopyTo(Span<float> target)
    {
        if (target.Length != Length)
            throw new AteneaException(Catalogue.ShapeMismatch, $"room for {target.Length} elements of [{Rows}, {Columns}]");
        _tape?.Backend.Memory.CopyOut(Data, target);
    }

    /// <summary>A copy of the elements.</summary>
    /// <exception cref="AteneaException">ATN0605: its step is over, or it was released.</exception>
    public float[] ToArray()
    {
        float[] values = GC.AllocateUninitializedArray<float>(checked((int)Length));
        CopyTo(values);
        return values;
    }

    /// <summary>A copy of the elements with their shape.</summary>
    /// <exception cref="AteneaException">ATN0605: its step is over, or it was released.</exception>
    public TensorValues Read() => new(ToArray(), Rows, Columns);

    /// <summary>The same elements as a matrix of another shape; the gradient is shared, too.</summary>
    /// <exception cref="ArgumentException">Another number of elements.</exception>
    public Tensor Reshape(int rows, int columns) => (long)rows * columns == Length
        ? new Tensor(_tape!, Data, rows, columns, Number, IsDifferentiable, _generation)
        : throw new ArgumentException($"[{Rows}, {Columns}] has another number of elements than [{rows}, {columns}]", nameof(rows));

    /// <summary>The elements as a matrix.</summary>
    internal Matrix Matrix => new(Data, Rows, Columns);

    private AteneaException Dead() =>
        new(Catalogue.TensorOver,
            $"[{Rows}, {Columns}], the {Number + 1}. of its step, which is "
                + $"{(_generation == _tape!.Generation ? "on: it was released" : "over")}");
}
