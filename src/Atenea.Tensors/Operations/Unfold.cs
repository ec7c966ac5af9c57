using Atenea.Errors;

namespace Atenea.Tensors;

public sealed partial class Tape
{
    /// <summary>
    /// Every row beside its neighbours in the sequence, zeros beyond its ends: what turns a convolution over tokens into one product. With
    /// a kernel of k tokens, column c * k + t holds column c of the row t - (k - 1) / 2 further, which is the layout of PyTorch's
    /// convolution weights
    /// [out, in, k].
    /// </summary>
    /// <param name="x">[tokens, columns].</param>
    /// <param name="offsets">First token of each sequence, then the number of tokens: [sequences + 1].</param>
    /// <param name="kernel">Tokens that the convolution spans, odd.</param>
    /// <returns>[tokens, columns * kernel].</returns>
    /// <exception cref="AteneaException">ATN0602: the offsets do not cover the rows.</exception>
    public Tensor Unfold(Tensor x, ReadOnlySpan<int> offsets, int kernel)
    {
        RequireOffsets(offsets, x.Rows, "convolution");
        if (kernel < 1 || kernel % 2 == 0) throw new ArgumentOutOfRangeException(nameof(kernel), kernel, "expected an odd number");
        Tensor output = New(x.Rows, checked(x.Columns * kernel), NeedsGradient(x));
        DeviceBuffer starts = Saved(offsets);
        Backend.Unfold(new Unfolding
        {
            Rows = x.Rows,
            Columns = x.Columns,
            Kernel = kernel,
            Sequences = offsets.Length - 1,
            Offsets = starts,
            Narrow = x.Data,
            Wide = output.Data,
        });
        if (output.IsDifferentiable)
        {
            UnfoldNode node = Record<UnfoldNode>(output);
            node.X = x;
            node.Offsets = starts;
            node.Sequences = offsets.Length - 1;
            node.Kernel = kernel;
        }

        return output;
    }
}

/// <summary>dX[i, c] = sum over t of dOutput[i - t + (k - 1) / 2, c * k + t], in the order of t.</summary>
internal sealed class UnfoldNode : TapeNode
{
    public Tensor X;
    public DeviceBuffer Offsets;
    public int Sequences;
    public int Kernel;

    public override void Backward(Tape tape)
    {
        GradientShare share = tape.GradientForWriting(X);
        tape.Backend.Fold(new Unfolding
        {
            Rows = X.Rows,
            Columns = X.Columns,
            Kernel = Kernel,
            Sequences = Sequences,
            Offsets = Offsets,
            Narrow = share.Data,
            Wide = tape.OutputGradient(Output),
            Accumulate = share.Accumulate,
        });
    }
}
