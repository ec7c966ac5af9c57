using Atenea.Errors;

namespace Atenea.Tensors;

public sealed partial class Tape
{
    /// <summary>
    /// The columns of several tensors side by side: what one product gives when its layers are run apart, because something stands between
    /// them and the result.
    /// </summary>
    /// <param name="parts">At least one, each [rows, its columns].</param>
    /// <returns>[rows, sum of columns].</returns>
    /// <exception cref="AteneaException">ATN0602: different numbers of rows.</exception>
    public Tensor Concatenate(params ReadOnlySpan<Tensor> parts)
    {
        int rows = parts[0].Rows, columns = 0;
        bool differentiable = false;
        foreach (Tensor part in parts)
        {
            if (part.Rows != rows) throw new AteneaException(Catalogue.ShapeMismatch, $"{part.Rows} rows beside {rows}", "concatenate");
            columns += part.Columns;
            differentiable |= NeedsGradient(part);
        }

        Tensor output = New(rows, columns, differentiable);
        ConcatenateNode? node = output.IsDifferentiable ? Record<ConcatenateNode>(output) : null;
        int first = 0;
        foreach (Tensor part in parts)
        {
            Backend.Copy(new MatrixCopy { X = part.Matrix, Y = output.Matrix.ColumnsFrom(first, part.Columns) });
            first += part.Columns;
            node?.Parts.Add(part);
        }

        return output;
    }
}

/// <summary>dPart += its columns of dOutput, for every part.</summary>
internal sealed class ConcatenateNode : TapeNode
{
    public List<Tensor> Parts { get; } = [];

    public override void Backward(Tape tape)
    {
        var g = new Matrix(tape.OutputGradient(Output), Output.Rows, Output.Columns);
        int first = 0;
        foreach (Tensor part in Parts)
        {
            if (Tape.NeedsGradient(part))
            {
                GradientShare share = tape.GradientForWriting(part);
                tape.Backend.Copy(new MatrixCopy
                {
                    X = g.ColumnsFrom(first, part.Columns),
                    Y = new Matrix(share.Data, part.Rows, part.Columns),
                    Accumulate = share.Accumulate,
                });
            }

            first += part.Columns;
        }
    }

    public override void Clear() => Parts.Clear();
}
