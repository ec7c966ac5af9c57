using Atenea.Training;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary>Figures of an evaluation for people: metrics, classification report, confusion matrix.</summary>
internal static class EvaluationView
{
    private const int LabelsShown = 20;

    /// <summary>Writes them all.</summary>
    public static void Write(EvaluationResult result, Terminal terminal)
    {
        WriteMetrics(result, terminal);
        if (result.Report is { } report) terminal.Output.WriteLine(report);
        if (result.ConfusionMatrix is not { } matrix || result.Labels.Count > LabelsShown) return;
        var table = new Table().Border(TableBorder.Simple).AddColumn("true \\ predicted");
        foreach (string label in result.Labels) table.AddColumn(new TableColumn(Markup.Escape(label)).RightAligned());
        for (int i = 0; i < matrix.Length; i++)
        {
            table.AddRow([
                Markup.Escape(result.Labels[i]),
                .. matrix[i].Select((count, j) => $"[{(i == j ? "bold" : count == 0 ? "dim" : "default")}]{count}[/]")]);
        }

        terminal.Rich.Write(table);
    }

    /// <summary>Writes one line per metric.</summary>
    public static void WriteMetrics(EvaluationResult result, Terminal terminal)
    {
        foreach ((string name, double value) in result.Metrics)
            terminal.Output.WriteLine(FormattableString.Invariant($"{name,-20}{value,10:0.0000}"));
        terminal.Output.WriteLine($"{"rows",-20}{result.Rows,10}");
    }
}
