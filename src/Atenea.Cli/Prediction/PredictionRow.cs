using Atenea.Data;
using Atenea.Errors;

namespace Atenea.Cli;

/// <summary>One thing to answer: the named texts of a line of a file, or of the command line.</summary>
internal sealed class PredictionRow
{
    private readonly IReadOnlyDictionary<string, string?> _cells;
    private readonly string _where;
    private readonly string _option;

    private PredictionRow(IReadOnlyDictionary<string, string?> cells, string where, string option)
    {
        _cells = cells;
        _where = where;
        _option = option;
    }

    /// <summary>A text that was given alone.</summary>
    public static PredictionRow Of(string column, string text) => Of((column, text));

    /// <summary>Texts that were given by options of the same names.</summary>
    public static PredictionRow Of(params ReadOnlySpan<(string Column, string Text)> cells)
    {
        var row = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach ((string column, string text) in cells) row[column] = text;
        return new PredictionRow(row, "the command line", "give");
    }

    /// <summary>The rows of a file, read as they are needed.</summary>
    /// <exception cref="AteneaException">The file cannot be read (ATN02xx, ATN04xx) or has no row (ATN0206).</exception>
    public static IEnumerable<PredictionRow> FromFile(string file)
    {
        using TableReader reader = TableReader.Open(file);
        bool any = false;
        while (reader.Read())
        {
            any = true;
            var row = new Dictionary<string, string?>(StringComparer.Ordinal);
            for (int i = 0; i < reader.Columns.Count; i++) row[reader.Columns[i]] = reader.Cells[i];
            yield return new PredictionRow(row, $"{file}: line {reader.Line}", "name");
        }

        if (!any) throw new AteneaException(Catalogue.DatasetEmpty, "no row to answer", file);
    }

    /// <summary>One text per line.</summary>
    public static IEnumerable<PredictionRow> FromLines(string column, TextReader lines)
    {
        while (lines.ReadLine() is { } line) yield return Of(column, line);
    }

    /// <summary>The text of a column.</summary>
    /// <exception cref="AteneaException">The row has none (ATN0205).</exception>
    public string Get(string column)
    {
        if (_cells.TryGetValue(column, out string? text))
        {
            return text ?? throw new AteneaException(Catalogue.ColumnMissing, $"the row has no '{column}'", _where, "give the row a text, or remove it");
        }

        string[] columns = [.. _cells.Keys];
        string remedy = column == PairColumns.Usual ? "give the second text with --pair, or a file with --input and --pair-column"
            : _option == "give" ? "give a file with --input, with columns of these names"
            : Suggestion.DidYouMean(column, columns) is { } near ? $"{near} Name the column with an option such as --column"
            : "name the column of the texts with --column";
        throw new AteneaException(Catalogue.ColumnMissing, $"'{column}'; the columns are {string.Join(", ", columns)}", _where, remedy);
    }

    /// <summary>The text of a column, or null where the row has none.</summary>
    public string? Find(string column) => _cells.GetValueOrDefault(column);
}
