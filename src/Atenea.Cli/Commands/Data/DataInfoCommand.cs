using System.CommandLine;
using System.Globalization;
using Atenea.Data;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary><c>atenea data info</c>: splits, rows, columns and classes of a file, a folder or a hub data set.</summary>
internal static class DataInfoCommand
{
    private const int ClassesShown = 12;

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var target = new Argument<string>("DATA") { Description = "A data file, a folder, or the name of a hub data set" };
        var name = OptionOf.Text("--name", "NAME", "Configuration of the data set");
        var revision = OptionOf.Text("--revision", "REVISION", "Branch, tag or commit of a hub data set");
        var command = new AteneaCommand("info", "Tell the splits, rows, columns and classes of a data set or a file.",
            "atenea data info cardiffnlp/tweet_eval --name emotion",
            "atenea data info train.parquet --json");
        command.Arguments.Add(target);
        command.Options.Add(name);
        command.Options.Add(revision);
        command.SetAction(parse =>
        {
            string data = parse.GetRequiredValue(target);
            bool isFile = File.Exists(data) || FilePattern.IsPattern(data) || (TableReader.CanRead(data) && !Directory.Exists(data));
            IReadOnlyList<SplitSummary> splits = isFile
                ? [SplitSummary.Read(data, FilePattern.Expand(data))]
                : new DatasetSource { Dataset = data, Name = parse.GetValue(name), Revision = parse.GetValue(revision) }.Summarise();
            if (parse.GetValue(CommonOptions.Json)) terminal.WriteJson(ToJson(data, splits), CliJson.Default.DataStructure);
            else Print(splits, terminal);
        });
        return command;
    }

    private static DataStructure ToJson(string data, IReadOnlyList<SplitSummary> splits) => new(data,
        [.. splits.Select(s => new SplitStructure(s.Name, s.Rows, s.Format.ToString(), s.Files,
            [.. s.Columns.Select(c => new ColumnStructure(c.Name, c.Type, c.Classes))]))]);

    private static void Print(IReadOnlyList<SplitSummary> splits, Terminal terminal)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("split", "rows", "files", "columns");
        foreach (SplitSummary split in splits)
        {
            table.AddRow(Markup.Escape(split.Name), split.Rows.ToString("N0", CultureInfo.InvariantCulture).Replace(',', ' '),
                split.Files.Count.ToString(CultureInfo.InvariantCulture), Markup.Escape(string.Join(", ", split.Columns.Select(Describe))));
        }

        terminal.Rich.Write(table);
    }

    private static string Describe((string Name, string Type, IReadOnlyList<string>? Classes) column)
    {
        if (column.Classes is not { } classes) return $"{column.Name} ({column.Type})";
        string more = classes.Count > ClassesShown ? $" and {classes.Count - ClassesShown} more" : "";
        return $"{column.Name} (class: {string.Join(", ", classes.Take(ClassesShown))}{more})";
    }
}

/// <summary>What <c>atenea data info</c> prints for programs.</summary>
internal sealed record DataStructure(string Data, IReadOnlyList<SplitStructure> Splits);

/// <summary>A split.</summary>
internal sealed record SplitStructure(
    string Name, long Rows, string Format, IReadOnlyList<string> Files, IReadOnlyList<ColumnStructure> Columns);

/// <summary>A column; with names of its classes where the file has them.</summary>
internal sealed record ColumnStructure(string Name, string Type, IReadOnlyList<string>? Classes);
