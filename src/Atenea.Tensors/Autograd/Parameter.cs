using Atenea.Errors;

namespace Atenea.Tensors;

/// <summary>
/// A weight of a model under its checkpoint name: float32 values in native memory, row-major. A vector [n] is seen as one row of n columns;
/// three and more dimensions as [first, product of the others].
/// </summary>
public sealed unsafe class Parameter : IDisposable
{
    private readonly int[] _shape;
    private float* _data; // taken when first asked for, so that a model's shape can be looked at without its memory
    private float* _gradient;
    private bool _disposed;
    private PackedMatrix? _packed;
    private int _packedVersion;
    private bool _packedTransposed;

    /// <summary>Creates a parameter of zeros.</summary>
    /// <param name="name">Name in the checkpoint, for example <c>bert.pooler.dense.weight</c>.</param>
    /// <param name="shape">Shape in the checkpoint.</param>
    public Parameter(string name, params ReadOnlySpan<int> shape)
    {
        Name = name;
        _shape = shape.ToArray();
        Length = 1;
        foreach (int size in shape) Length = checked(Length * size);
        Rows = shape.Length >= 2 ? shape[0] : 1;
        Columns = shape.Length switch { 0 => 1, 1 => shape[0], _ => Rows == 0 ? 0 : checked((int)(Length / Rows)) };
    }

    /// <summary>Name in the checkpoint.</summary>
    public string Name { get; }

    /// <summary>Shape in the checkpoint.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>Rows of the matrix view.</summary>
    public int Rows { get; }

    /// <summary>Columns of the matrix view.</summary>
    public int Columns { get; }

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    /// <summary>Whether a backward pass computes a gradient for it and an optimizer changes it.</summary>
    public bool RequiresGradient { get; set; } = true;

    /// <summary>The values. After writing through it, call <see cref="MarkChanged"/>.</summary>
    public Span<float> Values => new(Data, checked((int)Length));

    /// <summary>The gradient of the step so far; zeros where nothing was accumulated, empty when no backward pass ever ran.</summary>
    public Span<float> GradientValues
    {
        get
        {
            if (_gradient is null) return default;
            if (!HasGradient) new Span<float>(_gradient, checked((int)Length)).Clear();
            return new(_gradient, checked((int)Length));
        }
    }

    /// <summary>Whether the current step has accumulated a gradient.</summary>
    public bool HasGradient { get; private set; }

    /// <summary>Counts changes of the values, so that packed copies know when they are stale.</summary>
    public int Version { get; private set; }

    /// <summary>First element, 64-byte aligned; for readers and writers of files and for optimizers.</summary>
    public float* Data => _data is not null ? _data : TakeData();

    /// <summary>First element of the gradient, or null.</summary>
    public float* Gradient => _gradient;

    private nuint Bytes => nuint.Max((nuint)Length * sizeof(float), NativeBlock.Alignment);

    /// <summary>Overwrites values; packed copies are made anew when next used.</summary>
    /// <param name="start">The first element to overwrite.</param>
    /// <param name="source">The new values.</param>
    /// <exception cref="AteneaException">ATN0602: more values than elements.</exception>
    public void CopyFrom(long start, ReadOnlySpan<float> source)
    {
        RequireRange(start, source.Length);
        source.CopyTo(new Span<float>(Data + start, source.Length));
        Version++;
    }

    /// <summary>Reads values.</summary>
    /// <param name="start">The first element to read.</param>
    /// <param name="target">Filled whole.</param>
    /// <exception cref="AteneaException">ATN0602: fewer elements than asked for.</exception>
    public void CopyTo(long start, Span<float> target)
    {
        RequireRange(start, target.Length);
        new ReadOnlySpan<float>(Data + start, target.Length).CopyTo(target);
    }

    /// <summary>Reads the gradient of the step so far; zeros where nothing was accumulated.</summary>
    /// <param name="start">The first element to read.</param>
    /// <param name="target">Filled whole.</param>
    /// <exception cref="AteneaException">ATN0602: fewer elements than asked for.</exception>
    public void CopyGradientTo(long start, Span<float> target)
    {
        RequireRange(start, target.Length);
        if (!HasGradient) target.Clear();
        else new ReadOnlySpan<float>(_gradient + start, target.Length).CopyTo(target);
    }

    /// <summary>A copy of the values.</summary>
    public float[] ToArray()
    {
        var values = new float[checked((int)Length)];
        CopyTo(0, values);
        return values;
    }

    /// <summary>A copy of the gradient; zeros where nothing was accumulated.</summary>
    public float[] GradientToArray()
    {
        var values = new float[checked((int)Length)];
        CopyGradientTo(0, values);
        return values;
    }

    /// <summary>Says that <see cref="Values"/> changed: packed copies are made anew when next used.</summary>
    public void MarkChanged() => Version++;

    /// <summary>Forgets the gradient of the last step; its memory stays.</summary>
    public void ZeroGradient() => HasGradient = false;

    /// <summary>Gives the gradient's memory back, for models that are only used for inference from now on.</summary>
    public void FreeGradient()
    {
        NativeBlock.Free(_gradient, Bytes);
        _gradient = null;
        HasGradient = false;
    }

    /// <summary>Gives values, gradient and packed copies back.</summary>
    public void Dispose()
    {
        FreeGradient();
        FreePacked();
        NativeBlock.Free(_data, Bytes);
        _data = null;
        _disposed = true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{string.Join(", ", _shape)}]";

    private float* TakeData()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _data = (float*)NativeBlock.AllocateZeroed(Bytes);
    }

    /// <summary>Gives the packed copy back.</summary>
    private void FreePacked()
    {
        _packed?.Dispose();
        _packed = null;
    }

    /// <summary>
    /// The gradient's memory, for a backward pass that is about to write into it. <paramref name="accumulate"/> tells whether to add to
    /// what is there (true) or to overwrite it (false); from then on the parameter has a gradient.
    /// </summary>
    internal float* GradientForWriting(out bool accumulate)
    {
        if (_gradient is null) _gradient = (float*)NativeBlock.Allocate(Bytes);
        accumulate = HasGradient;
        HasGradient = true;
        return _gradient;
    }

    /// <summary>
    /// The weight packed for x W^T, or for x W where it is stored <paramref name="transposed"/>: made when first asked for, kept, and made
    /// anew when the values changed. One of the two is kept at a time; no weight is used both ways.
    /// </summary>
    internal PackedMatrix PackedForForward(WorkerTeam team, bool transposed = false)
    {
        if (_packed is not null && (_packed.InstructionSet != Isa.Current || _packedTransposed != transposed)) FreePacked();
        if (_packed is null)
        {
            _packed = PackedMatrix.FromWeight(team, this, transposed);
            _packedTransposed = transposed;
            _packedVersion = Version;
        }
        else if (_packedVersion != Version)
        {
            _packed.Refresh(team, this, transposed);
            _packedVersion = Version;
        }

        return _packed;
    }

    private void RequireRange(long start, long count)
    {
        if (start < 0 || start + count > Length)
            throw new AteneaException(Catalogue.ShapeMismatch, $"elements {start} to {start + count} of {Length}", Name);
    }

    internal void RequireShape(int rows, int columns)
    {
        if (Rows != rows || Columns != columns)
            throw new AteneaException(Catalogue.ShapeMismatch, $"expected [{rows}, {columns}], found [{Rows}, {Columns}]", Name);
    }
}
