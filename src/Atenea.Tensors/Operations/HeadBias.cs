namespace Atenea.Tensors;

public sealed partial class Tape
{
    /// <summary>
    /// The bias of a product whose columns are query, key and value of one head after the other (DeBERTa): queries and values have one,
    /// keys have none.
    /// </summary>
    /// <param name="query">[heads * d].</param>
    /// <param name="value">[heads * d].</param>
    /// <param name="heads">Number of heads.</param>
    /// <returns>[1, 3 * heads * d].</returns>
    /// <exception cref="Errors.AteneaException">ATN0602: shapes do not fit.</exception>
    public Tensor HeadBias(Parameter query, Parameter value, int heads)
    {
        value.RequireShape(1, query.Columns);
        query.RequireShape(1, query.Columns / heads * heads);
        int size = query.Columns / heads;
        Tensor output = New(1, 3 * query.Columns, query.RequiresGradient || value.RequiresGradient);
        Backend.Clear(output.Data, output.Length); // the keys' part stays so
        var whole = new Matrix(output.Data, heads, 3 * size);
        Backend.Copy(new MatrixCopy { X = new Matrix(query.On(Backend), heads, size), Y = whole.ColumnsFrom(0, size) });
        Backend.Copy(new MatrixCopy { X = new Matrix(value.On(Backend), heads, size), Y = whole.ColumnsFrom(2 * size, size) });
        if (output.IsDifferentiable)
        {
            HeadBiasNode node = Record<HeadBiasNode>(output);
            node.Query = query;
            node.Value = value;
            node.Heads = heads;
        }

        return output;
    }
}

/// <summary>dQuery += the queries' columns of dOutput, dValue += the values'.</summary>
internal sealed class HeadBiasNode : TapeNode
{
    public Parameter? Query;
    public Parameter? Value;
    public int Heads;

    public override void Backward(Tape tape)
    {
        Add(tape, Query!, 0);
        Add(tape, Value!, 2);
    }

    public override void Clear()
    {
        Query = null;
        Value = null;
    }

    private void Add(Tape tape, Parameter parameter, int part)
    {
        if (!parameter.RequiresGradient) return;
        int size = parameter.Columns / Heads;
        GradientShare share = parameter.GradientForWriting(tape.Backend);
        tape.Backend.Copy(new MatrixCopy
        {
            X = new Matrix(tape.OutputGradient(Output), Heads, 3 * size).ColumnsFrom(part * size, size),
            Y = new Matrix(share.Data, Heads, size),
            Accumulate = share.Accumulate,
        });
    }
}
