using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// Named tensors of a checkpoint, whatever file they lie in: one safetensors file, one PyTorch file, or the shards that an index lists.
/// What is listed was checked when the source was opened: its bytes are there. Reading is thread-safe until the source is disposed.
/// </summary>
public interface ITensorSource : IDisposable
{
    /// <summary>The file that was opened (of a sharded checkpoint its index), for messages.</summary>
    string Path { get; }

    /// <summary>Every tensor, once.</summary>
    IReadOnlyCollection<TensorInfo> Contents { get; }

    /// <summary>What the checkpoint says about a tensor.</summary>
    /// <exception cref="AteneaException">There is no such tensor (ATN0408).</exception>
    TensorInfo Info(string name);

    /// <summary>
    /// Copies a part of a tensor, counted row by row, as single precision: F16 and BF16 are widened exactly, F64 is rounded to nearest.
    /// </summary>
    /// <param name="name">The tensor.</param>
    /// <param name="start">The first element to copy.</param>
    /// <param name="destination">As many elements as are to be copied.</param>
    /// <exception cref="AteneaException">
    /// No such tensor (ATN0408), not of a float type (ATN0407), or the file was changed or cannot be read any more (ATN0402).
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie inside the tensor.</exception>
    void CopyTo(string name, long start, Span<float> destination);
}
