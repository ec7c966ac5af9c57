using System.Text.Json;
using Atenea.Hub;

namespace Atenea.Cli.Tests;

/// <summary>
/// One model stored in many ways, well and badly, through the command line: <c>../shared/goldens/models/loading</c> as its
/// <c>expected.json</c> says.
/// </summary>
public sealed class LoadingCasesTests : IDisposable
{
    private const string CaseFile = "case.safetensors";
    private const string ExpectedFile = "expected.safetensors";
    private const string HiddenState = "last_hidden_state";
    private const string Logits = "logits";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Category", "Slow")]
    [Trait("Data", "Goldens")]
    public void Stored_models_load_or_are_refused_as_the_reference_says()
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Loading("expected.json")));
        JsonElement[] entries = [.. json.RootElement.GetProperty("entries").EnumerateArray()];
        Assert.NotEmpty(entries);
        Assert.All(entries, entry =>
        {
            string name = entry.GetProperty("path").GetString()!, expected = entry.GetProperty("expect").GetString()!;
            string folder = _folder.File(name);
            Directory.CreateDirectory(folder);
            foreach (string file in Directory.GetFiles(Loading(name))) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            if (expected.StartsWith("ok", StringComparison.Ordinal)) Computes(folder, expected);
            else IsRefused(folder);
        });
    }

    /// <summary>With the reference's inputs and outputs beside it, it is a case that passes.</summary>
    private void Computes(string folder, string expected)
    {
        File.Copy(Loading("reference", CaseFile), Path.Combine(folder, CaseFile), overwrite: true);
        string output = _folder.File("computed.safetensors");
        Outcome outcome = Atenea.Run("verify", folder, "--output", output);
        outcome.AssertNoStackTrace();
        if (expected == "ok_or_error" && outcome.Exit == 2) return;
        outcome.AssertSuccess();
        Assert.Contains("1 of 1 cases passed", outcome.Output, StringComparison.Ordinal);
        using SafeTensorsFile computed = SafeTensorsFile.Open(output);
        string own = Path.Combine(folder, ExpectedFile);
        using SafeTensorsFile reference = SafeTensorsFile.Open(File.Exists(own) ? own : Path.Combine(folder, CaseFile));
        // What depends on a head that the checkpoint lacks has no reference.
        if (expected is "ok" or "ok_or_error") AssertNear(reference.ReadFloats(Logits), computed.ReadFloats(Logits));
        using SafeTensorsFile inputs = SafeTensorsFile.Open(Path.Combine(folder, CaseFile));
        long[] mask = inputs.ReadInt64("input.attention_mask");
        AssertNear(Unpadded(reference.ReadFloats(HiddenState), mask), Unpadded(computed.ReadFloats(HiddenState), mask));
    }

    private static void IsRefused(string folder)
    {
        Outcome outcome = Atenea.Run("predict", folder, "--text", "x");
        Assert.Matches("^ATN0[45][0-9]{2} ", outcome.Error);
        Assert.Equal(2, outcome.Exit);
        Assert.Equal("", outcome.Output);
        outcome.AssertNoStackTrace();
        Assert.Contains(folder, outcome.Error, StringComparison.Ordinal);
    }

    private static float[] Unpadded(float[] values, long[] mask)
    {
        int features = values.Length / mask.Length;
        return [.. values.Where((_, i) => mask[i / features] == 1)];
    }

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 2e-6f);
    }

    private static string Loading(params string[] parts)
    {
        string path = Path.Combine([References.Folder, "models", "loading", .. parts]);
        if (References.Given is not null)
            Assert.SkipUnless(Directory.Exists(Path.GetDirectoryName(path)), $"{References.Given} has no models/loading");
        return path;
    }
}
