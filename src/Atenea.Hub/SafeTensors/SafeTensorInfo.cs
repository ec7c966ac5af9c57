namespace Atenea.Hub;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name, the key of the <c>state_dict</c>.</param>
/// <param name="Type">How its elements are stored.</param>
/// <param name="Shape">Its dimensions, outermost first; empty for a scalar.</param>
/// <param name="ElementCount">Product of the dimensions.</param>
/// <param name="Offset">First byte, from the start of the file.</param>
/// <param name="ByteCount">Number of bytes.</param>
public sealed record SafeTensorInfo(string Name, StorageType Type, long[] Shape, long ElementCount, long Offset, long ByteCount)
    : TensorInfo(Name, Type, Shape, ElementCount);
