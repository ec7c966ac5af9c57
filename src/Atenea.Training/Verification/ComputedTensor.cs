using Atenea.Hub;

namespace Atenea.Training;

/// <summary>A tensor that this engine computed for a verification case, in the case's own padded shape.</summary>
/// <param name="Name">The case's name for it, for example <c>hidden_states.0</c> or <c>grad.classifier.weight</c>.</param>
/// <param name="Shape">Its dimensions; empty for a scalar.</param>
/// <param name="Values">Its elements, row by row; zeros at padded positions.</param>
/// <param name="Valid">Which elements mean something; null for all of them.</param>
public sealed record ComputedTensor(string Name, long[] Shape, float[] Values, bool[]? Valid = null)
{
    /// <summary>Saves tensors under their names as safetensors.</summary>
    /// <exception cref="Errors.AteneaException">The file cannot be written (ATN0403).</exception>
    public static void Save(IEnumerable<ComputedTensor> tensors, string path)
    {
        var writer = new SafeTensorsWriter();
        foreach (ComputedTensor tensor in tensors) writer.Add(tensor.Name, tensor.Shape, tensor.Values.AsMemory());
        writer.Save(path);
    }
}
