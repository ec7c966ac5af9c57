using Atenea.Errors;

namespace Atenea.Tensors;

public sealed unsafe partial class Tape
{
    /// <summary>a + b, element by element; both [rows, columns].</summary>
    /// <exception cref="AteneaException">ATN0602: different shapes.</exception>
    public Tensor Add(Tensor a, Tensor b)
    {
        RequireSameShape(a, b, "sum");
        Tensor output = New(a.Rows, a.Columns, NeedsGradient(a) || NeedsGradient(b));
        Elementwise.Add(Team, a.Data, b.Data, output.Data, output.Length);
        if (output.Slot >= 0)
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
internal sealed unsafe class AddNode : TapeNode
{
    public Tensor A;
    public Tensor B;

    public override void Backward(Tape tape)
    {
        if (Tape.NeedsGradient(A) && Tape.NeedsGradient(B)) Share(tape, B);
        Tensor last = Tape.NeedsGradient(A) ? A : B;
        if (!tape.HandGradientOver(Output, last)) Share(tape, last);
    }

    private void Share(Tape tape, Tensor input)
    {
        float* target = tape.GradientForWriting(input, out bool accumulate);
        Elementwise.AddScaled(tape.Team, tape.OutputGradient(Output), 1f, target, accumulate, Output.Length);
    }
}
