using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Rows with the kinds of their cells.</summary>
/// <param name="Data">The rows.</param>
/// <param name="Kinds">The kinds by column, one per row.</param>
/// <param name="IsTyped">Whether the format has types at all; in others every cell is text.</param>
internal sealed record TypedRows(Dataset Data, IReadOnlyDictionary<string, IReadOnlyList<CellKind>> Kinds, bool IsTyped)
{
    /// <summary>Whether reading stopped because of a limit, so that more rows may follow.</summary>
    public bool IsCut { get; private init; }

    /// <summary>
    /// Reads what a reader has left, or as much of it as is to be held at once. What ends the reading early goes to the log; the rows
    /// before it are kept.
    /// </summary>
    /// <param name="reader">The reader.</param>
    /// <param name="mostRows">Most rows to read.</param>
    /// <param name="mostCharacters">Characters of cells after which reading stops.</param>
    public static TypedRows Read(TableReader reader, int mostRows, long mostCharacters)
    {
        long characters = 0;
        var kinds = new List<List<CellKind>>();
        var cells = new List<List<string?>>();
        var lines = new List<long>();
        try
        {
            while (lines.Count < mostRows && characters < mostCharacters && reader.Read())
            {
                while (cells.Count < reader.Columns.Count)
                {
                    cells.Add([.. Enumerable.Repeat<string?>(null, lines.Count)]);
                    kinds.Add([.. Enumerable.Repeat(CellKind.Missing, lines.Count)]);
                }

                for (int i = 0; i < cells.Count; i++)
                {
                    cells[i].Add(reader.Cells[i]);
                    characters += reader.Cells[i]?.Length ?? 0;
                    kinds[i].Add(reader.Kind(i));
                }

                lines.Add(reader.Line);
            }
        }
        catch (AteneaException failure) when (failure.Code != Catalogue.FileMissing && failure.Code != Catalogue.FileUnreadable)
        {
            reader.Log.Failure(failure);
        }

        bool typed = reader.Format is DataFormat.Json or DataFormat.JsonLines or DataFormat.JsonColumns or DataFormat.Parquet;
        return new TypedRows(Dataset.FromRows(reader, cells, lines),
            cells.Select((_, i) => i).ToDictionary(i => reader.Columns[i], i => (IReadOnlyList<CellKind>)kinds[i], StringComparer.Ordinal),
            typed)
        {
            IsCut = lines.Count >= mostRows || characters >= mostCharacters,
        };
    }
}
