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
        RunCommands($"exec dotnet '{Path.Combine(AppContext.BaseDirectory, "atenea.dll")}' \"$@\"");
        int examples = 0;
        foreach (CodeBlock block in CodeBlock.Read(Readme).Where(block => !block.IsNotRun && block.Language != "sh"))
        {
            Assert.Equal("csharp", block.Language);
            RunExample(block);
            examples++;
        }

        Assert.Equal(3, examples);
        Assert.True(File.Exists(_folder.File("runs/short/best/model.safetensors")));
    }

    /// <summary>Needs the linker of a C compiler and, the first time, the ahead-of-time compiler from the package registry.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public void The_native_program_runs_every_command_of_the_README_with_the_same_bits()
    {
        string native = RunInShell($"'{Path.Combine(Atenea.Root, "publish")}' native").Split('\n')[^1];
        RunCommands($"exec '{native}' \"$@\"");
        string[] run =
        [
            "train", "examples/emotion/config.yaml", "--training.max_steps", "3", "--training.eval_strategy", "no",
            "--training.save_strategy", "no", "--training.load_best_model_at_end", "false", "--data.max_predict_samples", "16",
        ];
        RunInShell($"'{native}' {string.Join(' ', run)} --training.output_dir ahead");
        Atenea.Run([.. run, "--training.output_dir", _folder.File("jit")]).AssertSuccess();
        const string Weights = "best/model.safetensors";
        Assert.Equal(File.ReadAllBytes(_folder.File("jit/" + Weights)), File.ReadAllBytes(_folder.File("ahead/" + Weights)));
    }

    [Fact]
    public void The_Spanish_README_has_the_same_commands_and_code() =>
        Assert.Equal(CodeBlock.Read(Readme), CodeBlock.Read(Path.Combine(Atenea.Root, "docs/es/README.es.md")));

    /// <summary>Runs every command of the README.</summary>
    /// <param name="launch">The line of a shell script that stands for the program.</param>
    private void RunCommands(string launch)
    {
        Directory.CreateSymbolicLink(_folder.File("examples"), Path.Combine(Atenea.Root, "examples"));
        _folder.Write("tweets.txt", "so happy today\nthis is terrible\n");
        string program = _folder.Write("atenea", $"#!/bin/sh\n{launch}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        int commands = 0;
        foreach (CodeBlock block in CodeBlock.Read(Readme).Where(block => !block.IsNotRun && block.Language == "sh"))
        {
            foreach (string command in block.Commands)
            {
                string output = RunInShell(command);
                if (!command.Contains("--output answers.jsonl", StringComparison.Ordinal)) Assert.NotEqual("", output);
                commands++;
            }
        }

        Assert.Equal(14, commands);
        Assert.Equal(1421, File.ReadLines(_folder.File("answers.jsonl")).Count());
        Assert.True(File.Exists(_folder.File("runs/emotion/report.html")));
    }

    private string RunInShell(string command)
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
        return output.ToString().Trim();
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
        string pattern = $@"    public static (void|async Task) {method}\(\)\n    {{\n(?<body>.*?)\n    }}\n";
        Match match = Regex.Match(source, pattern, RegexOptions.Singleline);
        Assert.True(match.Success, method);
        return Indentation().Replace(match.Groups["body"].Value, "") + "\n";
    }

    [GeneratedRegex("^        ", RegexOptions.Multiline)]
    private static partial Regex Indentation();
}
