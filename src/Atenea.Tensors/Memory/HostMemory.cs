namespace Atenea.Tensors;

/// <summary>The host's own memory, which all back ends of the processor share.</summary>
internal sealed unsafe class HostMemory : DeviceMemory
{
    private HostMemory()
    {
    }

    /// <summary>The only one there is.</summary>
    public static HostMemory Instance { get; } = new();

    /// <inheritdoc/>
    public override DeviceBuffer Allocate(long bytes) => new((nint)NativeBlock.Allocate((nuint)bytes));

    /// <inheritdoc/>
    public override void Free(DeviceBuffer buffer, long bytes) => NativeBlock.Free((void*)buffer.Address, (nuint)bytes);

    /// <inheritdoc/>
    public override void Clear(DeviceBuffer buffer, long bytes) =>
        System.Runtime.InteropServices.NativeMemory.Clear((void*)buffer.Address, (nuint)bytes);

    /// <inheritdoc/>
    public override void CopyIn(ReadOnlySpan<byte> source, DeviceBuffer target) =>
        source.CopyTo(new Span<byte>((void*)target.Address, source.Length));

    /// <inheritdoc/>
    public override void CopyOut(DeviceBuffer source, Span<byte> target) =>
        new ReadOnlySpan<byte>((void*)source.Address, target.Length).CopyTo(target);
}
