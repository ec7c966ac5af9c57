using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Hub.Tests;

/// <summary>
/// Every safetensors file of the reference's loading fixtures: the good ones open, the malformed ones are refused with a code.
/// </summary>
public class SafeTensorsLoadingTests
{
    private static readonly Dictionary<string, string[]> CodesOfKind = new()
    {
        ["truncated"] = ["ATN0404"],
        ["header_length"] = ["ATN0404", "ATN0405"],
        ["header_json"] = ["ATN0405"],
        ["offsets"] = ["ATN0405", "ATN0406"],
        ["dtype"] = ["ATN0407"],
        ["shape"] = ["ATN0405", "ATN0406"],
        ["duplicate_key"] = ["ATN0405"],
    };

    public static TheoryData<string, string, string> Entries()
    {
        var data = new TheoryData<string, string, string>();
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Golden.File("safetensors", "expected.json")));
        foreach (JsonElement entry in expected.RootElement.GetProperty("entries").EnumerateArray())
        {
            data.Add(entry.GetProperty("path").GetString()!, entry.GetProperty("expect").GetString()!,
                entry.TryGetProperty("error", out JsonElement kind) ? kind.GetString()! : "");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void A_fixture_opens_or_is_refused_as_expected(string name, string expect, string kind)
    {
        string path = Golden.File("safetensors", name + ".safetensors");
        if (expect.StartsWith("ok", StringComparison.Ordinal))
        {
            using var file = SafeTensorsFile.Open(path);
            Assert.NotEmpty(file.Tensors);
            Assert.All(file.Tensors.Values.Where(t => t.Type.IsFloat()), t => Assert.Equal(t.ElementCount, file.ReadFloats(t.Name).Length));
            return;
        }

        AteneaException error = Assert.Throws<AteneaException>(() => SafeTensorsFile.Open(path));
        Assert.Contains(error.Code.Id, CodesOfKind[kind]);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shuffled_header_gives_the_same_tensors_as_the_plain_one()
    {
        using var plain = SafeTensorsFile.Open(Golden.File("safetensors", "reference.safetensors"));
        using var shuffled = SafeTensorsFile.Open(Golden.File("safetensors", "header-shuffled.safetensors"));
        Assert.Equal(plain.Tensors.Keys.Order(), shuffled.Tensors.Keys.Order());
        foreach (string name in plain.Tensors.Keys) Assert.Equal(plain.ReadFloats(name), shuffled.ReadFloats(name));
    }

    [Fact]
    public void Refusals_name_the_tensor()
    {
        AteneaException error = Assert.Throws<AteneaException>(
            () => SafeTensorsFile.Open(Golden.File("safetensors", "bad-overlapping-offsets.safetensors")));
        Assert.Contains("bert.embeddings.word_embeddings.weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_a_folder_and_a_missing_tensor_have_codes()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("ATN0401", Assert.Throws<AteneaException>(() => SafeTensorsFile.Open(folder.File("none"))).Code.Id);
        Assert.Equal("ATN0402", Assert.Throws<AteneaException>(() => SafeTensorsFile.Open(folder.Path)).Code.Id);
        using var file = SafeTensorsFile.Open(Golden.File("safetensors", "reference.safetensors"));
        AteneaException error = Assert.Throws<AteneaException>(() => file.ReadFloats("classifier.wieght"));
        Assert.Equal("ATN0408", error.Code.Id);
        Assert.Contains("did you mean 'classifier.weight'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_git_lfs_pointer_is_recognised()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("model.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 90868376\n");
        Assert.Contains("git lfs pull", Assert.Throws<AteneaException>(() => SafeTensorsFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_file_refuses_to_read()
    {
        var file = SafeTensorsFile.Open(Golden.File("safetensors", "reference.safetensors"));
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.ReadBytes("classifier.weight"));
    }
}
