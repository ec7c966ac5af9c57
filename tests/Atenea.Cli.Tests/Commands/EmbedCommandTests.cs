using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Pipelines;

namespace Atenea.Cli.Tests;

public sealed class EmbedCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public EmbedCommandTests() => _model = TinyModel.Write<BaseModel>(_folder.File("model"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_form_of_file_holds_the_pipelines_vectors()
    {
        string[] texts = ["one", "a second text", "", "the third"];
        string input = _folder.Write("in.jsonl", string.Concat(texts.Select(text => JsonSerializer.Serialize(new { body = text }) + "\n")));
        using var pipeline = SentenceEmbeddingPipeline.Load(_model);
        float[] expected = [.. pipeline.Embed(texts).SelectMany(vector => vector)];
        foreach (string name in new[] { "out.safetensors", "out.npy", "out.jsonl" })
        {
            string output = _folder.File(name);
            Outcome outcome = Atenea.Run("embed", _model, "--input", input, "--column", "body", "--output", output);
            outcome.AssertSuccess();
            Assert.Contains("4 texts, 16 numbers each", outcome.Error, StringComparison.Ordinal);
            Assert.Equal(expected, Read(output));
        }
    }

    [Fact]
    public void Texts_of_the_command_line_are_compared_in_a_table()
    {
        Outcome outcome = Atenea.Run("embed", _model, "--text", "one [x]", "two");
        outcome.AssertSuccess();
        Assert.Contains("one [x]", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("1.000", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(16, Atenea.Run("embed", _model, "--text", "one", "--json").Json.GetArrayLength());
    }

    [Fact]
    public void Names_that_no_form_has_are_refused_before_anything_is_computed()
    {
        Atenea.Run("embed", _model, "--text", "x", "--output", _folder.File("out.txt")).AssertRefused("ATN0103");
        Assert.False(File.Exists(_folder.File("out.txt")));
        Atenea.Run("embed", _model, "--text", "x", "--input", "y.txt").AssertRefused("ATN0104");
    }

    [Fact]
    public void An_interrupted_command_leaves_no_file_behind()
    {
        string folder = Directory.CreateDirectory(_folder.File("out")).FullName;
        using Process process = Atenea.Start(["embed", _model, "--output", Path.Combine(folder, "vectors.npy")], new());
        process.StandardInput.WriteLine("a first text, and then the input stays open");
        process.StandardInput.Flush();
        Assert.True(SpinWait.SpinUntil(() => Directory.EnumerateFiles(folder).Any(), TimeSpan.FromMinutes(2)));
        Atenea.Interrupt(process);
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(2)));
        Assert.NotEqual(0, process.ExitCode);
        Assert.Empty(Directory.EnumerateFiles(folder));
    }

    [Fact]
    public void Cosines_are_evaluated_against_scores()
    {
        string pairs = _folder.Write("sts.csv",
            "sentence1,sentence2,score\nthe same,the same,5\none thing,something else,1\na cat,a dog,3\n");
        Outcome outcome = Atenea.Run("eval", _model, "--task", "sentence-similarity", "--data", pairs, "--json");
        outcome.AssertSuccess();
        Assert.Equal(3, outcome.Json.GetProperty("pairs").GetInt32());
        // Equal texts, the highest score, come first whatever the weights.
        Assert.InRange(outcome.Json.GetProperty("spearman").GetDouble(), 0.49, 1);
        string wrong = _folder.Write("wrong.csv", "sentence1,sentence2,score\na,b,much\n");
        Atenea.Run("eval", _model, "--task", "sentence-similarity", "--data", wrong).AssertRefused("ATN0103");
        Atenea.Run("eval", _model, "--task", "ranking", "--data", pairs).AssertRefused("ATN0103");
    }

    private static float[] Read(string path)
    {
        switch (Path.GetExtension(path))
        {
            case ".safetensors":
                using (var file = SafeTensorsFile.Open(path)) return file.ReadFloats("embeddings");
            case ".npy":
                byte[] bytes = File.ReadAllBytes(path);
                Assert.Equal("NUMPY", System.Text.Encoding.ASCII.GetString(bytes, 1, 5));
                int start = 10 + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
                Assert.Contains("'shape': (4, 16)", System.Text.Encoding.ASCII.GetString(bytes, 10, start - 10), StringComparison.Ordinal);
                return [.. Enumerable.Range(0, (bytes.Length - start) / 4).Select(i => BitConverter.ToSingle(bytes, start + (4 * i)))];
            default:
                return [.. File.ReadLines(path)
                    .SelectMany(line => JsonDocument.Parse(line).RootElement.EnumerateArray().Select(number => number.GetSingle()))];
        }
    }
}
