using Atenea.Errors;

namespace Atenea.Tensors;

public sealed unsafe partial class Tape
{
    internal static RelativeWork RelativeWorkOf(in RelativeTerms terms, in AttentionWork work) => !terms.Any ? default : new RelativeWork
    {
        RowOf = terms.Positions.Centre,
        FirstRow = terms.FirstRow,
        Heads = work.Heads,
        HeadSize = work.HeadSize,
        Scale = work.Scale,
        Bias = terms.Bias is null ? null : terms.Bias.Data,
        Keys = terms.Keys.Data,
        Queries = terms.Queries.Data,
    };

    /// <summary>Brings the gradients that the groups of sequences collected to the tables.</summary>
    internal static void AddRelativeGradients(Tape tape, in RelativeTerms terms, RelativeWork work)
    {
        if (terms.Bias is { RequiresGradient: true } bias)
        {
            float* target = bias.GradientForWriting(out bool accumulate);
            if (!accumulate) Elementwise.Clear(tape.Team, target, bias.Length);
            work.AddBiasGradients(target);
        }

        AddRelativeGradient(tape, terms.Keys, &work, work.KeyGradients, falling: true, 1f);
        AddRelativeGradient(tape, terms.Queries, &work, work.QueryGradients, falling: false, work.Scale);
    }

    private static void AddRelativeGradient(Tape tape, Tensor table, RelativeWork* work, float* gradients, bool falling, float factor)
    {
        if (table.IsEmpty || !NeedsGradient(table)) return;
        float* target = tape.GradientForWriting(table, out bool accumulate);
        if (!accumulate) Elementwise.Clear(tape.Team, target, table.Length);
        switch (Isa.Current)
        {
            case InstructionSet.Avx512: RelativeTables<Lanes512>.Reduce(tape, work, gradients, falling, factor, target); break;
            case InstructionSet.Avx2: RelativeTables<Lanes256>.Reduce(tape, work, gradients, falling, factor, target); break;
            default: RelativeTables<LanesPortable>.Reduce(tape, work, gradients, falling, factor, target); break;
        }
    }

    private static bool WantsGradient(in RelativeTerms terms) =>
        terms.Bias is { RequiresGradient: true } || (!terms.Keys.IsEmpty && NeedsGradient(terms.Keys)) || (!terms.Queries.IsEmpty && NeedsGradient(terms.Queries));

    private static void RequireRelativeShapes(int size, ReadOnlySpan<int> offsets, in AttentionSettings settings, in RelativeTerms terms)
    {
        if (!terms.Any) return;
        if (settings.KeysBefore is not null || settings.KeysAfter is not null || settings.Rotary is not null || KeyValueHeadsOf(settings) != settings.Heads)
            throw new AteneaException(Catalogue.ShapeMismatch, "terms of relative positions need every key seen by as many heads, and no rotary positions", "attention");
        if (terms.Bias is not null && !(terms.Keys.IsEmpty && terms.Queries.IsEmpty))
            throw new AteneaException(Catalogue.ShapeMismatch, "relative positions have a bias or terms of keys and queries, not both", "attention");
        int longest = 1;
        for (int s = 1; s < offsets.Length; s++) longest = Math.Max(longest, offsets[s] - offsets[s - 1]);
        if (longest - 1 > terms.Positions.Reach)
            throw new AteneaException(Catalogue.ShapeMismatch, $"a sequence of {longest} tokens, but distances are known to {terms.Positions.Reach}", "attention");
        (int first, int last) = terms.Positions.RowsOf(longest);
        int columns = settings.Heads * size;
        if (terms.Bias is { } bias) RequireTable(bias.Rows, bias.Columns, settings.Heads, terms.FirstRow, first, last);
        if (!terms.Keys.IsEmpty) RequireTable(terms.Keys.Rows, terms.Keys.Columns, columns, terms.FirstRow, first, last);
        if (!terms.Queries.IsEmpty) RequireTable(terms.Queries.Rows, terms.Queries.Columns, columns, terms.FirstRow, first, last);
    }

    private static void RequireTable(int rows, int columns, int expectedColumns, int firstRow, int first, int last)
    {
        if (columns != expectedColumns || first < firstRow || last >= firstRow + rows)
        {
            throw new AteneaException(Catalogue.ShapeMismatch,
                $"a table [{rows}, {columns}] whose first row is number {firstRow}; rows {first} to {last} of {expectedColumns} columns are needed", "relative positions");
        }
    }
}
