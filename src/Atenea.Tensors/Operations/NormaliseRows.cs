namespace Atenea.Tensors;

public sealed partial class Tape
{
    /// <summary>
    /// Every row divided by its length, x / max(|x|, epsilon), as PyTorch's <c>F.normalize</c>: what embeddings that are compared by cosine
    /// go through.
    /// </summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="epsilon">The least divisor.</param>
    /// <returns>[rows, columns].</returns>
    public Tensor NormaliseRows(Tensor x, float epsilon = 1e-12f)
    {
        Tensor output = New(x.Rows, x.Columns, NeedsGradient(x));
        Backend.NormaliseLengths(
            new RowLengthForward { Rows = x.Rows, Columns = x.Columns, X = x.Data, Y = output.Data, Epsilon = epsilon });
        if (output.IsDifferentiable)
        {
            NormaliseRowsNode node = Record<NormaliseRowsNode>(output);
            node.X = x;
            node.Epsilon = epsilon;
        }

        return output;
    }
}

/// <summary>With y = x / |x|: dX = (dY - y (y . dY)) / |x|; where |x| is below epsilon, dX = dY / epsilon.</summary>
internal sealed class NormaliseRowsNode : TapeNode
{
    public Tensor X;
    public float Epsilon;

    public override void Backward(Tape tape) => tape.Backend.NormaliseLengths(new RowLengthBackward
    {
        Rows = X.Rows,
        Columns = X.Columns,
        X = X.Data,
        Y = Output.Data,
        OutputGradient = tape.OutputGradient(Output),
        InputGradient = tape.GradientForWriting(X),
        Epsilon = Epsilon,
    });
}
