namespace Atenea.Hub;

/// <summary>
/// Named tensors of a checkpoint, whatever file they lie in: one safetensors file, one PyTorch file, or the shards that an index lists.
/// What is listed was checked when the source was opened: its bytes are there. Reading is thread-safe until the source is disposed.
/// </summary>
public unsafe interface ITensorSource : IDisposable
{
    /// <summary>The file that was opened (of a sharded checkpoint its index), for messages.</summary>
    string Path { get; }

    /// <summary>Every tensor, once.</summary>
    IReadOnlyCollection<TensorInfo> Contents { get; }

    /// <summary>Copies a tensor row by row as single precision: F16 and BF16 are widened exactly, F64 is rounded to nearest.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="destination">Room for <paramref name="count"/> elements.</param>
    /// <param name="count">The tensor's number of elements; anything else is refused.</param>
    /// <exception cref="Errors.AteneaException">No such tensor (ATN0408), or not of a float type (ATN0407).</exception>
    void CopyTo(string name, float* destination, long count);
}
