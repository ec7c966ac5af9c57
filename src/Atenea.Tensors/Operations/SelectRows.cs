namespace Atenea.Tensors;

public sealed unsafe partial class Tape
{
    /// <summary>
    /// The given rows of <paramref name="x"/>, in the given order: the first token of every sequence, or every masked token.
    /// </summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="rows">Row numbers; one may come more than once.</param>
    /// <returns>[number of rows given, columns].</returns>
    /// <exception cref="Errors.AteneaException">ATN0603: a row outside <paramref name="x"/>.</exception>
    public Tensor SelectRows(Tensor x, ReadOnlySpan<int> rows)
    {
        CheckIds(rows, x.Rows, "rows to select");
        Tensor output = New(rows.Length, x.Columns, NeedsGradient(x));
        var source = new RowGather.Source { Data = x.Data, Ids = Saved(rows) };
        RowGather.Sum(Team, &source, 1, rows.Length, x.Columns, output.Data);
        if (output.Slot >= 0)
        {
            SelectRowsNode node = Record<SelectRowsNode>(output);
            node.X = x;
            node.Rows = source.Ids;
        }

        return output;
    }
}

/// <summary>dX[rows[i]] += dOutput[i]; rows that were not selected get zeros.</summary>
internal sealed unsafe class SelectRowsNode : TapeNode
{
    public Tensor X;
    public int* Rows;

    public override void Backward(Tape tape)
    {
        float* target = tape.GradientForWriting(X, out bool accumulate);
        if (!accumulate) Elementwise.Clear(tape.Team, target, X.Length);
        RowGather.ScatterAdd(tape.Team, tape.OutputGradient(Output), Rows, Output.Rows, Output.Columns, -1, target);
    }
}
