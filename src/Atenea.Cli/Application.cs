using System.CommandLine;
using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Cli;

/// <summary>The program: parses, calls one command, turns whatever goes wrong into a coded message and an exit code.</summary>
internal static class Application
{
    /// <summary>Set to any value, it adds the stack trace to an error.</summary>
    private const string DebugVariable = "ATENEA_DEBUG";

    /// <summary>Exit code of a run that the user stopped: 128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;

    // The code of a broken pipe: EPIPE on Unix, ERROR_NO_DATA and ERROR_BROKEN_PIPE on Windows.
    private static readonly int[] BrokenPipeCodes = [32, unchecked((int)0x800700E8), unchecked((int)0x8007006D)];

    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments after the program's name.</param>
    /// <returns>The exit code: 0 success, 1 the answer is no, 2 wrong usage or bad input, 3 the run failed, 130 stopped by the
    /// user.</returns>
    public static int Run(IReadOnlyList<string> args)
    {
        using var terminal = new Terminal();
        using IDisposable tidy = Interruption.TidyOnExit();
        try
        {
            int exit = Invoke(args, terminal);
            terminal.Output.Flush();
            return exit;
        }
        catch (IOException error) when (BrokenPipeCodes.Contains(error.HResult))
        {
            terminal.Abandon(); // The reader, for example `head`, has seen enough.
            return 0;
        }
        catch (Exception error)
        {
            return Report(error, terminal);
        }
    }

    /// <summary>The commands, for parsing and for listing them.</summary>
    /// <param name="terminal">Where they write.</param>
    /// <param name="settings">Keys of a config to change, for <c>train</c>; filled before the command is invoked.</param>
    public static RootCommand CreateRoot(Terminal terminal, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var root = new RootCommand("Fine-tune, evaluate and use BERT-family encoders on your processor.")
        {
            TrainCommand.Create(terminal, settings),
            EvalCommand.Create(terminal),
            PredictCommand.Create(terminal),
            EmbedCommand.Create(terminal),
            TokenizeCommand.Create(terminal),
            TokenizerCommand.Create(terminal),
            ModelCommand.Create(terminal),
            DataCommand.Create(terminal),
            VerifyCommand.Create(terminal),
            BenchCommand.Create(terminal),
            DoctorCommand.Create(terminal),
        };
        root.Options.Add(CommonOptions.Json);
        root.Options.Add(CommonOptions.Threads);
        HelpWithExamples.Install(root);
        return root;
    }

    private static int Invoke(IReadOnlyList<string> args, Terminal terminal)
    {
        var settings = new List<KeyValuePair<string, string>>();
        RootCommand root = CreateRoot(terminal, settings);
        using var downloads = new DownloadDisplay(terminal, showProgress: true);
        HubSnapshots.Observer = downloads;
        (args, IReadOnlyList<KeyValuePair<string, string>> found) = SettingArguments.Split(args, root);
        settings.AddRange(found);
        // A text may begin with @ (every other tweet does): it names no response file. Single-letter options are not bundled.
        var parsing = new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
        ParseResult parse = root.Parse(args.Count == 0 ? ["--help"] : args, parsing);
        UsageErrors.ThrowIfAny(parse, args);
        int exit = parse.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = terminal.Output,
            Error = terminal.Error,
        });
        return args.Count == 0 ? ErrorCode.BadInput : exit;
    }

    private static int Report(Exception error, Terminal terminal)
    {
        AteneaException known = Unwrap(error);
        try
        {
            terminal.Output.Flush(); // Results that were complete before the error stay in front of it.
        }
        catch (Exception flushing) when (flushing is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            terminal.Abandon();
        }

        terminal.WriteError(known.Message);
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(DebugVariable))) terminal.Error.WriteLine(error.ToString());
        return known.Code.ExitCode;
    }

    // A coded error may come wrapped, for example by the initialiser of a static class.
    private static AteneaException Unwrap(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            if (e is AteneaException known) return known;
        }

        return error switch
        {
            OutOfMemoryException => new AteneaException(Catalogue.OutOfMemory, error.Message),
            UnauthorizedAccessException or IOException => new AteneaException(Catalogue.FileUnreadable, error.Message),
            _ => new AteneaException(Catalogue.Internal, $"{error.GetType().Name}: {error.Message}"),
        };
    }
}
