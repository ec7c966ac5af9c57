namespace Atenea.Tensors;

/// <summary>
/// Where numbers of four bytes each, float32 or int32, begin in the memory of a back end. What the address means is that back end's matter:
/// only its own kernels follow it.
/// </summary>
/// <param name="Address">The address; 0 for no buffer at all.</param>
internal readonly record struct DeviceBuffer(nint Address)
{
    /// <summary>Bytes of an element.</summary>
    public const int ElementBytes = 4;

    /// <summary>No buffer: an operand that is not there, a result that is not wanted.</summary>
    public static DeviceBuffer None => default;

    /// <summary>Whether there is no buffer.</summary>
    public bool IsNone => Address == 0;

    /// <summary>The buffer from an element on; none stays none.</summary>
    public static DeviceBuffer operator +(DeviceBuffer buffer, long elements) =>
        buffer.IsNone ? buffer : new(buffer.Address + ((nint)elements * ElementBytes));

    /// <summary>As the host's floats, for kernels that run on the processor.</summary>
    public static unsafe implicit operator float*(DeviceBuffer buffer) => (float*)buffer.Address;

    /// <summary>As the host's integers, for kernels that run on the processor.</summary>
    public static unsafe implicit operator int*(DeviceBuffer buffer) => (int*)buffer.Address;
}
