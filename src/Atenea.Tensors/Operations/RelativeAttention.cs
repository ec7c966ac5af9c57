using Atenea.Errors;

namespace Atenea.Tensors;

public sealed partial class Tape
{
    private RelativeOperands RelativeOperandsOf(in RelativeTerms terms) => !terms.Any ? default : new()
    {
        Positions = terms.Positions,
        FirstRow = terms.FirstRow,
        Bias = terms.Bias is null ? DeviceBuffer.None : terms.Bias.On(Backend),
        Keys = terms.Keys.Data,
        Queries = terms.Queries.Data,
        BiasRows = terms.Bias?.Rows ?? 0,
        KeyRows = terms.Keys.Rows,
        QueryRows = terms.Queries.Rows,
    };

    private static bool WantsGradient(in RelativeTerms terms) =>
        terms.Bias is { RequiresGradient: true } || NeedsGradient(terms.Keys) || NeedsGradient(terms.Queries);

    private static void RequireRelativeShapes(int size, ReadOnlySpan<int> offsets, in AttentionSettings settings, in RelativeTerms terms)
    {
        if (!terms.Any) return;
        bool limited = settings.KeysBefore is not null || settings.KeysAfter is not null;
        if (limited || settings.Rotary is not null || KeyValueHeadsOf(settings) != settings.Heads)
            throw Misfit("terms of relative positions need every key seen by as many heads, and no rotary positions");
        if (terms.Bias is not null && !(terms.Keys.IsEmpty && terms.Queries.IsEmpty))
            throw Misfit("relative positions have a bias or terms of keys and queries, not both");
        int longest = 1;
        for (int s = 1; s < offsets.Length; s++) longest = Math.Max(longest, offsets[s] - offsets[s - 1]);
        if (longest - 1 > terms.Positions.Reach)
            throw Misfit($"a sequence of {longest} tokens, but distances are known to {terms.Positions.Reach}");
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
                $"a table [{rows}, {columns}] whose first row is number {firstRow}; "
                    + $"rows {first} to {last} of {expectedColumns} columns are needed",
                "relative positions");
        }
    }
}
