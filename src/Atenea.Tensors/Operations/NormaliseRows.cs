namespace Atenea.Tensors;

public sealed unsafe partial class Tape
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
        var state = new RowLengthKernel.State { Input = x.Data, Output = output.Data, Rows = x.Rows, Columns = x.Columns, Epsilon = epsilon };
        RowLengthKernel.Run(Team, ref state);
        if (output.Slot >= 0)
        {
            NormaliseRowsNode node = Record<NormaliseRowsNode>(output);
            node.X = x;
            node.Epsilon = epsilon;
        }

        return output;
    }
}

/// <summary>With y = x / |x|: dX = (dY - y (y . dY)) / |x|; where |x| is below epsilon, dX = dY / epsilon.</summary>
internal sealed unsafe class NormaliseRowsNode : TapeNode
{
    public Tensor X;
    public float Epsilon;

    public override void Backward(Tape tape)
    {
        var state = new RowLengthKernel.State
        {
            Input = X.Data,
            Output = Output.Data,
            OutputGradient = tape.OutputGradient(Output),
            Rows = X.Rows,
            Columns = X.Columns,
            Epsilon = Epsilon,
        };
        state.InputGradient = tape.GradientForWriting(X, out state.Accumulate);
        RowLengthKernel.Run(tape.Team, ref state);
    }
}
