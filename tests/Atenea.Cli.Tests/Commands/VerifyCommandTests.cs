using System.Text.Json;
using Atenea.Hub;
using Atenea.Models;

namespace Atenea.Cli.Tests;

public sealed class VerifyCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_case_that_agrees_passes_and_one_with_an_altered_weight_fails()
    {
        string folder = WriteCase("case", alter: false);
        Outcome good = Atenea.Run("verify", folder);
        good.AssertSuccess();
        Assert.Contains("case (BertForSequenceClassification): PASS", good.Output, StringComparison.Ordinal);
        Assert.Matches(@"logits\s+2x3\s+0\.000e\+00\s.*pass", good.Output);
        Assert.Contains("1 of 1 cases passed", good.Output, StringComparison.Ordinal);

        Outcome bad = Atenea.Run("verify", WriteCase("altered", alter: true), "--json");
        Assert.Equal(1, bad.Exit);
        Assert.Equal("", bad.Error);
        Assert.False(bad.Json.GetProperty("passed").GetBoolean());
        JsonElement tensor = bad.Json.GetProperty("cases")[0].GetProperty("tensors").EnumerateArray()
            .Single(t => t.GetProperty("name").GetString() == "logits");
        Assert.Equal("FAIL", tensor.GetProperty("verdict").GetString());
    }

    [Fact]
    public void Files_beside_the_cases_are_passed_over_as_a_shells_star_names_them()
    {
        string folder = WriteCase("case", alter: false), file = _folder.Write("README.md", "text");
        Outcome outcome = Atenea.Run("verify", file, folder);
        outcome.AssertSuccess();
        Assert.Contains("1 of 1 cases passed", outcome.Output, StringComparison.Ordinal);
        Atenea.Run("verify", file).AssertRefused("ATN0401");
        Atenea.Run("verify", file, file).AssertRefused("ATN0508");
        Atenea.Run("verify", folder, _folder.File("nowhere")).AssertRefused("ATN0401");
    }

    [Fact]
    public void What_was_computed_is_saved_under_the_case_s_names()
    {
        string output = _folder.File("computed.safetensors");
        Atenea.Run("verify", WriteCase("case", alter: false), "--output", output).AssertSuccess();
        using SafeTensorsFile computed = SafeTensorsFile.Open(output);
        using SafeTensorsFile expected = SafeTensorsFile.Open(_folder.File("case/case.safetensors"));
        Assert.Equal(expected.Tensors.Keys.Where(k => !k.StartsWith("input.", StringComparison.Ordinal) && k != "labels").Order(),
            computed.Tensors.Keys.Order());
        Assert.Equal(expected.ReadFloats("logits"), computed.ReadFloats("logits"));
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        Atenea.Run("verify").AssertRefused("ATN0103");
        Atenea.Run("verify", _folder.File("none")).AssertRefused("ATN0401");
        Atenea.Run("verify", _folder.Path).AssertRefused("ATN0508");
        string first = WriteCase("first", alter: false), second = WriteCase("second", alter: false);
        Atenea.Run("verify", first, second, "--output", _folder.File("x.safetensors")).AssertRefused("ATN0104");
        File.Delete(Path.Combine(first, "model.safetensors"));
        Atenea.Run("verify", first).AssertRefused("ATN0510");
        Outcome both = Atenea.Run("verify", first, second);
        Assert.Equal(1, both.Exit);
        Assert.Contains("first: not run\nATN0510", both.Output, StringComparison.Ordinal);
    }

    /// <summary>A case whose reference is this engine's own answer (the real references are checked in the tests of training).</summary>
    private string WriteCase(string name, bool alter)
    {
        string folder = TinyModel.Write(_folder.File(name), ["a", "b", "c"], ProblemType.SingleLabelClassification);
        long[] ids = [101, 7592, 2088, 102, 101, 2129, 102, 0], mask = [1, 1, 1, 1, 1, 1, 1, 0];
        var logits = new float[6];
        using (SequenceClassifier model = ModelLoader.Load<SequenceClassifier>(folder))
        using (var backend = Tensors.Backend.Create(threads: 1))
        using (var tape = new Tensors.Tape(backend))
        {
            var batch = new InputBatch();
            batch.Add([101, 7592, 2088, 102]);
            batch.Add([101, 2129, 102]);
            tape.Begin(Tensors.TapeMode.Inference);
            model.Forward(new ForwardPass(tape, batch)).CopyTo(logits);
            if (alter)
            {
                float[] words = model.Parameters[0].ToArray();
                words[7592 * 16] += 0.5f; // one element of one word's vector
                model.Parameters[0].CopyFrom(words);
                model.Save(folder);
            }
        }

        var writer = new SafeTensorsWriter();
        writer.Add("input.input_ids", [2, 4], ids);
        writer.Add("input.attention_mask", [2, 4], mask);
        writer.Add("logits", [2, 3], logits);
        writer.Save(Path.Combine(folder, "case.safetensors"));
        return folder;
    }
}
