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
        var file = new Argument<string>("FILE")
        {
            Description = "A data file, or several as a pattern in quotation marks: 'train-*.parquet'",
        };
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
            if (parse.GetValue(CommonOptions.Json)) terminal.WriteJson(ToJson(statistics), CliJson.Default.FileStatistics);
            else Print(statistics, terminal);
        });
        return command;
    }

    private static FileStatistics ToJson(DataStatistics statistics) => new(
        statistics.Source,
        Describe(statistics.Format),
        statistics.EncodingName,
        statistics.Separator,
        statistics.Rows,
        [.. statistics.Columns.Select(c => new ColumnFigures(
            c.Name, c.Type, c.Missing, c.Empty, c.Shortest, Math.Round(c.MeanLength, 2), c.Longest, c.Values?.Count,
            c.Values?.ToDictionary(v => v.Key, v => v.Value)))],
        [.. statistics.Findings.Select(f => new FoundWhileReading(f.Code.Id, f.Severity.Name(), f.Message, f.Count, f.Lines))]);

    private static void Print(DataStatistics statistics, Terminal terminal)
    {
        string separator = statistics.Separator is { } s ? $", '{(s == '\t' ? "\\t" : s.ToString())}' between fields" : "";
        string encoding = statistics.EncodingName is { } e ? $", {e}" : "";
        string rows = $"{Number(statistics.Rows)} rows, {Describe(statistics.Format)}";
        terminal.Output.WriteLine($"{statistics.Source}: {rows}{encoding}{separator}");
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("column", "type", "missing", "empty", "shortest", "mean", "longest", "values");
        foreach (ColumnStatistics c in statistics.Columns)
        {
            table.AddRow(Markup.Escape(c.Name), c.Type, Number(c.Missing), Number(c.Empty), Number(c.Shortest),
                c.MeanLength.ToString("0.0", CultureInfo.InvariantCulture), Number(c.Longest), Markup.Escape(Values(c)));
        }

        terminal.Rich.Write(table);
        foreach (Finding finding in statistics.Findings)
        {
            string first = finding.Lines.Count > 0 ? $", first on line {finding.Lines[0]}" : "";
            terminal.Output.WriteLine($"{finding.Code.Id} {finding.Message}: {finding.Count}{first}");
        }
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

/// <summary>What <c>atenea data stats</c> prints for programs.</summary>
internal sealed record FileStatistics(
    string File,
    string Format,
    string? Encoding,
    char? Separator,
    long Rows,
    IReadOnlyList<ColumnFigures> Columns,
    IReadOnlyList<FoundWhileReading> Findings);

/// <summary>Figures of a column.</summary>
internal sealed record ColumnFigures(
    string Name,
    string Type,
    long Missing,
    long Empty,
    long Shortest,
    double MeanLength,
    long Longest,
    int? Distinct,
    IReadOnlyDictionary<string, long>? Values);

/// <summary>What was found wrong while reading.</summary>
internal sealed record FoundWhileReading(string Code, string Severity, string Message, long Count, IReadOnlyList<long> Lines);
