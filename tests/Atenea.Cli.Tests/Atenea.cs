using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Atenea.Cli.Tests;

/// <summary>What a finished process left.</summary>
/// <param name="Exit">Exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Outcome(int Exit, string Output, string Error)
{
    /// <summary>Standard output as one JSON value.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>Standard output line by line.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Checks a refusal: exit code, code on standard error, nothing on standard output, and never a stack trace.</summary>
    public void AssertRefused(string code, int exit = 2)
    {
        Assert.StartsWith(code + " ", Error, StringComparison.Ordinal);
        Assert.Equal(exit, Exit);
        Assert.Equal("", Output);
        AssertNoStackTrace();
    }

    /// <summary>Checks success.</summary>
    public void AssertSuccess()
    {
        Assert.True(Exit == 0, $"exit code {Exit}\n{Output}\n{Error}");
        AssertNoStackTrace();
    }

    /// <summary>Checks that nothing looks like a stack trace.</summary>
    public void AssertNoStackTrace()
    {
        foreach (string stream in new[] { Output, Error })
        {
            Assert.DoesNotContain("   at Atenea", stream, StringComparison.Ordinal);
            Assert.DoesNotContain("   at System", stream, StringComparison.Ordinal);
            Assert.DoesNotContain("Unhandled exception", stream, StringComparison.OrdinalIgnoreCase);
        }
    }
}

/// <summary>Runs the program as a user does: as a process.</summary>
internal static class Atenea
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // What the user of the tests has set must not matter.
    private static readonly string[] Variables =
    [
        "HF_HOME", "HF_HUB_CACHE", "HF_ENDPOINT", "HF_TOKEN", "HF_TOKEN_PATH", "NO_COLOR", "FORCE_COLOR", "ATENEA_ISA", "ATENEA_DEBUG",
    ];

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = References.Repository;

    /// <summary>Runs a command line to its end.</summary>
    public static Outcome Run(params string[] args) => Run(args, new Settings());

    /// <summary>Runs a command line to its end.</summary>
    public static Outcome Run(string[] args, Settings settings)
    {
        using Process process = Start(args, settings);
        var output = new StringBuilder();
        var error = new StringBuilder();
        process.OutputDataReceived += (_, e) => Append(output, e.Data);
        process.ErrorDataReceived += (_, e) => Append(error, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Write(settings.Input);
        process.StandardInput.Close();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"atenea {string.Join(' ', args)}\n{output}\n{error}");
        }

        process.WaitForExit(); // Until both streams are read to their ends.
        return new Outcome(process.ExitCode, output.ToString(), error.ToString());
    }

    /// <summary>Starts a command line.</summary>
    public static Process Start(string[] args, Settings settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "atenea.dll"), .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
            WorkingDirectory = settings.Folder ?? Root,
        };
        foreach (string variable in Variables) start.Environment.Remove(variable);
        foreach ((string name, string value) in settings.Environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Sends what Ctrl-C sends.</summary>
    public static void Interrupt(Process process) => Assert.Equal(0, Kill(process.Id, 2));

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text) text.Append(line).Append('\n');
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    /// <summary>What surrounds a process.</summary>
    public sealed record Settings
    {
        /// <summary>Working folder; the repository's root when left out.</summary>
        public string? Folder { get; init; }

        /// <summary>Standard input.</summary>
        public string Input { get; init; } = "";

        /// <summary>Further environment variables.</summary>
        public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    }
}
