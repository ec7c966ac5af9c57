using System.CommandLine;
using Atenea.Data;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary><c>atenea data head</c>: the first rows of a file.</summary>
internal static class DataHeadCommand
{
    private const int DefaultRows = 5;
    private const int LongestCell = 120;

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A .parquet, .csv, .tsv, .json, .jsonl or .txt file" };
        var rows = OptionOf.UsualNumber("--rows", $"Rows to show; {DefaultRows} if left out", 1, int.MaxValue, usual: DefaultRows);
        Option<string[]> columns = Columns();
        var command = new AteneaCommand("head", "Show the first rows of a data file.",
            "atenea data head train.parquet --rows 10",
            "atenea data head train.parquet --columns text label --json");
        command.Arguments.Add(file);
        command.Options.Add(rows);
        command.Options.Add(columns);
        command.SetAction(parse =>
        {
            string path = parse.GetRequiredValue(file);
            int count = parse.GetValue(rows);
            if (parse.GetValue(CommonOptions.Json)) DataConverter.WriteHead(path, terminal.OutputStream, count, parse.Given(columns));
            else Print(DataConverter.ReadHead(path, count, parse.Given(columns)), terminal);
        });
        return command;
    }

    /// <summary>The option for choosing columns.</summary>
    internal static Option<string[]> Columns() =>
        OptionOf.Texts("--columns", "NAME", "Columns that are wanted, in this order; all if left out");

    private static void Print(DataPreview preview, Terminal terminal)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in preview.Columns) table.AddColumn(Markup.Escape(column));
        foreach (string?[] row in preview.Rows) table.AddRow([.. row.Select(Shown)]);
        if (preview.Columns.Count > 0) terminal.Rich.Write(table);
        if (preview.Rows.Count == 0) terminal.Error.WriteLine("no rows");
    }

    private static string Shown(string? cell)
    {
        if (cell is null) return "[dim]null[/]";
        string line = string.Concat(cell.Take(LongestCell + 1).Select(c => char.IsControl(c) ? ' ' : c));
        if (line.Length > LongestCell) line = line[..(char.IsHighSurrogate(line[LongestCell - 1]) ? LongestCell - 1 : LongestCell)] + "…";
        return Markup.Escape(line);
    }
}
