using Atenea.Errors;

namespace Atenea.Tensors;

public sealed unsafe partial class Tape
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
        int rows = parts[0].Rows, columns = 0, piece = 0;
        bool differentiable = false;
        foreach (Tensor part in parts)
        {
            if (part.Rows != rows) throw new AteneaException(Catalogue.ShapeMismatch, $"{part.Rows} rows beside {rows}", "concatenate");
            columns += part.Columns;
            piece = GreatestCommonDivisor(piece, part.Columns);
            differentiable |= NeedsGradient(part);
        }

        // Rows are cut into pieces that divide every part: joining is then a scatter of rows, and its backward pass a gather.
        Tensor output = New(rows, columns, differentiable);
        Elementwise.Clear(Team, output.Data, output.Length);
        ConcatenateNode? node = output.Slot < 0 ? null : Record<ConcatenateNode>(output);
        int first = 0;
        foreach (Tensor part in parts)
        {
            int* places = PlacesOfPieces(rows, part.Columns / piece, first / piece, columns / piece);
            RowGather.ScatterAdd(Team, part.Data, places, (int)(part.Length / piece), piece, -1, output.Data);
            first += part.Columns;
            if (NeedsGradient(part)) node?.Parts.Add((part, piece, (nint)places));
        }

        return output;
    }

    /// <summary>For each piece of a part, row by row, its number among the pieces of the whole.</summary>
    private int* PlacesOfPieces(int rows, int perRow, int first, int wholePerRow)
    {
        int* places = _activations.Ints((long)rows * perRow);
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < perRow; i++) places[(row * perRow) + i] = (row * wholePerRow) + first + i;
        }

        return places;
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}

/// <summary>dPart += its columns of dOutput, for every part.</summary>
internal sealed unsafe class ConcatenateNode : TapeNode
{
    /// <summary>Every part with the width of its pieces and their places in the whole, int*.</summary>
    public List<(Tensor Part, int Piece, nint Places)> Parts { get; } = [];

    public override void Backward(Tape tape)
    {
        foreach ((Tensor part, int piece, nint places) in Parts)
        {
            float* target = tape.GradientForWriting(part, out bool accumulate);
            float* own = accumulate ? tape.Scratch(part.Length) : target;
            var source = new RowGather.Source { Data = tape.OutputGradient(Output), Ids = (int*)places };
            RowGather.Sum(tape.Team, &source, 1, (int)(part.Length / piece), piece, own);
            if (!accumulate) continue;
            Elementwise.AddScaled(tape.Team, own, 1f, target, accumulate: true, part.Length);
            tape.ReturnScratch(own, part.Length);
        }
    }

    public override void Clear() => Parts.Clear();
}
