using System.Text.Json;

namespace Atenea.Cli.Tests;

public class BenchCommandTests
{
    private static readonly string[] Shared = ["case", "dtype", "threads", "unit", "median", "min", "max", "runs"];

    [Fact]
    public void Gemm_prints_one_line_per_shape_with_the_keys_of_the_peer_kit()
    {
        Outcome outcome = Atenea.Run("bench", "gemm", "--seconds", "0", "--threads", "2");
        outcome.AssertSuccess();
        JsonElement[] lines = [.. outcome.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(7, lines.Length);
        Assert.Equal([2048, 768, 768], lines[0].GetProperty("shape").EnumerateArray().Select(n => n.GetInt32()));
        foreach (JsonElement line in lines)
        {
            Assert.Equal([.. Shared, "shape"], line.EnumerateObject().Select(p => p.Name));
            AssertRates(line, "gemm", "GFLOP/s");
        }
    }

    [Theory]
    [InlineData("infer-bert-tiny-2x8")]
    [InlineData("train-bert-tiny-2x8")]
    public void A_model_prints_one_line(string name)
    {
        Outcome outcome = Atenea.Run("bench", name, "--seconds", "0", "--threads", "2");
        outcome.AssertSuccess();
        JsonElement line = outcome.Json;
        AssertRates(line, name, "samples/s");
        if (!name.StartsWith("train", StringComparison.Ordinal)) return;
        Assert.Equal((2 + 5) * 2 * 8, line.GetProperty("real_tokens").GetInt64()); // two steps to warm up, five measured
        Assert.Equal(4_386_436, line.GetProperty("params").GetInt64()); // as transformers counts this model
    }

    [Fact]
    public void Lengths_are_taken_in_order_and_from_the_start_again()
    {
        using var folder = new TemporaryFolder();
        string lengths = folder.Write("lengths.txt", "3\n4\n5\n");
        Outcome outcome = Atenea.Run("bench", "train-bert-tiny-2xvar", "--lengths", lengths, "--seconds", "0");
        outcome.AssertSuccess();
        Assert.Equal(14 / 3 * (3 + 4 + 5) + 3 + 4, outcome.Json.GetProperty("real_tokens").GetInt64()); // 7 steps of 2 sequences
    }

    [Theory]
    [InlineData("ATN0801", "infer-bert-huge-1x16")]
    [InlineData("ATN0801", "train-bert-tiny-0x16")]
    [InlineData("ATN0801", "train-bert-tiny-2x513")]
    [InlineData("ATN0801", "gemm", "no-such-case")]
    [InlineData("ATN0802", "gemm", "--dtype", "fp8")]
    [InlineData("ATN0103", "train-bert-tiny-2xvar")]
    [InlineData("ATN0103", "gemm", "--seconds", "soon")]
    [InlineData("ATN0401", "train-bert-tiny-2xvar", "--lengths", "no-such-file.txt")]
    public void What_does_not_exist_is_refused_before_anything_is_measured(string code, params string[] args)
    {
        Atenea.Run(["bench", .. args]).AssertRefused(code);
    }

    [Fact]
    public void An_unknown_case_is_answered_with_the_known_ones()
    {
        Outcome outcome = Atenea.Run("bench", "infer-bert-huge-1x16");
        outcome.AssertRefused("ATN0801");
        foreach (string known in new[] { "gemm", "tok", "{infer|train}-{bert-base|", "|roberta-base|", "}-{BATCH}x{LENGTH|var}" })
            Assert.Contains(known, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ATN0206", " \n")]
    [InlineData("ATN0202", "12\nmany\n")]
    [InlineData("ATN0202", "12\n513\n")]
    public void Lengths_that_are_none_are_refused(string code, string content)
    {
        using var folder = new TemporaryFolder();
        Atenea.Run("bench", "train-bert-tiny-2xvar", "--lengths", folder.Write("lengths.txt", content)).AssertRefused(code);
    }

    private static void AssertRates(JsonElement line, string name, string unit)
    {
        Assert.Equal(name, line.GetProperty("case").GetString());
        Assert.Equal("fp32", line.GetProperty("dtype").GetString());
        Assert.Equal(2, line.GetProperty("threads").GetInt32());
        Assert.Equal(unit, line.GetProperty("unit").GetString());
        Assert.Equal(5, line.GetProperty("runs").GetInt32());
        double median = line.GetProperty("median").GetDouble();
        Assert.InRange(median, line.GetProperty("min").GetDouble(), line.GetProperty("max").GetDouble());
        Assert.True(median > 0);
    }
}
