using Atenea.Errors;

namespace Atenea.Tensors;

public sealed partial class Tape
{
    /// <summary>a b: the product of two matrices of the tape.</summary>
    /// <param name="a">[rows, depth].</param>
    /// <param name="b">[depth, columns].</param>
    /// <returns>[rows, columns].</returns>
    /// <exception cref="AteneaException">ATN0602: the inner dimensions differ.</exception>
    public Tensor Multiply(Tensor a, Tensor b) => Multiply(a, b, transposed: false);

    /// <summary>a b^T: every row of a with every row of b, as similarities of embeddings need it.</summary>
    /// <param name="a">[rows, depth].</param>
    /// <param name="b">[columns, depth].</param>
    /// <returns>[rows, columns].</returns>
    /// <exception cref="AteneaException">ATN0602: the inner dimensions differ.</exception>
    public Tensor MultiplyTransposed(Tensor a, Tensor b) => Multiply(a, b, transposed: true);

    private Tensor Multiply(Tensor a, Tensor b, bool transposed)
    {
        Matrix right = transposed ? b.Matrix.Transposed : b.Matrix;
        if (a.Columns != right.Rows)
            throw new AteneaException(Catalogue.ShapeMismatch, $"[{a.Rows}, {a.Columns}] times [{right.Rows}, {right.Columns}]", "product");
        Tensor output = New(a.Rows, right.Columns, NeedsGradient(a) || NeedsGradient(b));
        Backend.Multiply(new Product { A = a.Matrix, B = right, C = output.Matrix });
        if (output.IsDifferentiable)
        {
            MultiplyNode node = Record<MultiplyNode>(output);
            node.A = a;
            node.B = b;
            node.Transposed = transposed;
        }

        return output;
    }
}

/// <summary>dA += g B^T, dB += A^T g, with g = dOutput; where B is taken transposed, dA += g B, dB += g^T A.</summary>
internal sealed class MultiplyNode : TapeNode
{
    public Tensor A;
    public Tensor B;
    public bool Transposed;

    public override void Backward(Tape tape)
    {
        var g = new Matrix(tape.OutputGradient(Output), Output.Rows, Output.Columns);
        if (Tape.NeedsGradient(A)) Share(tape, A, g, Transposed ? B.Matrix : B.Matrix.Transposed);
        if (!Tape.NeedsGradient(B)) return;
        if (Transposed) Share(tape, B, g.Transposed, A.Matrix);
        else Share(tape, B, A.Matrix.Transposed, g);
    }

    private static void Share(Tape tape, Tensor input, in Matrix left, in Matrix right)
    {
        GradientShare share = tape.GradientForWriting(input);
        tape.Backend.Multiply(new Product
        {
            A = left,
            B = right,
            C = new Matrix(share.Data, input.Rows, input.Columns),
            Accumulate = share.Accumulate,
        });
    }
}
