using Atenea.Errors;

namespace Atenea.Tensors;

public sealed partial class Tape
{
    /// <summary>
    /// f(gate) * up, element by element (Shazeer 2020, "GLU Variants Improve Transformer"): GeGLU with <see cref="Activation.Gelu"/>,
    /// SwiGLU with
    /// <see cref="Activation.Silu"/>.
    /// </summary>
    /// <param name="x">[rows, 2 * columns]: the gate's columns, then those of what it lets through.</param>
    /// <param name="f">Applied to the gate.</param>
    /// <returns>[rows, columns].</returns>
    /// <exception cref="AteneaException">ATN0602: an odd number of columns.</exception>
    public Tensor GatedActivation(Tensor x, Activation f)
    {
        if (x.Columns % 2 != 0)
            throw new AteneaException(Catalogue.ShapeMismatch, $"{x.Columns} columns do not divide into two halves", "gated activation");
        Tensor output = New(x.Rows, x.Columns / 2, NeedsGradient(x));
        Backend.ActivateGated(
            new GatedActivationForward { F = f, Rows = output.Rows, Columns = output.Columns, X = x.Data, Y = output.Data });
        if (output.IsDifferentiable)
        {
            GatedActivationNode node = Record<GatedActivationNode>(output);
            node.X = x;
            node.F = f;
        }

        return output;
    }
}

/// <summary>dGate = dOutput * up * f'(gate), dUp = dOutput * f(gate); value and slope of f are computed again, together.</summary>
internal sealed class GatedActivationNode : TapeNode
{
    public Tensor X;
    public Activation F;

    public override void Backward(Tape tape) => tape.Backend.ActivateGated(new GatedActivationBackward
    {
        F = F,
        Rows = Output.Rows,
        Columns = Output.Columns,
        X = X.Data,
        OutputGradient = tape.OutputGradient(Output),
        InputGradient = tape.GradientForWriting(X),
    });
}
