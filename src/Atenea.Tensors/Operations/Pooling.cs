using Atenea.Errors;

namespace Atenea.Tensors;

public sealed partial class Tape
{
    /// <summary>
    /// The mean of each sequence's rows; zeros for an empty sequence. (The first and the last row are <see cref="SelectRows"/>.)
    /// </summary>
    /// <param name="x">[tokens, columns].</param>
    /// <param name="offsets">First token of each sequence, then the number of tokens: [sequences + 1].</param>
    /// <returns>[sequences, columns].</returns>
    /// <exception cref="AteneaException">ATN0602: the offsets do not cover the rows.</exception>
    public Tensor MeanPool(Tensor x, ReadOnlySpan<int> offsets) => Pool(x, offsets, PoolingKind.Mean);

    /// <summary>The sum of each sequence's rows over the square root of their number; zeros for an empty sequence.</summary>
    /// <param name="x">[tokens, columns].</param>
    /// <param name="offsets">First token of each sequence, then the number of tokens: [sequences + 1].</param>
    /// <returns>[sequences, columns].</returns>
    /// <exception cref="AteneaException">ATN0602: the offsets do not cover the rows.</exception>
    public Tensor SumOverRootPool(Tensor x, ReadOnlySpan<int> offsets) => Pool(x, offsets, PoolingKind.SumOverRoot);

    /// <summary>The mean of each sequence's rows with weights 1, 2, 3 and so on; zeros for an empty sequence.</summary>
    /// <param name="x">[tokens, columns].</param>
    /// <param name="offsets">First token of each sequence, then the number of tokens: [sequences + 1].</param>
    /// <returns>[sequences, columns].</returns>
    /// <exception cref="AteneaException">ATN0602: the offsets do not cover the rows.</exception>
    public Tensor RampMeanPool(Tensor x, ReadOnlySpan<int> offsets) => Pool(x, offsets, PoolingKind.RampMean);

    /// <summary>
    /// The largest element of each column over each sequence's rows; zeros for an empty sequence. The gradient goes to the first among
    /// equals.
    /// </summary>
    /// <param name="x">[tokens, columns].</param>
    /// <param name="offsets">First token of each sequence, then the number of tokens: [sequences + 1].</param>
    /// <returns>[sequences, columns].</returns>
    /// <exception cref="AteneaException">ATN0602: the offsets do not cover the rows.</exception>
    public Tensor MaxPool(Tensor x, ReadOnlySpan<int> offsets) => Pool(x, offsets, PoolingKind.Maximum);

    private Tensor Pool(Tensor x, ReadOnlySpan<int> offsets, PoolingKind kind)
    {
        RequireOffsets(offsets, x.Rows, "pooling");
        Tensor output = New(offsets.Length - 1, x.Columns, NeedsGradient(x));
        bool recorded = output.IsDifferentiable;
        DeviceBuffer starts = Saved(offsets), chosen = recorded && kind == PoolingKind.Maximum ? Saved(output.Length) : DeviceBuffer.None;
        Backend.Pool(new PoolingForward
        {
            Kind = kind,
            Sequences = output.Rows,
            Columns = x.Columns,
            Offsets = starts,
            X = x.Data,
            Y = output.Data,
            Chosen = chosen,
        });
        if (recorded)
        {
            PoolNode node = Record<PoolNode>(output);
            node.X = x;
            node.Kind = kind;
            node.Offsets = starts;
            node.Chosen = chosen;
        }

        return output;
    }
}

/// <summary>
/// Means and sums: each row of a sequence gets dOutput times its weight, over the divisor. Maximum: the row that gave it gets dOutput, the
/// others nothing.
/// </summary>
internal sealed class PoolNode : TapeNode
{
    public Tensor X;
    public PoolingKind Kind;
    public DeviceBuffer Offsets;
    public DeviceBuffer Chosen;

    public override void Backward(Tape tape) => tape.Backend.Pool(new PoolingBackward
    {
        Kind = Kind,
        Sequences = Output.Rows,
        Columns = X.Columns,
        Offsets = Offsets,
        Chosen = Chosen,
        OutputGradient = tape.OutputGradient(Output),
        InputGradient = tape.GradientForWriting(X),
    });
}
