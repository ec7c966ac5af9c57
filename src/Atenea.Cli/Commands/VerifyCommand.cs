using System.CommandLine;
using Atenea.Errors;
using Atenea.Tensors;
using Atenea.Training;

namespace Atenea.Cli;

/// <summary><c>atenea verify</c>: this engine against reference dumps; exit code 1 if any tensor falls short.</summary>
internal static class VerifyCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var folders = new Argument<string[]>("DIR")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "Case folders, or folders that hold them",
        };
        var output = OptionOf.Text(
            "--output", "FILE", "Save every tensor that was computed, under the case's own names, as safetensors; for one case");
        var command = new AteneaCommand("verify",
            "Compare this engine with reference dumps of PyTorch, tensor by tensor: outputs, gradients, training traces.",
            "atenea verify ../shared/goldens/models/bert-seq-cls",
            "atenea verify ../shared/goldens/models/bert-seq-cls --output computed.safetensors")
        {
            Notes = "A tensor passes when its largest error is at most "
                + "max(10 x PyTorch's own error in float32, 2e-6 x its largest value, 1e-6).",
        };
        command.Arguments.Add(folders);
        command.Options.Add(output);
        command.SetAction(parse =>
        {
            bool json = parse.GetValue(CommonOptions.Json);
            string[] paths = parse.GetRequiredValue(folders);
            string? target = parse.GetValue(output);
            using var backend = Backend.Create(threads: CommonOptions.ThreadsOf(parse));
            using var status = new StatusLine(terminal);
            VerificationReport report = Verifier.Run(paths, backend, finished =>
            {
                if (status.IsDue) status.Show(finished.Name);
            });
            status.Clear();
            if (report.Cases is [{ Failure: { } failure }]) throw failure;
            if (target is not null && report.Cases.Count != 1)
            {
                throw new AteneaException(Catalogue.OptionConflict,
                    $"--output takes one case, {report.Cases.Count} were found", "atenea verify", "name a single case folder");
            }

            if (target is not null) report.Cases[0].SaveOutputs(target);
            if (json)
                terminal.Output.WriteLine(report.ToJson().ToJsonString());
            else
                terminal.Output.Write(report.ToText());
            return report.Passed ? 0 : 1;
        });
        return command;
    }
}
