namespace Atenea.Tensors;

public sealed partial class Tape
{
    /// <summary>
    /// Sets each element to zero with probability <paramref name="p"/> and scales the others by 1 / (1 - p), in
    /// <see cref="TapeMode.Training"/>;
    /// otherwise gives <paramref name="x"/> itself. The mask follows from (seed, step, site, element) alone and is never stored.
    /// </summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="p">In [0, 1).</param>
    public Tensor Dropout(Tensor x, float p)
    {
        DropoutKey key = NextDropout(p);
        if (key.Probability == 0) return x;
        Tensor output = New(x.Rows, x.Columns, NeedsGradient(x));
        Backend.Drop(new Dropping { Length = x.Length, Key = key, X = x.Data, Y = new GradientShare(output.Data, Accumulate: false) });
        if (output.IsDifferentiable)
        {
            DropoutNode node = Record<DropoutNode>(output);
            node.X = x;
            node.Key = key;
        }

        return output;
    }

    /// <summary>The key of the next dropout of this step; its probability is 0 when nothing is to be dropped.</summary>
    internal DropoutKey NextDropout(float p)
    {
        if (!(p >= 0 && p < 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "A dropout probability lies in [0, 1).");
        return Mode == TapeMode.Training && p > 0 ? new DropoutKey(Seed, Step, NextDropoutSite(), p) : default;
    }
}

/// <summary>dX += mask * dOutput, with the mask computed again.</summary>
internal sealed class DropoutNode : TapeNode
{
    public Tensor X;
    public DropoutKey Key;

    public override void Backward(Tape tape) =>
        tape.Backend.Drop(new Dropping { Length = X.Length, Key = Key, X = tape.OutputGradient(Output), Y = tape.GradientForWriting(X) });
}
