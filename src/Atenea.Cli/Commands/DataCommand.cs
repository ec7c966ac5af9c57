using System.CommandLine;
using Atenea.Cli.Output;
using Atenea.Cli.Usage;

namespace Atenea.Cli.Commands;

/// <summary><c>atenea data</c>: looks at data files and converts them. One file per subcommand in the folder <c>Data</c>.</summary>
internal static class DataCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new AteneaCommand("data", "Look at data files and convert them.",
            "atenea data head train.parquet",
            "atenea data convert train.parquet --output train.jsonl");
        command.Subcommands.Add(DataHeadCommand.Create(terminal));
        command.Subcommands.Add(DataConvertCommand.Create(terminal));
        return command;
    }
}
