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
        var rows = new Option<int>("--rows")
        {
            Description = $"Rows to show; {DefaultRows} if left out",
            HelpName = "N",
            CustomParser = r => CommonOptions.Parse(r, 1, int.MaxValue),
            DefaultValueFactory = _ => DefaultRows,
        };
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
            if (parse.GetValue(CommonOptions.Json)) DataConverter.WriteHead(path, terminal.OutputStream, count, Chosen(parse, columns));
            else Print(DataConverter.ReadHead(path, count, Chosen(parse, columns)), terminal);
        });
        return command;
    }

    /// <summary>The option for choosing columns.</summary>
    internal static Option<string[]> Columns() => new("--columns")
    {
        Description = "Columns that are wanted, in this order; all if left out",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>The columns chosen; null for all.</summary>
    internal static string[]? Chosen(ParseResult parse, Option<string[]> columns) => parse.GetValue(columns) is { Length: > 0 } chosen ? chosen : null;

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
