using Atenea.Errors;

namespace Atenea.Tensors;

public sealed unsafe partial class Tape
{
    /// <summary>
    /// The mean of each sequence's rows; zeros for an empty sequence. (The first and the last row are <see cref="SelectRows"/>.)
    /// </summary>
    /// <param name="x">[tokens, columns].</param>
    /// <param name="offsets">First token of each sequence, then the number of tokens: [sequences + 1].</param>
    /// <returns>[sequences, columns].</returns>
    /// <exception cref="AteneaException">ATN0602: the offsets do not cover the rows.</exception>
    public Tensor MeanPool(Tensor x, ReadOnlySpan<int> offsets) => Pool(x, offsets, PoolingKernels.Kind.Mean);

    /// <summary>The sum of each sequence's rows over the square root of their number; zeros for an empty sequence.</summary>
    /// <param name="x">[tokens, columns].</param>
    /// <param name="offsets">First token of each sequence, then the number of tokens: [sequences + 1].</param>
    /// <returns>[sequences, columns].</returns>
    /// <exception cref="AteneaException">ATN0602: the offsets do not cover the rows.</exception>
    public Tensor SumOverRootPool(Tensor x, ReadOnlySpan<int> offsets) => Pool(x, offsets, PoolingKernels.Kind.SumOverRoot);

    /// <summary>The mean of each sequence's rows with weights 1, 2, 3 and so on; zeros for an empty sequence.</summary>
    /// <param name="x">[tokens, columns].</param>
    /// <param name="offsets">First token of each sequence, then the number of tokens: [sequences + 1].</param>
    /// <returns>[sequences, columns].</returns>
    /// <exception cref="AteneaException">ATN0602: the offsets do not cover the rows.</exception>
    public Tensor RampMeanPool(Tensor x, ReadOnlySpan<int> offsets) => Pool(x, offsets, PoolingKernels.Kind.RampMean);

    /// <summary>
    /// The largest element of each column over each sequence's rows; zeros for an empty sequence. The gradient goes to the first among
    /// equals.
    /// </summary>
    /// <param name="x">[tokens, columns].</param>
    /// <param name="offsets">First token of each sequence, then the number of tokens: [sequences + 1].</param>
    /// <returns>[sequences, columns].</returns>
    /// <exception cref="AteneaException">ATN0602: the offsets do not cover the rows.</exception>
    public Tensor MaxPool(Tensor x, ReadOnlySpan<int> offsets) => Pool(x, offsets, PoolingKernels.Kind.Maximum);

    private Tensor Pool(Tensor x, ReadOnlySpan<int> offsets, PoolingKernels.Kind kind)
    {
        RequireOffsets(offsets, x.Rows, "pooling");
        Tensor output = New(offsets.Length - 1, x.Columns, NeedsGradient(x));
        bool recorded = output.Slot >= 0;
        fixed (int* first = offsets)
        {
            var state = new PoolingKernels.State
            {
                Input = x.Data,
                Output = output.Data,
                Offsets = first,
                Rows = recorded && kind == PoolingKernels.Kind.Maximum ? (int*)SavedFloats(output.Length) : null,
                Sequences = output.Rows,
                Columns = x.Columns,
                Kind = kind,
            };
            PoolingKernels.Run(Team, ref state);
            if (recorded)
            {
                PoolNode node = Record<PoolNode>(output);
                node.X = x;
                node.Kind = kind;
                node.Offsets = Saved(offsets);
                node.Rows = state.Rows;
            }
        }

        return output;
    }
}

/// <summary>
/// Means and sums: each row of a sequence gets dOutput times its weight, over the divisor. Maximum: the row that gave it gets dOutput, the
/// others nothing.
/// </summary>
internal sealed unsafe class PoolNode : TapeNode
{
    public Tensor X;
    public PoolingKernels.Kind Kind;
    public int* Offsets;
    public int* Rows;

    public override void Backward(Tape tape)
    {
        var state = new PoolingKernels.State
        {
            OutputGradient = tape.OutputGradient(Output),
            Offsets = Offsets,
            Rows = Rows,
            Sequences = Output.Rows,
            Columns = X.Columns,
            Kind = Kind,
        };
        state.InputGradient = tape.GradientForWriting(X, out state.Accumulate);
        PoolingKernels.Run(tape.Team, ref state);
    }
}
