using System.Globalization;
using Atenea.Data;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary>The report of <c>atenea data check</c> for people.</summary>
internal static class DataCheckView
{
    private const int MostClasses = 20;
    private const int MostLines = 10;
    private const int BarWidth = 40;

    /// <summary>The remedy of findings that need none.</summary>
    private const string NoRemedy = "nothing";

    /// <summary>Prints a report.</summary>
    public static void Write(DataCheckReport report, Terminal terminal)
    {
        WriteFiles(report, terminal);
        WriteLabels(report, terminal);
        WriteScores(report, terminal);
        WriteBaseline(report, terminal);
        WriteLengths(report, terminal);
        foreach (FileCheckReport file in report.Files.Where(f => f.Findings.Count > 0)) WriteFindings(file, terminal);
        WriteVerdict(report, terminal);
    }

    private static void WriteFiles(DataCheckReport report, Terminal terminal)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("file", "split", "rows", "format", "encoding", "columns", "languages");
        foreach (FileCheckReport file in report.Files)
        {
            string rows = file.RowsRead > file.Rows ? $"{Count(file.Rows)} of {Count(file.RowsRead)}" : Count(file.Rows);
            long told = file.Languages.Values.Sum();
            IEnumerable<KeyValuePair<string, long>> common = file.Languages.Where(l => l.Value * 100 >= told).Take(3);
            string languages = string.Join(", ", common.Select(l => $"{l.Key} {Share((double)l.Value / told)}"));
            string name = SafeText.Markup(Path.GetFileName(file.File));
            table.AddRow(name, file.Split, rows, Format(file), file.Encoding ?? "", Columns(file), languages);
        }

