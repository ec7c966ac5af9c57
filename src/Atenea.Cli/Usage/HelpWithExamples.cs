using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Atenea.Cli;

/// <summary>The usual help, followed by the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    /// <summary>Puts it in place of a root command's help, which its commands share.</summary>
    public static void Install(RootCommand root)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int exit = usual.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is AteneaCommand command)
        {
            if (command.Notes is { } notes) output.WriteLine(notes + Environment.NewLine);
            output.WriteLine(command.Examples.Count == 1 ? "Example:" : "Examples:");
            foreach (string example in command.Examples) output.WriteLine("  " + example);
        }
        else
        {
            output.WriteLine("Example:");
            output.WriteLine("  atenea train examples/emotion/config.yaml");
        }

        output.WriteLine();
        return exit;
    }
}
