using System.Globalization;
using System.Text;
using Atenea.Data;
using Atenea.Errors;

namespace Atenea.Pipelines;

/// <summary>One thing to answer: the named texts of a line of a file, or of a request.</summary>
public sealed class TextRow
{
    private readonly IReadOnlyDictionary<string, string?> _cells;
    private readonly string? _where;

    /// <summary>Named texts.</summary>
    /// <param name="cells">Texts by their columns; null where a row has none.</param>
    /// <param name="where">The file and line that they come from; null where they were given one by one.</param>
    public TextRow(IReadOnlyDictionary<string, string?> cells, string? where = null)
    {
        _cells = cells;
        _where = where;
    }

    /// <summary>Column of the texts where none is named.</summary>
    public const string UsualText = "text";

    /// <summary>Column of the second texts where none is named.</summary>
    public const string UsualPair = "pair";

    /// <summary>A text that was given alone, or with a second one.</summary>
    public static TextRow Of(string text, string? pair = null)
    {
        var cells = new Dictionary<string, string?>(StringComparer.Ordinal) { [UsualText] = text };
        if (pair is not null) cells[UsualPair] = pair;
        return new TextRow(cells);
    }

    /// <summary>The rows of a file, read as they are needed.</summary>
    /// <exception cref="AteneaException">The file cannot be read (ATN02xx, ATN04xx) or has no row (ATN0206).</exception>
    public static IEnumerable<TextRow> FromFile(string file)
    {
        using TableReader reader = TableReader.Open(file);
        bool any = false;
        while (reader.Read())
        {
            any = true;
            var cells = new Dictionary<string, string?>(StringComparer.Ordinal);
            for (int i = 0; i < reader.Columns.Count; i++) cells[reader.Columns[i]] = reader.Cells[i];
            yield return new TextRow(cells, $"{file}: line {reader.Line}");
        }

        if (!any) throw new AteneaException(Catalogue.DatasetEmpty, "no row to answer", file);
    }

    /// <summary>One text per line of UTF-8, read as they are needed.</summary>
    /// <exception cref="AteneaException">
    /// There are bytes that are not UTF-8 (ATN0204): a stream cannot be looked at twice to guess what they are.
    /// </exception>
    public static IEnumerable<TextRow> FromLines(Stream bytes)
    {
        using var lines = new StreamReader(bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        for (long number = 1; ReadLine(lines, number) is { } line; number++) yield return Of(line);
    }

    private static string? ReadLine(StreamReader lines, long number)
    {
        try
        {
            return lines.ReadLine();
        }
        catch (DecoderFallbackException e)
        {
            throw new AteneaException(Catalogue.TextEncodingInvalid, "bytes that are not UTF-8", $"standard input: line {number} or after",
                "pipe in UTF-8, or give a file with --input, whose encoding is recognised", e);
        }
    }

    /// <summary>The text of a column.</summary>
    /// <exception cref="AteneaException">The row has none (ATN0205).</exception>
    public string Get(string column)
    {
        if (_cells.TryGetValue(column, out string? text))
            return text ?? throw Missing($"the row has no '{column}'", "give the row a text, or remove it");
        string[] columns = [.. _cells.Keys];
        string remedy = column == UsualPair ? "give the second text with --pair, or a file with --input and --pair-column"
            : _where is null ? "give a file with --input, with columns of these names"
            : Suggestion.DidYouMean(column, columns) is { } near ? $"{near} Name the column with an option such as --column"
            : "name the column of the texts with --column";
        throw Missing($"'{column}'; the columns are {string.Join(", ", columns)}", remedy);
    }

    /// <summary>The text of a named column; of none that of the model's column where the row has it, else of <c>text</c>.</summary>
    /// <param name="column">The column, or null where none is named.</param>
    /// <param name="trained">What the model was trained with.</param>
    /// <exception cref="AteneaException">The row has none (ATN0205).</exception>
    public string Text(string? column, ModelSettings trained) =>
        column is not null ? Get(column) : (trained.Text is { } known ? Find(known) : null) ?? Get(UsualText);

    /// <summary>The text of a column, or null where the row has none.</summary>
    public string? Find(string column) => _cells.GetValueOrDefault(column);

    /// <summary>The number of a column.</summary>
    /// <exception cref="AteneaException">The row has none (ATN0205), or it is no number (ATN0103).</exception>
    public double Number(string column)
    {
        string text = Get(column);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)) return number;
        throw new AteneaException(Catalogue.ArgumentWrong, $"'{column}' is '{text}', no number", _where, "name a column of numbers");
    }

    private AteneaException Missing(string what, string remedy) =>
        new(Catalogue.ColumnMissing, what, _where ?? "the command line", remedy);
}
