namespace Atenea.Tensors;

public sealed partial class Tape
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
        var source = default(RowSources);
        source[0] = new RowSource { Table = x.Data, Ids = Saved(rows) };
        Backend.Gather(new RowGather { Rows = rows.Length, Columns = x.Columns, Count = 1, Sources = source, Output = output.Data });
        if (output.IsDifferentiable)
        {
            SelectRowsNode node = Record<SelectRowsNode>(output);
            node.X = x;
            node.Rows = source[0].Ids;
        }

        return output;
    }
}

/// <summary>dX[rows[i]] += dOutput[i]; rows that were not selected get zeros.</summary>
internal sealed class SelectRowsNode : TapeNode
{
    public Tensor X;
    public DeviceBuffer Rows;

    public override void Backward(Tape tape) => tape.Backend.Scatter(new RowScatter
    {
        Rows = Output.Rows,
        Columns = Output.Columns,
        OutputGradient = tape.OutputGradient(Output),
        Ids = Rows,
        SkippedId = -1,
        TableRows = X.Rows,
        Table = tape.GradientForWriting(X),
    });
}
