using Atenea.Errors;

namespace Atenea.Tensors;

/// <summary>
/// Numbers that outlive a step, in the memory of the back end that last used them: the values and the gradient of a parameter, an
/// optimizer's moments. They begin as zeros, are reached by copies alone, and move when a back end with another memory asks for them.
/// </summary>
public sealed class DeviceArray : IDisposable
{
    private const int MovedAtOnce = 1 << 16;

    private DeviceMemory? _memory; // null until memory is taken, when first asked for
    private DeviceBuffer _data;
    private bool _disposed;

    /// <summary>An array of zeros.</summary>
    /// <param name="length">Number of elements.</param>
    public DeviceArray(long length) => Length = length;

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    /// <summary>Whether memory was taken.</summary>
    internal bool IsAllocated => _memory is not null;

    private long Bytes => Math.Max(Length * DeviceBuffer.ElementBytes, NativeBlock.Alignment);

    /// <summary>Overwrites all elements.</summary>
    /// <param name="source">As many values.</param>
    /// <exception cref="AteneaException">ATN0602: another number of values.</exception>
    public void CopyFrom(ReadOnlySpan<float> source)
    {
        RequireWhole(source.Length);
        CopyFrom(0, source);
    }

    /// <summary>Overwrites elements.</summary>
    /// <param name="start">The first element to overwrite.</param>
    /// <param name="source">The new values.</param>
    /// <exception cref="AteneaException">ATN0602: more values than elements.</exception>
    public void CopyFrom(long start, ReadOnlySpan<float> source)
    {
        RequireRange(start, source.Length);
        DeviceBuffer data = On(_memory ?? HostMemory.Instance);
        _memory!.CopyIn(source, data + start);
    }

    /// <summary>Reads all elements.</summary>
    /// <param name="target">Room for as many.</param>
    /// <exception cref="AteneaException">ATN0602: room for another number.</exception>
    public void CopyTo(Span<float> target)
    {
        RequireWhole(target.Length);
        CopyTo(0, target);
    }

    /// <summary>Reads elements.</summary>
    /// <param name="start">The first element to read.</param>
    /// <param name="target">Filled whole.</param>
    /// <exception cref="AteneaException">ATN0602: fewer elements than asked for.</exception>
    public void CopyTo(long start, Span<float> target)
    {
        RequireRange(start, target.Length);
        if (_memory is null) target.Clear();
        else _memory.CopyOut(_data + start, target);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        Free();
        _disposed = true;
    }

    /// <summary>The elements in a memory, brought there if they lie in another.</summary>
    internal DeviceBuffer On(DeviceMemory memory)
    {
        if (ReferenceEquals(memory, _memory)) return _data;
        ObjectDisposedException.ThrowIf(_disposed, this);
        DeviceBuffer moved = memory.Allocate(Bytes);
        if (_memory is null) memory.Clear(moved, Bytes);
        else Move(_memory, memory, moved);
        Free();
        (_memory, _data) = (memory, moved);
        return moved;
    }

    /// <summary>Gives the memory back; the elements are zeros when next asked for.</summary>
    internal void Free()
    {
        _memory?.Free(_data, Bytes);
        (_memory, _data) = (null, DeviceBuffer.None);
    }

    private void Move(DeviceMemory from, DeviceMemory to, DeviceBuffer target)
    {
        var part = new float[(int)Math.Min(MovedAtOnce, Length)];
        for (long start = 0; start < Length; start += part.Length)
        {
            Span<float> values = part.AsSpan(0, (int)Math.Min(part.Length, Length - start));
            from.CopyOut(_data + start, values);
            to.CopyIn<float>(values, target + start);
        }
    }

    private void RequireWhole(int count)
    {
        if (count != Length) throw new AteneaException(Catalogue.ShapeMismatch, $"{count} values for {Length} elements");
    }

    private void RequireRange(long start, int count)
    {
        if (start < 0 || start + count > Length)
            throw new AteneaException(Catalogue.ShapeMismatch, $"elements {start} to {start + count} of {Length}");
    }
}
