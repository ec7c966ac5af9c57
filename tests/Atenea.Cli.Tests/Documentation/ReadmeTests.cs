using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Atenea.Cli.Tests;

/// <summary>The examples run in the working folder of the whole process, so nothing may run beside them.</summary>
[CollectionDefinition(nameof(WorkingFolder), DisableParallelization = true)]
public sealed class WorkingFolder;

[Collection(nameof(WorkingFolder))]
public sealed partial class ReadmeTests : IDisposable
{
    private static readonly string Readme = Path.Combine(Atenea.Root, "README.md");
    private static readonly string Examples = Path.Combine(Atenea.Root, "tests/Atenea.Cli.Tests/Documentation/LibraryExamples.cs");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_command_and_every_line_of_code_of_the_README_runs()
    {
        Directory.CreateSymbolicLink(_folder.File("examples"), Path.Combine(Atenea.Root, "examples"));
        _folder.Write("tweets.txt", "so happy today\nthis is terrible\n");
        string program = _folder.Write("atenea",
            $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "atenea.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        int commands = 0, examples = 0;
        foreach (CodeBlock block in CodeBlock.Read(Readme))
        {
            if (block.IsNotRun) continue;
            if (block.Language == "sh")
            {
                foreach (string command in block.Commands)
                {
                    RunInShell(command);
                    commands++;
                }
            }
            else
            {
                Assert.Equal("csharp", block.Language);
                RunExample(block);
                examples++;
            }
        }

        Assert.Equal(14, commands);
        Assert.Equal(3, examples);
        Assert.Equal(1421, File.ReadLines(_folder.File("answers.jsonl")).Count());
        Assert.True(File.Exists(_folder.File("runs/emotion/report.html")));
        Assert.True(File.Exists(_folder.File("runs/short/best/model.safetensors")));
    }

    [Fact]
    public void The_Spanish_README_has_the_same_commands_and_code() =>
        Assert.Equal(CodeBlock.Read(Readme), CodeBlock.Read(Path.Combine(Atenea.Root, "docs/es/README.es.md")));

    private void RunInShell(string command)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("bash", ["-c", command])
            {
                WorkingDirectory = _folder.Path,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            },
        };
        var output = new StringBuilder();
        var error = new StringBuilder();
        process.OutputDataReceived += (_, e) => output.AppendLine(e.Data);
        process.ErrorDataReceived += (_, e) => error.AppendLine(e.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command}\n{output}\n{error}");
        if (!command.Contains("--output answers.jsonl", StringComparison.Ordinal)) Assert.NotEqual("", output.ToString().Trim());
    }

    private void RunExample(CodeBlock block)
    {
        string body = Body(File.ReadAllText(Examples).ReplaceLineEndings("\n"), block.Directive!);
        Assert.Equal(body, block.Code);
        string before = Directory.GetCurrentDirectory();
        TextWriter console = Console.Out;
        using var output = new StringWriter();
        try
        {
            Directory.SetCurrentDirectory(_folder.Path);
            Console.SetOut(output);
            (typeof(LibraryExamples).GetMethod(block.Directive!)!.Invoke(null, null) as Task)?.GetAwaiter().GetResult();
        }
        finally
        {
            Console.SetOut(console);
            Directory.SetCurrentDirectory(before);
        }

        string expected = block.Directive switch
        {
            "Use" => @"^(anger|joy|optimism|sadness): 0\.\d{3}\n.*\n.*\n$",
            "Embed" => @"^0\.\d+\n$",
            _ => @"^test accuracy 0\.\d{3}, model in runs/short.best\n$",
        };
        Assert.Matches(expected, output.ToString().ReplaceLineEndings("\n"));
    }

    private static string Body(string source, string method)
    {
        Match match = Regex.Match(source, $@"    public static (void|async Task) {method}\(\)\n    {{\n(?<body>.*?)\n    }}\n",
            RegexOptions.Singleline);
        Assert.True(match.Success, method);
        return Indentation().Replace(match.Groups["body"].Value, "") + "\n";
    }

    [GeneratedRegex("^        ", RegexOptions.Multiline)]
    private static partial Regex Indentation();
}
