using Atenea.Errors;

namespace Atenea.Tensors;

public sealed partial class Tape
{
    /// <summary>a + b, element by element; both [rows, columns].</summary>
    /// <exception cref="AteneaException">ATN0602: different shapes.</exception>
    public Tensor Add(Tensor a, Tensor b)
    {
        RequireSameShape(a, b, "sum");
        Tensor output = New(a.Rows, a.Columns, NeedsGradient(a) || NeedsGradient(b));
        Backend.Add(new Sum { Length = output.Length, A = a.Data, B = b.Data, Y = output.Data });
        if (output.IsDifferentiable)
        {
            AddNode node = Record<AddNode>(output);
            node.A = a;
            node.B = b;
        }

        return output;
    }

    internal static void RequireSameShape(Tensor a, Tensor b, string where)
    {
        if (a.Rows != b.Rows || a.Columns != b.Columns)
            throw new AteneaException(Catalogue.ShapeMismatch, $"[{a.Rows}, {a.Columns}] and [{b.Rows}, {b.Columns}]", where);
    }
}

/// <summary>dA += dOutput, dB += dOutput.</summary>
internal sealed class AddNode : TapeNode
{
    public Tensor A;
    public Tensor B;

    public override void Backward(Tape tape)
    {
        if (Tape.NeedsGradient(A) && Tape.NeedsGradient(B)) Share(tape, B);
        Tensor last = Tape.NeedsGradient(A) ? A : B;
        if (!tape.HandGradientOver(Output, last)) Share(tape, last);
    }

    private void Share(Tape tape, Tensor input) =>
        tape.Backend.Scale(
            new Scaling { Length = Output.Length, X = tape.OutputGradient(Output), Factor = 1f, Y = tape.GradientForWriting(input) });
}
