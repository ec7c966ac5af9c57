using System.CommandLine;
using System.Text.Json.Nodes;
using Atenea.Errors;
using Atenea.Training;

namespace Atenea.Cli;

/// <summary><c>atenea train</c>: a run from its config, or an interrupted one from its folder.</summary>
internal static class TrainCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <param name="settings">Keys of the config to change, by dotted name.</param>
    public static Command Create(Terminal terminal, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var config = new Argument<string?>("CONFIG") { Arity = ArgumentArity.ZeroOrOne, Description = "The run's config, a YAML file" };
        var resume = OptionOf.Text("--resume", "RUN", "Go on with an interrupted run from its last/");
        var command = new AteneaCommand("train", "Fine-tune a model as a config says; the results are in the run's folder.",
            "atenea train examples/emotion/config.yaml",
            "atenea train examples/emotion/config.yaml --training.seed 1 --training.output_dir runs/emotion-1",
            "atenea train --resume runs/emotion")
        {
            TakesSettings = true,
            Notes = "Any key of the config is changed by its dotted name: --training.learning_rate 2e-5. "
                + "Ctrl-C saves the run, which --resume continues.",
        };
        command.Arguments.Add(config);
        command.Options.Add(resume);
        command.SetAction(parse =>
        {
            string? file = parse.GetValue(config), run = parse.GetValue(resume);
            if (file is not null && run is not null)
            {
                throw new AteneaException(Catalogue.OptionConflict,
                    "a config and --resume", "atenea train", "the run's folder has its config: leave CONFIG out");
            }

            if (file is null && run is null)
            {
                throw new AteneaException(Catalogue.ArgumentWrong,
                    "there is no config", "atenea train", "name a config, for example examples/emotion/config.yaml");
            }

            using var display = new TrainingDisplay(terminal);
            using var interruption = new Interruption(() => display.Notice("stopping after this step; once more stops at once"));
            var options = new TrainingRunOptions
            {
                Threads = CommonOptions.ThreadsOf(parse),
                Observer = display,
                Cancellation = interruption.Token,
            };
            TrainingRunResult result = run is not null
                ? TrainingRun.Resume(run, settings, options)
                : TrainingRun.Train(ConfigReader.Read(file!, settings), options);
            display.Dispose();
            return Report(result, parse.GetValue(CommonOptions.Json), terminal);
        });
        return command;
    }

    private static int Report(TrainingRunResult result, bool json, Terminal terminal)
    {
        RunFolder folder = result.Folder;
        if (result.IsInterrupted)
        {
            terminal.Error.WriteLine(
                $"stopped after step {result.State.GlobalStep} of {result.State.MaxSteps}; saved in {folder.Last}. Go on with:");
            terminal.Error.WriteLine($"  {result.ResumeCommand}");
            return Application.Interrupted;
        }

        if (json)
        {
            terminal.Output.WriteLine(JsonNode.Parse(File.ReadAllText(folder.Metrics))!.ToJsonString());
            return 0;
        }

        if ((result.Test ?? result.Validation) is { } final)
        {
            terminal.Output.WriteLine(result.Test is null ? "validation" : "test");
            EvaluationView.WriteMetrics(final, terminal);
        }

        terminal.Output.WriteLine($"model   {folder.Best}");
        terminal.Output.WriteLine($"report  {folder.ReportHtml}");
        return 0;
    }
}
