using System.Text.Json;

namespace Atenea.Cli.Tests;

public class DoctorCommandTests
{
    [Fact]
    public void It_shows_the_machine_and_finds_the_embedded_model()
    {
        Outcome outcome = Atenea.Run("doctor");
        outcome.AssertSuccess();
        foreach (string word in new[] { "Processor", "Kernels", "(in use)", "Memory", "GiB", "Cache", "all-MiniLM-L6-v2", "in order" })
            Assert.Contains(word, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_JSON_names_the_instruction_set_that_was_forced()
    {
        Outcome outcome = Atenea.Run(["doctor", "--json"],
            new() { Environment = new Dictionary<string, string> { ["ATENEA_ISA"] = "portable" } });
        outcome.AssertSuccess();
        JsonElement report = outcome.Json;
        Assert.Equal("portable", report.GetProperty("instruction_set").GetString());
        Assert.Equal("ATENEA_ISA", report.GetProperty("instruction_set_forced_by").GetString());
        Assert.Contains("portable", report.GetProperty("instruction_sets").EnumerateArray().Select(s => s.GetString()));
        Assert.True(report.GetProperty("logical_processors").GetInt32() >= 1);
        Assert.True(report.GetProperty("memory_total_bytes").GetInt64() > 0);
        Assert.True(report.GetProperty("healthy").GetBoolean());
        Assert.Equal(104, report.GetProperty("embedded_model").GetProperty("tensors").GetInt32());
    }

    [Fact]
    public void It_lists_the_models_of_the_cache_that_the_environment_names()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("hub/models--an-organisation--a-model"));
        Directory.CreateDirectory(folder.File("hub/datasets--a-dataset"));
        Outcome outcome = Atenea.Run(["doctor", "--json"],
            new() { Environment = new Dictionary<string, string> { ["HF_HOME"] = folder.Path } });
        outcome.AssertSuccess();
        JsonElement cache = outcome.Json.GetProperty("cache");
        Assert.Equal("an-organisation/a-model", Assert.Single(cache.GetProperty("models").EnumerateArray()).GetString());
        Assert.Equal("a-dataset", Assert.Single(cache.GetProperty("datasets").EnumerateArray()).GetString());
    }
}
