using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary><c>atenea doctor</c>: processor, instruction sets, memory, cache, versions; exit code 1 if something is missing.</summary>
internal static class DoctorCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new AteneaCommand("doctor", "Show what this machine and installation have: processor, memory, models, versions.",
            "atenea doctor", "atenea doctor --json");
        command.SetAction(parse =>
        {
            DoctorReport report = Doctor.Examine();
            if (parse.GetValue(CommonOptions.Json))
                terminal.WriteJson(report, CliJson.Default.DoctorReport);
            else
                Print(report, parse.GetValue(CommonOptions.Threads), terminal.Rich);
            return report.Healthy ? 0 : 1;
        });
        return command;
    }

    private static void Print(DoctorReport report, int? threads, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("").AddColumn("");
        void Row(string name, string value) => table.AddRow($"[bold]{name}[/]", Markup.Escape(value));

        Row("Atenea", $"{report.Atenea} on {report.Runtime}");
        Row("System", report.System);
        Row("Processor", report.Processor);
        int processors = report.LogicalProcessors;
        Row("Threads", threads is { } chosen ? $"{chosen} of {processors} processors" : $"{processors}, one per processor");
        Row("Kernels", string.Join(", ", report.InstructionSets.Select(s => s == report.InstructionSet ? s + " (in use)" : s))
            + (report.InstructionSetForcedBy is { } variable ? $", forced by {variable}" : ""));
        string available = report.MemoryAvailableBytes is { } free ? $", {Gibibytes(free)} free" : "";
        Row("Memory", $"{Gibibytes(report.MemoryTotalBytes)} in all{available}");
        Row("Cache", report.Cache.Exists ? report.Cache.Folder : report.Cache.Folder + " (does not exist)");
        foreach (string model in report.Cache.Models) Row("", "model   " + model);
        foreach (string dataset in report.Cache.Datasets) Row("", "dataset " + dataset);
        Row("Embedded model", report.EmbeddedModel.Problem is null
            ? $"{report.EmbeddedModel.Id}, {report.EmbeddedModel.Tensors} tensors, in order"
            : $"{report.EmbeddedModel.Id}: {report.EmbeddedModel.Problem}");
        console.Write(table);
    }

    private static string Gibibytes(long bytes) => (bytes / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture) + " GiB";
}
