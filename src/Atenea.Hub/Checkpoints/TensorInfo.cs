namespace Atenea.Hub;

/// <summary>What a checkpoint says about one of its tensors.</summary>
/// <param name="Name">Its name, the key of the <c>state_dict</c>.</param>
/// <param name="Type">How its elements are stored.</param>
/// <param name="Shape">Its dimensions, outermost first; empty for a scalar.</param>
/// <param name="ElementCount">Product of the dimensions.</param>
public record TensorInfo(string Name, StorageType Type, long[] Shape, long ElementCount)
{
    /// <summary>Type and shape for messages, for example <c>F32 [30522, 384]</c>.</summary>
    public sealed override string ToString() => $"{Type.Name()} [{string.Join(", ", Shape)}]";
}
