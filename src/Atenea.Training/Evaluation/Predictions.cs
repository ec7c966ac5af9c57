namespace Atenea.Training;

/// <summary>What a model says about the rows of a data set, in their order.</summary>
/// <param name="Logits">[rows, outputs], row by row.</param>
/// <param name="Outputs">Outputs per row.</param>
/// <param name="LossSum">Sum of the loss over all items.</param>
/// <param name="LossCount">Number of items.</param>
/// <param name="Batches">Forward passes.</param>
/// <param name="Tokens">Tokens of all rows.</param>
/// <param name="Seconds">Time taken.</param>
public sealed record Predictions(float[] Logits, int Outputs, double LossSum, long LossCount, int Batches, long Tokens, double Seconds)
{
    /// <summary>Number of rows.</summary>
    public int Rows => Logits.Length / Outputs;

    /// <summary>Mean loss.</summary>
    public double Loss => LossSum / LossCount;

    /// <summary>The outputs of a row.</summary>
    public ReadOnlySpan<float> Row(int row) => Logits.AsSpan(row * Outputs, Outputs);
}
