using Atenea.Data;
using Atenea.Errors;
using Atenea.Pipelines;

namespace Atenea.Cli.Prediction;

/// <summary>Texts from the command line, a file or standard input, read as they are needed.</summary>
internal static class TextSource
{
    /// <summary>The texts of a file's column.</summary>
    /// <param name="file">A .csv, .tsv, .json, .jsonl or .txt file.</param>
    /// <param name="column">Column of the text.</param>
    /// <param name="pairColumn">Column of the second text; null for single texts.</param>
    /// <exception cref="AteneaException">The file cannot be read (ATN02xx, ATN04xx), or a row has no text (ATN0205).</exception>
    public static IEnumerable<TextInput> FromFile(string file, string column, string? pairColumn)
    {
        using TableReader reader = TableReader.Open(file);
        while (reader.Read())
        {
            string text = Cell(reader, column, file);
            yield return new TextInput(text, pairColumn is null ? null : Cell(reader, pairColumn, file));
        }
    }

    /// <summary>One text per line.</summary>
    public static IEnumerable<TextInput> FromLines(TextReader lines)
    {
        while (lines.ReadLine() is { } line) yield return line;
    }

    private static string Cell(TableReader reader, string column, string file)
    {
        for (int i = 0; i < reader.Columns.Count; i++)
        {
            if (reader.Columns[i] == column)
            {
                return reader.Cells[i] ?? throw new AteneaException(Catalogue.ColumnMissing, $"the row has no '{column}'", $"{file}: line {reader.Line}",
                    "give the row a text, or remove it");
            }
        }
        throw new AteneaException(Catalogue.ColumnMissing, $"'{column}'; the columns are {string.Join(", ", reader.Columns)}", $"{file}: line {reader.Line}",
            Suggestion.DidYouMean(column, reader.Columns) is { } near ? $"{near} Name the column with --column" : "name the column of the texts with --column");
    }
}