        terminal.Rich.Write(table);
    }

    private static string Format(FileCheckReport file)
    {
        if (file.Format is not { } format) return "";
        if (file.Separator is not { } separator) return Name(format);
        return $"{Name(format)}, {(separator == '\t' ? "tabs" : SafeText.Markup($"'{separator}'"))}";
    }

    private static string Name(DataFormat format) => format switch
    {
        DataFormat.Csv => "CSV",
        DataFormat.Tsv => "TSV",
        DataFormat.Json => "JSON",
        DataFormat.JsonLines => "JSON lines",
        DataFormat.JsonColumns => "JSON columns",
        DataFormat.Text => "text",
        DataFormat.Paragraphs => "text, paragraphs",
        DataFormat.Conll => "CoNLL",
        DataFormat.Relations => "SemEval-2010 Task 8",
        _ => format.ToString(),
    };

    private static string Columns(FileCheckReport file)
    {
        bool IsRead(string column) =>
            file.Roles is { } roles && (column == roles.Text || column == roles.TextPair || roles.Label.Contains(column));

        return string.Join(", ", file.Columns.Select(c => IsRead(c) ? $"[bold]{SafeText.Markup(c)}[/]" : SafeText.Markup(c)));
    }

    private static void WriteLabels(DataCheckReport report, Terminal terminal)
    {
        FileCheckReport[] files = [.. report.Files.Where(f => f.Labels.Count > 0)];
        if (files.Length == 0) return;
        string[] labels = [.. files.SelectMany(f => f.Labels.Keys).Distinct()
            .OrderByDescending(l => files[0].Labels.GetValueOrDefault(l))
            .ThenByDescending(l => files.Sum(f => f.Labels.GetValueOrDefault(l)))];
        long most = Math.Max(1, files[0].Labels.Values.Max());
        var table = new Table().Border(TableBorder.Simple).AddColumn(files[0].Problem is null ? "tag type" : "label");
        foreach (FileCheckReport file in files)
        {
            table.AddColumn(new TableColumn(SafeText.Markup(file.Split)).RightAligned());
            table.AddColumn(new TableColumn("").RightAligned());
        }

        table.AddColumn("");
        foreach (string label in labels.Take(MostClasses))
        {
            var row = new List<string> { SafeText.Markup(label.Length == 0 || label != label.Trim() ? $"'{label}'" : label) };
            foreach (FileCheckReport file in files)
            {
                long count = file.Labels.GetValueOrDefault(label);
                row.Add(count == 0 ? "[red]0[/]" : Count(count));
                row.Add($"[dim]{Share((double)count / Math.Max(1, file.Labels.Values.Sum()))}[/]");
            }

            row.Add($"[blue]{Bar(files[0].Labels.GetValueOrDefault(label), most)}[/]");
            table.AddRow([.. row]);
        }

        if (labels.Length > MostClasses) table.AddRow([$"[dim]and {Count(labels.Length - MostClasses)} more[/]"]);
        terminal.Rich.Write(table);
    }

    private static void WriteScores(DataCheckReport report, Terminal terminal)
    {
        foreach (FileCheckReport file in report.Files)
        {
            foreach (ScoreReport score in file.Scores)
            {
                string figures = string.Create(CultureInfo.InvariantCulture,
                    $"from {score.Min:0.###} to {score.Max:0.###}, mean {score.Mean:0.###}, deviation {score.Deviation:0.###}");
                terminal.Output.WriteLine($"  {SafeText.Escape(score.Column)} of {file.Split}: {figures}");
            }
        }
    }

    private static void WriteBaseline(DataCheckReport report, Terminal terminal)
    {
        foreach (FileCheckReport file in report.Files)
        {
            if (file.Baseline is not { } b) continue;
            string words = $"Counting words reaches {Share(b.Accuracy)} accuracy on {SafeText.Escape(b.On)}";
            terminal.Output.WriteLine($"  {words}; always answering the most frequent label {Share(b.MajorityAccuracy)}.");
        }
    }

    private static void WriteLengths(DataCheckReport report, Terminal terminal)
    {
        FileCheckReport[] files = [.. report.Files.Where(f => f.Lengths is not null)];
        if (files.Length == 0) return;
        LengthReport first = files[0].Lengths!;
        var table = new Table().Border(TableBorder.Simple).Title($"Tokens of {SafeText.Markup(first.Model)}, at most {first.MaxLength}");
        table.Title!.Style = new Style(decoration: Decoration.Bold);
        table.AddColumn("split");
        string[] headings = ["shortest", "median", "90 %", "95 %", "99 %", "longest", "cut", "a word", "unknown"];
        foreach (string heading in headings) table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (FileCheckReport file in files)
        {
            LengthReport l = file.Lengths!;
            string cut = l.Truncated == 0 ? "0" : $"[yellow]{Count(l.Truncated)} ({Share(l.TruncatedShare)})[/]";
            table.AddRow(file.Split, Count(l.Min), Count(l.Median), Count(l.P90), Count(l.P95), Count(l.P99), Count(l.Max), cut,
                l.TokensPerWord.ToString("0.00", CultureInfo.InvariantCulture), Share(l.UnknownShare));
        }

        terminal.Rich.Write(table);
        long most = Math.Max(1, first.Histogram.Max(b => b.Rows));
        terminal.Rich.MarkupLine($"  [dim]texts of {SafeText.Markup(files[0].Split)} by their tokens[/]");
        int width = first.Histogram.Max(b => Count(b.To).Length);
        foreach (LengthBar bar in first.Histogram)
        {
            string colour = bar.From > first.MaxLength ? "yellow" : "blue";
            string range = $"{Count(bar.From).PadLeft(width)} to {Count(bar.To).PadLeft(width)}";
            terminal.Rich.MarkupLine($"  {range}  [{colour}]{Bar(bar.Rows, most)}[/] {Count(bar.Rows)}");
        }
    }

    private static void WriteFindings(FileCheckReport file, Terminal terminal)
    {
        terminal.Output.WriteLine();
        terminal.Rich.MarkupLine($"[bold]{SafeText.Markup(file.File)}[/]");
        foreach (CheckFinding finding in file.Findings)
        {
            string colour = finding.Severity switch { FindingSeverity.Error => "red", FindingSeverity.Warning => "yellow", _ => "blue" };
            string head = $"[{colour}]{finding.Severity.Name()}[/] [bold]{finding.Code.Id}[/]";
            string lines = Lines(finding) is { Length: > 0 } known ? $" [dim]({known})[/]" : "";
            string remedy = finding.Remedy == NoRemedy ? "" : $"\n[dim]try:[/] {SafeText.Markup(finding.Remedy)}";
            var text = new Markup($"{head} {SafeText.Markup(finding.Message)}{lines}{remedy}");
            terminal.Rich.Write(new Padder(text, new Padding(2, 0, 0, 0)));
        }
    }

    private static string Lines(CheckFinding finding)
    {
        if (finding.Lines.Count == 0) return "";
        string shown = string.Join(", ", finding.Lines.Take(MostLines));
        long all = Math.Max(finding.Count, finding.Lines.Count);
        string more = finding.Lines.Count > MostLines ? $" and {Count(all - MostLines)} more" : "";
        return $"{(finding.Lines.Count == 1 ? "line" : "lines")} {shown}{more}";
    }

    private static void WriteVerdict(DataCheckReport report, Terminal terminal)
    {
        CheckFinding[] all = [.. report.Files.SelectMany(f => f.Findings)];
        int errors = all.Count(f => f.Severity == FindingSeverity.Error), warnings = all.Count(f => f.Severity == FindingSeverity.Warning);
        terminal.Output.WriteLine();
        terminal.Rich.MarkupLine(report.Outcome switch
        {
            CheckOutcome.Reject when warnings > 0 =>
                $"[bold red]reject[/]: {Of(errors, "problem")} that would spoil a run, {Of(warnings, "warning")}",
            CheckOutcome.Reject => $"[bold red]reject[/]: {Of(errors, "problem")} that would spoil a run",
            CheckOutcome.Warn => $"[bold yellow]warn[/]: usable, {Of(warnings, "warning")}",
            _ => "[bold green]accept[/]: nothing to complain of",
        });

        static string Of(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
    }

    private static string Bar(long count, long most) =>
        count == 0 ? "" : new string('█', (int)Math.Max(1, Math.Round((double)count * BarWidth / most)));

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(double share) =>
        (share * 100).ToString(share is > 0 and < 0.001 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + " %";
}
