using Atenea.Errors;

namespace Atenea.Tensors;

/// <summary>
/// A weight of a model under its checkpoint name: float32 values, row-major. A vector [n] is seen as one row of n columns; three and more
/// dimensions as [first, product of the others]. Its numbers lie in the memory of the back end that last used it and are reached by copies.
/// </summary>
public sealed class Parameter : IDisposable
{
    private readonly int[] _shape;
    private readonly DeviceArray _values; // takes memory when first asked for, so that a model's shape can be looked at without its memory
    private readonly DeviceArray _gradient;
    private readonly PackedWeight _packed = new();

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
        _values = new DeviceArray(Length);
        _gradient = new DeviceArray(Length);
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

    /// <summary>Whether the current step has accumulated a gradient.</summary>
    public bool HasGradient { get; private set; }

    /// <summary>Counts changes of the values, so that packed copies know when they are stale.</summary>
    internal int Version { get; private set; }

    /// <summary>Overwrites all values.</summary>
    /// <param name="source">As many values.</param>
    /// <exception cref="AteneaException">ATN0602: another number of values.</exception>
    public void CopyFrom(ReadOnlySpan<float> source)
    {
        _values.CopyFrom(source);
        Version++;
    }

    /// <summary>Overwrites values.</summary>
    /// <param name="start">The first element to overwrite.</param>
    /// <param name="source">The new values.</param>
    /// <exception cref="AteneaException">ATN0602: more values than elements.</exception>
    public void CopyFrom(long start, ReadOnlySpan<float> source)
    {
        _values.CopyFrom(start, source);
        Version++;
    }

    /// <summary>Reads all values.</summary>
    /// <param name="target">Room for as many.</param>
    /// <exception cref="AteneaException">ATN0602: room for another number.</exception>
    public void CopyTo(Span<float> target) => _values.CopyTo(target);

    /// <summary>Reads values.</summary>
    /// <param name="start">The first element to read.</param>
    /// <param name="target">Filled whole.</param>
    /// <exception cref="AteneaException">ATN0602: fewer elements than asked for.</exception>
    public void CopyTo(long start, Span<float> target) => _values.CopyTo(start, target);

    /// <summary>Reads the gradient of the step so far; zeros where nothing was accumulated.</summary>
    /// <param name="target">Room for as many numbers as there are values.</param>
    /// <exception cref="AteneaException">ATN0602: room for another number.</exception>
    public void CopyGradientTo(Span<float> target)
    {
        if (!HasGradient && target.Length == Length) target.Clear();
        else _gradient.CopyTo(target);
    }

    /// <summary>A copy of the values.</summary>
    public float[] ToArray()
    {
        var values = new float[checked((int)Length)];
        CopyTo(values);
        return values;
    }

    /// <summary>A copy of the gradient; zeros where nothing was accumulated.</summary>
    public float[] GradientToArray()
    {
        var values = new float[checked((int)Length)];
        CopyGradientTo(values);
        return values;
    }

    /// <summary>Forgets the gradient of the last step; its memory stays.</summary>
    public void ZeroGradient() => HasGradient = false;

    /// <summary>Gives the gradient's memory back, for models that are only used for inference from then on.</summary>
    public void FreeGradient()
    {
        _gradient.Free();
        HasGradient = false;
    }

    /// <summary>Gives values, gradient and packed copies back.</summary>
    public void Dispose()
    {
        _values.Dispose();
        _gradient.Dispose();
        _packed.Dispose();
        HasGradient = false;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{string.Join(", ", _shape)}]";

    /// <summary>The values for a back end's kernels to read.</summary>
    internal DeviceBuffer On(Backend backend) => _values.On(backend.Memory);

    /// <summary>The values for a back end's kernels to change: packed copies are made anew when next used.</summary>
    internal DeviceBuffer ForWriting(Backend backend)
    {
        Version++;
        return _values.On(backend.Memory);
    }

    /// <summary>The values as a matrix.</summary>
    internal Matrix MatrixOn(Backend backend) => new(On(backend), Rows, Columns);

    /// <summary>The gradient of the step so far, for a back end's kernels to read. There must be one.</summary>
    internal DeviceBuffer GradientOn(Backend backend) => _gradient.On(backend.Memory);

    /// <summary>
    /// Where a backward pass writes its share of the gradient: it adds to what is there, or overwrites it when it is the step's first.
    /// From then on the parameter has a gradient.
    /// </summary>
    internal GradientShare GradientForWriting(Backend backend)
    {
        var share = new GradientShare(_gradient.On(backend.Memory), HasGradient);
        HasGradient = true;
        return share;
    }

    /// <summary>
    /// The weight packed as the right-hand matrix of products: made when first asked for, kept, and made anew when stale.
    /// </summary>
    /// <param name="backend">Whose products.</param>
    /// <param name="transposed">False for x W, true for x W^T. One of the two is kept; no weight is used both ways.</param>
    internal DeviceBuffer PackedOn(Backend backend, bool transposed) => _packed.Of(this, backend, transposed);

    internal void RequireShape(int rows, int columns)
    {
        if (Rows != rows || Columns != columns)
            throw new AteneaException(Catalogue.ShapeMismatch, $"expected [{rows}, {columns}], found [{Rows}, {Columns}]", Name);
    }
}
