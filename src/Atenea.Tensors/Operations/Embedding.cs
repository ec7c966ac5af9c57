using Atenea.Errors;

namespace Atenea.Tensors;

/// <summary>One lookup of <see cref="Tape.Embedding"/>.</summary>
/// <param name="Table">[entries, hidden].</param>
/// <param name="Ids">One row of the table per token.</param>
/// <param name="PaddingId">Row that is looked up as it is but gets no gradient; -1 for none.</param>
public readonly record struct EmbeddingInput(Parameter Table, ReadOnlyMemory<int> Ids, int PaddingId = -1);

public sealed partial class Tape
{
    /// <summary>
    /// Sums the rows that one to four tables hold for each token (word + position + token type), in the order given: [tokens, hidden].
    /// </summary>
    /// <exception cref="AteneaException">ATN0602: tables of different widths or ids of different counts. ATN0603: an id outside its
    /// table.</exception>
    public Tensor Embedding(params ReadOnlySpan<EmbeddingInput> inputs)
    {
        if (inputs.Length is 0 or > RowGather.MostTables)
            throw new ArgumentException($"An embedding sums 1 to {RowGather.MostTables} tables, not {inputs.Length}.", nameof(inputs));
        int tokens = inputs[0].Ids.Length, hidden = inputs[0].Table.Columns;
        bool differentiable = false;
        var sources = default(RowSources);
        for (int i = 0; i < inputs.Length; i++)
        {
            EmbeddingInput input = inputs[i];
            if (input.Table.Columns != hidden || input.Ids.Length != tokens)
            {
                throw new AteneaException(Catalogue.ShapeMismatch,
                    $"{input.Ids.Length} ids of a table with {input.Table.Columns} columns, where the first has {tokens} and {hidden}",
                    input.Table.Name);
            }

            CheckIds(input.Ids.Span, input.Table.Rows, input.Table.Name);
            sources[i] = new RowSource { Table = input.Table.On(Backend), Ids = Saved(input.Ids.Span) };
            differentiable |= input.Table.RequiresGradient;
        }

        Tensor output = New(tokens, hidden, differentiable);
        Backend.Gather(new RowGather { Rows = tokens, Columns = hidden, Count = inputs.Length, Sources = sources, Output = output.Data });
        if (output.IsDifferentiable)
        {
            EmbeddingNode node = Record<EmbeddingNode>(output);
            for (int i = 0; i < inputs.Length; i++) node.Add(inputs[i].Table, sources[i].Ids, inputs[i].PaddingId);
        }

        return output;
    }

    /// <summary>Refuses ids outside [0, <paramref name="limit"/>).</summary>
    internal static void CheckIds(ReadOnlySpan<int> ids, int limit, string where)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] >= (uint)limit)
                throw new AteneaException(Catalogue.IdOutOfRange, $"id {ids[i]} at position {i}, but there are {limit} rows", where);
        }
    }
}

/// <summary>dTable[id] += dOutput of every token with that id, but for the padding id.</summary>
internal sealed class EmbeddingNode : TapeNode
{
    private readonly Parameter?[] _tables = new Parameter?[RowGather.MostTables];
    private readonly DeviceBuffer[] _ids = new DeviceBuffer[RowGather.MostTables];
    private readonly int[] _paddingIds = new int[RowGather.MostTables];
    private int _count;

    public void Add(Parameter table, DeviceBuffer ids, int paddingId)
    {
        _tables[_count] = table;
        _ids[_count] = ids;
        _paddingIds[_count] = paddingId;
        _count++;
    }

    public override void Backward(Tape tape)
    {
        for (int i = 0; i < _count; i++)
        {
            Parameter table = _tables[i]!;
            if (!table.RequiresGradient) continue;
            tape.Backend.Scatter(new RowScatter
            {
                Rows = Output.Rows,
                Columns = Output.Columns,
                OutputGradient = tape.OutputGradient(Output),
                Ids = _ids[i],
                SkippedId = _paddingIds[i],
                TableRows = table.Rows,
                Table = table.GradientForWriting(tape.Backend),
            });
        }
    }

    public override void Clear()
    {
        Array.Clear(_tables);
        _count = 0;
    }
}
