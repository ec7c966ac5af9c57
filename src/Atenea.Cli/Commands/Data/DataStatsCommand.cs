using System.CommandLine;
using System.Globalization;
using Atenea.Data;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary><c>atenea data stats</c>: rows, types, lengths and values of a file's columns, read as a stream.</summary>
internal static class DataStatsCommand
{
    private const int ValuesShown = 8;
    private const int LongestValueShown = 24;

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A data file, or several as a pattern in quotation marks: 'train-*.parquet'" };
        var command = new AteneaCommand("stats", "Count rows, types, lengths and values of a data file's columns.",
            "atenea data stats train.csv",
            "atenea data stats 'train-*.parquet' --json");
        command.Arguments.Add(file);
        command.SetAction(parse =>
        {
            using var status = new StatusLine(terminal);
            DataStatistics statistics = DataStatistics.Gather(parse.GetRequiredValue(file), progress: rows =>
            {
                if (status.IsDue) status.Show($"{rows} rows");
            });
            status.Clear();
            if (parse.GetValue(CommonOptions.Json)) terminal.WriteJson(ToJson(statistics));
            else Print(statistics, terminal);
        });
        return command;
    }

    private static object ToJson(DataStatistics statistics) => new
    {
        file = statistics.Source,
        format = Describe(statistics.Format),
        encoding = statistics.EncodingName,
        separator = statistics.Separator?.ToString(),
        rows = statistics.Rows,
        columns = statistics.Columns.Select(c => new
        {
            name = c.Name,
            type = c.Type,
            missing = c.Missing,
            empty = c.Empty,
            shortest = c.Shortest,
            mean_length = Math.Round(c.MeanLength, 2),
            longest = c.Longest,
            distinct = c.Values?.Count,
            values = c.Values?.ToDictionary(v => v.Key, v => v.Value),
        }),
        findings = statistics.Findings.Select(f => new
        {
            code = f.Code.Id,
            severity = f.Severity.ToString().ToLowerInvariant(),
            message = f.Message,
            count = f.Count,
            lines = f.Lines,
        }),
    };

    private static void Print(DataStatistics statistics, Terminal terminal)
    {
        string separator = statistics.Separator is { } s ? $", '{(s == '\t' ? "\\t" : s.ToString())}' between fields" : "";
        terminal.Output.WriteLine($"{statistics.Source}: {Number(statistics.Rows)} rows, {Describe(statistics.Format)}{(statistics.EncodingName is { } e ? $", {e}" : "")}{separator}");
        var table = new Table().Border(TableBorder.Simple);
        foreach (string title in new[] { "column", "type", "missing", "empty", "shortest", "mean", "longest", "values" }) table.AddColumn(title);
        foreach (ColumnStatistics c in statistics.Columns)
        {
            table.AddRow(Markup.Escape(c.Name), c.Type, Number(c.Missing), Number(c.Empty), Number(c.Shortest),
                c.MeanLength.ToString("0.0", CultureInfo.InvariantCulture), Number(c.Longest), Markup.Escape(Values(c)));
        }

        terminal.Rich.Write(table);
        foreach (Finding finding in statistics.Findings)
            terminal.Output.WriteLine($"{finding.Code.Id} {finding.Message}: {finding.Count}{(finding.Lines.Count > 0 ? $", first on line {finding.Lines[0]}" : "")}");
    }

    private static string Values(ColumnStatistics column)
    {
        if (column.Values is not { } values) return "long, or many";
        string shown = string.Join(", ", values.Take(ValuesShown).Select(v => $"{Shown(v.Key)} {Number(v.Value)}"));
        return values.Count > ValuesShown ? $"{shown}, {values.Count - ValuesShown} more" : shown;
    }

    private static string Shown(string value)
    {
        string line = string.Concat(value.Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length > LongestValueShown ? line[..LongestValueShown] + "…" : line;
    }

    private static string Describe(DataFormat format) => format switch
    {
        DataFormat.JsonLines => "JSON lines",
        DataFormat.JsonColumns => "JSON columns",
        DataFormat.Relations => "SemEval-2010 Task 8",
        DataFormat.Conll => "CoNLL columns",
        DataFormat.Text or DataFormat.Paragraphs or DataFormat.Parquet => format.ToString(),
        _ => format.ToString().ToUpperInvariant(),
    };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture).Replace(',', ' ');
}
