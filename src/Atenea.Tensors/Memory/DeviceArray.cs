using Atenea.Errors;

namespace Atenea.Tensors;

/// <summary>
/// Numbers that outlive a step, in the memory of a back end: an optimizer's moments. They begin as zeros. They are reached by copies alone.
/// </summary>
public sealed unsafe class DeviceArray : IDisposable
{
    private float* _data; // taken when first asked for
    private bool _disposed;

    /// <summary>An array of zeros.</summary>
    public DeviceArray(long length) => Length = length;

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    internal float* Data => _data is not null ? _data : Take();

    private nuint Bytes => nuint.Max((nuint)Length * sizeof(float), NativeBlock.Alignment);

    /// <summary>Overwrites elements.</summary>
    /// <param name="start">The first element to overwrite.</param>
    /// <param name="source">The new values.</param>
    /// <exception cref="AteneaException">ATN0602: more values than elements.</exception>
    public void CopyFrom(long start, ReadOnlySpan<float> source)
    {
        RequireRange(start, source.Length);
        source.CopyTo(new Span<float>(Data + start, source.Length));
    }

    /// <summary>Reads elements.</summary>
    /// <param name="start">The first element to read.</param>
    /// <param name="target">Filled whole.</param>
    /// <exception cref="AteneaException">ATN0602: fewer elements than asked for.</exception>
    public void CopyTo(long start, Span<float> target)
    {
        RequireRange(start, target.Length);
        new ReadOnlySpan<float>(Data + start, target.Length).CopyTo(target);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        NativeBlock.Free(_data, Bytes);
        _data = null;
        _disposed = true;
    }

    private void RequireRange(long start, long count)
    {
        if (start < 0 || start + count > Length)
            throw new AteneaException(Catalogue.ShapeMismatch, $"elements {start} to {start + count} of {Length}");
    }

    private float* Take()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _data = (float*)NativeBlock.AllocateZeroed(Bytes);
    }
}
