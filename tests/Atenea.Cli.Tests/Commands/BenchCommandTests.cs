using System.Text.Json;

namespace Atenea.Cli.Tests.Commands;

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
    [InlineData("ATN0801", "infer-bert-huge-1x16")]
    [InlineData("ATN0801", "gemm", "no-such-case")]
    [InlineData("ATN0802", "gemm", "--dtype", "fp8")]
    [InlineData("ATN0103", "gemm", "--seconds", "soon")]
    public void What_does_not_exist_is_refused_before_anything_is_measured(string code, params string[] args)
    {
        Outcome outcome = Atenea.Run(["bench", .. args]);
        outcome.AssertRefused(code);
        if (code == "ATN0801" && !args[0].Contains('0', StringComparison.Ordinal)) Assert.Contains("gemm", outcome.Error, StringComparison.Ordinal);
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
