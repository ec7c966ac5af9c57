using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Data;

/// <summary>The first rows of a file.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">A cell for each column; null where a row has no value.</param>
public sealed record DataPreview(IReadOnlyList<string> Columns, IReadOnlyList<string?[]> Rows);

/// <summary>Turns data files into JSON lines or CSV, row by row, and shows their first rows.</summary>
public static class DataConverter
{
    private const int BufferBytes = 1 << 16;

    private static readonly string[] JsonEndings = [".jsonl", ".ndjson"];

    /// <summary>Writes a file's rows in another format, chosen by the output's name. The output appears complete or not at all.</summary>
    /// <param name="input">A file of a format that is read.</param>
    /// <param name="output">A .jsonl, .ndjson or .csv file.</param>
    /// <param name="columns">The columns that are wanted, in this order; all if left out.</param>
    /// <returns>The rows written.</returns>
    /// <exception cref="AteneaException">
    /// The input cannot be read or lacks a column, the output's format is not written (ATN0201) or its file cannot be (ATN0403).
    /// </exception>
    public static long Convert(string input, string output, IReadOnlyList<string>? columns = null)
    {
        string ending = Path.GetExtension(output).ToLowerInvariant();
        bool isJson = JsonEndings.Contains(ending);
        if (!isJson && ending != ".csv")
        {
            throw new AteneaException(Catalogue.DataFormatUnsupported,
                $"'{ending}' is not written, known are {string.Join(", ", JsonEndings)} and .csv", output,
                "give the output one of these endings");
        }

        long rows = 0;
        using RowSource source = RowSource.Open(input, columns);
        AtomicFile.Write(output, stream =>
        {
            var buffered = new BufferedStream(stream, BufferBytes); // Not disposed: the stream is the caller's.
            rows = isJson ? WriteJsonLines(source, buffered, long.MaxValue) : WriteCsv(source, buffered, input);
            buffered.Flush();
        });
        return rows;
    }

    /// <summary>Writes a file's first rows as JSON lines.</summary>
    /// <param name="input">A file of a format that is read.</param>
    /// <param name="output">Receives UTF-8.</param>
    /// <param name="count">Rows to write at most.</param>
    /// <param name="columns">The columns that are wanted, in this order; all if left out.</param>
    /// <returns>The rows written.</returns>
    /// <exception cref="AteneaException">The input cannot be read or lacks a column.</exception>
    public static long WriteHead(string input, Stream output, long count, IReadOnlyList<string>? columns = null)
    {
        using RowSource source = RowSource.Open(input, columns);
        return WriteJsonLines(source, output, count);
    }

    /// <summary>Reads a file's first rows.</summary>
    /// <param name="input">A file of a format that is read.</param>
    /// <param name="count">Rows to read at most.</param>
    /// <param name="columns">The columns that are wanted, in this order; all if left out.</param>
    /// <exception cref="AteneaException">The input cannot be read or lacks a column.</exception>
    public static DataPreview ReadHead(string input, int count, IReadOnlyList<string>? columns = null)
    {
        using RowSource source = RowSource.Open(input, columns);
        var rows = new List<string?[]>();
        while (rows.Count < count && source.Read()) rows.Add([.. Enumerable.Range(0, source.Columns.Count).Select(source.Cell)]);
        // A later row may have brought a column that the earlier ones lack.
        return new DataPreview([.. source.Columns], [.. rows.Select(Widened)]);

        string?[] Widened(string?[] row) =>
            row.Length == source.Columns.Count ? row : [.. row, .. new string?[source.Columns.Count - row.Length]];
    }

    private static long WriteJsonLines(RowSource source, Stream output, long most)
    {
        long rows = 0;
        for (; rows < most && source.Read(); rows++)
        {
            output.Write(source.Json());
            output.WriteByte((byte)'\n');
        }

        return rows;
    }

    private static long WriteCsv(RowSource source, Stream output, string input)
    {
        bool isRead = source.Read(); // Formats without a header know their columns after the first row.
        string[] columns = [.. source.Columns];
        if (columns.Distinct().Count() < columns.Length)
        {
            throw new AteneaException(Catalogue.ParquetColumnAmbiguous, $"CSV cannot tell the columns {string.Join(", ", columns)} apart",
                input,
                "convert to .jsonl, or choose columns");
        }

        using var writer = new StreamWriter(output, leaveOpen: true) { NewLine = "\n" };
        WriteCsvRow(writer, columns);
        long rows = 0;
        for (; isRead; isRead = source.Read(), rows++)
        {
            if (source.Columns.Count > columns.Length)
            {
                throw new AteneaException(Catalogue.DataFileMalformed,
                    $"row {rows + 1} brings the column '{source.Columns[columns.Length]}', which the rows before it lack", input,
                    "convert to .jsonl, or choose columns");
            }

            WriteCsvRow(writer, columns.Select((_, i) => source.Cell(i)));
        }

        return rows;
    }

    internal static void WriteCsvRow(StreamWriter writer, IEnumerable<string?> cells)
    {
        bool isFirst = true;
        foreach (string? cell in cells)
        {
            if (!isFirst) writer.Write(',');
            isFirst = false;
            if (cell is null) continue;
            // An empty text in quotation marks differs from no value, and a single empty cell from a blank line.
            bool isPlain = cell.Length > 0 && cell.AsSpan().IndexOfAny(",\"\r\n") < 0 && !char.IsWhiteSpace(cell[0])
                && !char.IsWhiteSpace(cell[^1]);
            writer.Write(isPlain ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        }

        writer.WriteLine();
    }
}
