using Atenea.Data;
using Atenea.Models;

namespace Atenea.Training;

/// <summary>Hands a batch of data to a model.</summary>
internal static class BatchInput
{
    /// <summary>Fills the input with the batch's rows. Allocates nothing once the buffers are large enough.</summary>
    public static InputBatch Take(this InputBatch input, Batch batch)
    {
        input.Clear();
        ReadOnlySpan<int> offsets = batch.Offsets;
        for (int row = 0; row < batch.Count; row++)
        {
            Range tokens = offsets[row]..offsets[row + 1];
            input.Add(batch.Ids[tokens], batch.TypeIds[tokens]);
        }

        return input;
    }
}
