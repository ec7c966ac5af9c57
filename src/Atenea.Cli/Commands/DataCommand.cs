using System.CommandLine;
using Atenea.Hub;

namespace Atenea.Cli;

/// <summary>
/// <c>atenea data</c>: finds data sets, looks at data files and converts them. One file per subcommand in the folder <c>Data</c>.
/// </summary>
internal static class DataCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var repositories = new RepositoryCommands(terminal, RepositoryKind.Dataset, "data", "stanfordnlp/imdb");
        var command = new AteneaCommand("data", "Find and download data sets; check, look at and convert data files.",
            "atenea data search emotion",
            "atenea data pull stanfordnlp/imdb",
            "atenea data check train.csv test.csv",
            "atenea data head train.parquet",
            "atenea data convert train.parquet --output train.jsonl");
        command.Subcommands.Add(DataPullCommand.Create(terminal, repositories));
        command.Subcommands.Add(repositories.CreateList());
        command.Subcommands.Add(repositories.CreateRemove());
        command.Subcommands.Add(repositories.CreateSearch());
        command.Subcommands.Add(DataInfoCommand.Create(terminal));
        command.Subcommands.Add(DataCheckCommand.Create(terminal));
        command.Subcommands.Add(DataHeadCommand.Create(terminal));
        command.Subcommands.Add(DataConvertCommand.Create(terminal));
        command.Subcommands.Add(DataStatsCommand.Create(terminal));
        command.Subcommands.Add(DataSplitCommand.Create(terminal));
        return command;
    }
}
