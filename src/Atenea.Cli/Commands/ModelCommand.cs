using System.CommandLine;
using Atenea.Hub;

namespace Atenea.Cli;

/// <summary><c>atenea model</c>: models of the hub, of the cache and of folders.</summary>
internal static class ModelCommand
{
    /// <summary>Builds the group.</summary>
    public static Command Create(Terminal terminal)
    {
        var repositories = new RepositoryCommands(terminal, RepositoryKind.Model, "model", "distilbert/distilbert-base-uncased");
        var command = new AteneaCommand("model", "Find, download, examine, compare and delete models.",
            "atenea model search --task fill-mask --tag es",
            "atenea model pull distilbert/distilbert-base-uncased",
            "atenea model info all-MiniLM-L6-v2");
        command.Subcommands.Add(repositories.CreatePull());
        command.Subcommands.Add(repositories.CreateList());
        command.Subcommands.Add(ModelInfoCommand.Create(terminal));
        command.Subcommands.Add(ModelCompareCommand.Create(terminal));
        command.Subcommands.Add(repositories.CreateRemove());
        command.Subcommands.Add(repositories.CreateSearch());
        return command;
    }
}
