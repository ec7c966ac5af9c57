namespace Atenea.Tensors;

public sealed partial class Tape
{
    /// <summary>
    /// f(x), element by element. Behind a linear layer, give the activation to <c>Linear</c> instead: it saves a pass over memory.
    /// </summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="f">The function.</param>
    public Tensor Activate(Tensor x, Activation f)
    {
        if (f == Activation.None) return x;
        Tensor output = New(x.Rows, x.Columns, NeedsGradient(x));
        Backend.Activate(new ActivationForward { F = f, Length = x.Length, X = x.Data, Y = output.Data });
        if (output.IsDifferentiable)
        {
            ActivateNode node = Record<ActivateNode>(output);
            node.X = x;
            node.F = f;
        }

        return output;
    }
}

/// <summary>dX += f'(x) dOutput, with f' computed again from x.</summary>
internal sealed class ActivateNode : TapeNode
{
    public Tensor X;
    public Activation F;

    public override void Backward(Tape tape) => tape.Backend.Activate(new ActivationBackward
    {
        F = F,
        Length = X.Length,
        X = X.Data,
        OutputGradient = tape.OutputGradient(Output),
        InputGradient = tape.GradientForWriting(X),
    });
}
