using System.Runtime.InteropServices;

namespace Atenea.Tensors;

/// <summary>
/// The memory of one device: takes, gives back, fills and copies. Back ends that share it can use each other's buffers. Safe to use from
/// several threads.
/// </summary>
internal abstract class DeviceMemory
{
    /// <summary>Takes memory of undefined content, aligned to 64 bytes.</summary>
    /// <exception cref="Errors.AteneaException">ATN0604: there is no such memory.</exception>
    public abstract DeviceBuffer Allocate(long bytes);

    /// <summary>Gives memory back.</summary>
    /// <param name="buffer">What <see cref="Allocate"/> gave; none is allowed.</param>
    /// <param name="bytes">What it was asked for.</param>
    public abstract void Free(DeviceBuffer buffer, long bytes);

    /// <summary>Fills with zeros.</summary>
    public abstract void Clear(DeviceBuffer buffer, long bytes);

    /// <summary>Copies from the host; when it returns, <paramref name="source"/> may change.</summary>
    public abstract void CopyIn(ReadOnlySpan<byte> source, DeviceBuffer target);

    /// <summary>Copies to the host what all work so far has written.</summary>
    public abstract void CopyOut(DeviceBuffer source, Span<byte> target);

    /// <summary>Copies numbers from the host.</summary>
    public void CopyIn<T>(ReadOnlySpan<T> source, DeviceBuffer target)
        where T : unmanaged => CopyIn(MemoryMarshal.AsBytes(source), target);

    /// <summary>Copies numbers to the host.</summary>
    public void CopyOut<T>(DeviceBuffer source, Span<T> target)
        where T : unmanaged => CopyOut(source, MemoryMarshal.AsBytes(target));
}
