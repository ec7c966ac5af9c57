namespace Atenea.Tensors.Reference;

/// <summary>
/// A device of its own on the host: its addresses are shifted to where no memory can be, so that whoever follows one without being this
/// device's kernel ends the process instead of reading by chance what he should not see.
/// </summary>
internal sealed unsafe class ReferenceMemory : DeviceMemory
{
    private static readonly nint Shift = unchecked((nint)(1L << 62));

    public override DeviceBuffer Allocate(long bytes) => new((nint)NativeBlock.Allocate((nuint)bytes) + Shift);

    public override void Free(DeviceBuffer buffer, long bytes)
    {
        if (!buffer.IsNone) NativeBlock.Free((void*)(buffer.Address - Shift), (nuint)bytes);
    }

    public override void Clear(DeviceBuffer buffer, long bytes) => Of<byte>(buffer, bytes).Clear();

    public override void CopyIn(ReadOnlySpan<byte> source, DeviceBuffer target) => source.CopyTo(Of<byte>(target, source.Length));

    public override void CopyOut(DeviceBuffer source, Span<byte> target) => Of<byte>(source, target.Length).CopyTo(target);

    /// <summary>Elements from a buffer's first on.</summary>
    public static Span<T> Of<T>(DeviceBuffer buffer, long count)
        where T : unmanaged => new((T*)(buffer.Address - Shift), checked((int)count));
}
