namespace Atenea.Tensors;

public sealed unsafe partial class Tape
{
    /// <summary>A copy of <paramref name="x"/> with zeros in some rows, which get no gradient.</summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="rows">Numbers of the rows to clear.</param>
    /// <returns>[rows, columns].</returns>
    /// <exception cref="Errors.AteneaException">ATN0603: a row outside <paramref name="x"/>.</exception>
    public Tensor ClearRows(Tensor x, ReadOnlySpan<int> rows)
    {
        CheckIds(rows, x.Rows, "rows to clear");
        Tensor output = New(x.Rows, x.Columns, NeedsGradient(x));
        Elementwise.AddScaled(Team, x.Data, 1f, output.Data, accumulate: false, x.Length);
        foreach (int row in rows) output.Row(row).Clear();
        if (output.Slot >= 0)
        {
            ClearRowsNode node = Record<ClearRowsNode>(output);
            node.X = x;
            node.Rows = Saved(rows);
            node.Count = rows.Length;
        }

        return output;
    }
}

/// <summary>dX += dOutput, but for the cleared rows.</summary>
internal sealed unsafe class ClearRowsNode : TapeNode
{
    public Tensor X;
    public int* Rows;
    public int Count;

    public override void Backward(Tape tape)
    {
        float* gradient = tape.OutputGradient(Output);
        float* passed = tape.Scratch(Output.Length);
        Elementwise.AddScaled(tape.Team, gradient, 1f, passed, false, Output.Length);
        for (int i = 0; i < Count; i++) new Span<float>(passed + ((long)Rows[i] * Output.Columns), Output.Columns).Clear();
        float* target = tape.GradientForWriting(X, out bool accumulate);
        Elementwise.AddScaled(tape.Team, passed, 1f, target, accumulate, Output.Length);
        tape.ReturnScratch(passed, Output.Length);
    }
}
