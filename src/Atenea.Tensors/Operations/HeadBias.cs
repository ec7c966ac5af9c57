namespace Atenea.Tensors;

public sealed unsafe partial class Tape
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
        for (int head = 0; head < heads; head++)
        {
            Span<float> target = output.Span.Slice(3 * head * size, 3 * size);
            query.Values.Slice(head * size, size).CopyTo(target);
            target.Slice(size, size).Clear();
            value.Values.Slice(head * size, size).CopyTo(target[(2 * size)..]);
        }

        if (output.Slot >= 0)
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
internal sealed unsafe class HeadBiasNode : TapeNode
{
    public Parameter? Query;
    public Parameter? Value;
    public int Heads;

    public override void Backward(Tape tape)
    {
        float* gradient = tape.OutputGradient(Output);
        Add(Query!, gradient, 0);
        Add(Value!, gradient, 2);
    }

    public override void Clear()
    {
        Query = null;
        Value = null;
    }

    private void Add(Parameter parameter, float* gradient, int part)
    {
        if (!parameter.RequiresGradient) return;
        float* target = parameter.GradientForWriting(out bool accumulate);
        int size = parameter.Columns / Heads;
        for (int i = 0; i < parameter.Columns; i++)
        {
            float share = gradient[(((3 * (i / size)) + part) * size) + (i % size)];
            target[i] = accumulate ? target[i] + share : share;
        }
    }
}
