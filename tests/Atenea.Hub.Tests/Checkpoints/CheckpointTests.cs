using Atenea.Errors;

namespace Atenea.Hub.Tests;

/// <summary>One small model in every form that weights come in, and the malformed forms.</summary>
public class CheckpointTests
{
    public static TheoryData<string> SameTensors =>
        ["bin-zip", "bin-zip-views", "bin-zip-parameters", "bin-legacy", "bin-legacy-views", "bin-sharded", "sharded-safetensors"];

    public static TheoryData<string, string> Refused => new()
    {
        { "bad-pickle-system-zip", "ATN0482" },
        { "bad-pickle-system-legacy", "ATN0482" },
        { "bad-pickle-eval-zip", "ATN0482" },
        { "bad-pickle-raw", "ATN0482" },
        { "bad-bin-truncated-zip", "ATN0480" },
        { "bad-bin-truncated-legacy", "ATN0480" },
        { "bad-bin-short-storage", "ATN0480" },
        { "bad-index-missing-shard", "ATN0485" },
        { "bad-index-missing-tensor", "ATN0408" },
        { "bad-index-path-traversal", "ATN0484" },
    };

    [Theory]
    [MemberData(nameof(SameTensors))]
    public void Every_form_holds_the_same_tensors(string name)
    {
        using ITensorSource source = Checkpoint.Open(Golden.File("checkpoints", name));
        using SafeTensorsFile reference = SafeTensorsFile.Open(Golden.File("safetensors", "reference.safetensors"));
        Assert.Equal(reference.Tensors.Keys.Order(StringComparer.Ordinal),
            source.Contents.Select(info => info.Name).Order(StringComparer.Ordinal));
        foreach (TensorInfo info in source.Contents)
        {
            Assert.Equal(reference.Info(info.Name).Shape, info.Shape);
            Assert.Equal(StorageType.F32, info.Type);
            Assert.Equal(reference.ReadFloats(info.Name), source.ReadFloats(info.Name));
        }
    }

    [Fact]
    public void Half_precision_of_a_pickle_is_widened_as_that_of_safetensors()
    {
        using ITensorSource source = Checkpoint.Open(Golden.File("checkpoints", "bin-legacy-f16"));
        using SafeTensorsFile same = SafeTensorsFile.Open(Golden.File("safetensors", "safetensors-f16.safetensors"));
        Assert.Equal(same.Tensors.Count, source.Contents.Count);
        foreach (TensorInfo info in source.Contents)
        {
            Assert.Equal(StorageType.F16, info.Type);
            Assert.Equal(same.ReadFloats(info.Name), source.ReadFloats(info.Name));
        }
    }

    [Theory]
    [InlineData("reference.safetensors")]
    [InlineData("safetensors-f16.safetensors")]
    [InlineData("safetensors-bf16.safetensors")]
    [InlineData("safetensors-f64.safetensors")]
    public void The_parts_of_a_tensor_make_the_whole(string file)
    {
        using SafeTensorsFile source = SafeTensorsFile.Open(Golden.File("safetensors", file));
        foreach (string name in source.Tensors.Keys)
        {
            float[] whole = source.ReadFloats(name), parts = new float[whole.Length];
            for (int start = 0, length = 1; start < parts.Length; start += length, length += 3)
                source.CopyTo(name, start, parts.AsSpan(start, length = Math.Min(length, parts.Length - start)));
            Assert.Equal(whole, parts);
            Assert.Throws<ArgumentOutOfRangeException>(() => source.CopyTo(name, -1, new float[1]));
            Assert.Throws<ArgumentOutOfRangeException>(() => source.CopyTo(name, 1, new float[whole.Length]));
        }
    }

    [Theory]
    [InlineData("reference.safetensors")]
    [InlineData("safetensors-bf16.safetensors")]
    [InlineData("bin-zip")]
    [InlineData("bin-zip-views")]
    public void A_file_that_is_cut_after_it_was_opened_gives_an_error(string name)
    {
        using var folder = new TemporaryFolder();
        bool pickled = !name.EndsWith(".safetensors", StringComparison.Ordinal);
        string path = folder.File("weights");
        File.Copy(pickled ? Golden.File("checkpoints", name, "pytorch_model.bin") : Golden.File("safetensors", name), path);
        using ITensorSource source = pickled ? PyTorchFile.Open(path) : SafeTensorsFile.Open(path);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) file.SetLength(100);
        AteneaException error = Assert.Throws<AteneaException>(() => source.ReadFloats(source.Contents.Last().Name));
        Assert.Equal("ATN0402", error.Code.Id);
        Assert.Contains("another program", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_malformed_checkpoint_is_refused_with_its_code(string name, string code)
    {
        AteneaException error = Assert.Throws<AteneaException>(() => Checkpoint.Open(Golden.File("checkpoints", name)));
        Assert.Equal(code, error.Code.Id);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pickle_that_wants_to_call_is_named_with_what_it_wants()
    {
        Assert.Contains("'posix.system'", Message("bad-pickle-system-zip"), StringComparison.Ordinal);
        Assert.Contains("'__builtin__.eval'", Message("bad-pickle-eval-zip"), StringComparison.Ordinal);
    }

    [Fact]
    public void Safetensors_go_before_shards_and_shards_before_pickles()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(Checkpoint.Find(folder.Path));
        foreach (string name in Checkpoint.FileNames.Reverse())
        {
            folder.Write(name, "");
            Assert.Equal(folder.File(name), Checkpoint.Find(folder.Path));
        }
    }

    [Fact]
    public void A_folder_without_weights_names_what_it_has_instead()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tf_model.h5", "");
        AteneaException error = Assert.Throws<AteneaException>(() => Checkpoint.Open(folder.Path));
        Assert.Equal(Catalogue.WeightsMissing, error.Code);
        Assert.Contains("tf_model.h5", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../model.safetensors")]
    [InlineData("..\\model.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("C:model.safetensors")]
    [InlineData("sub/model.safetensors")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a\u0000b")]
    public void A_shard_is_a_file_beside_its_index(string file)
    {
        using var folder = new TemporaryFolder();
        folder.Write("model.safetensors.index.json", """{"weight_map": {"a": """ + System.Text.Json.JsonSerializer.Serialize(file) + "}}");
        Assert.Equal(Catalogue.ShardOutsideFolder, Assert.Throws<AteneaException>(() => Checkpoint.Open(folder.Path)).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"weight_map": {}}""")]
    [InlineData("""{"weight_map": ["model.safetensors"]}""")]
    [InlineData("""{"weight_map": {"a": 1}}""")]
    [InlineData("""{"weight_map": {"a": null}}""")]
    [InlineData("""{"weight_map": {"a": "x", "a": "y"}}""")]
    [InlineData("""{"weight_map": {"a": "x"}""")]
    public void An_index_that_is_none_is_refused(string json)
    {
        using var folder = new TemporaryFolder();
        folder.Write("pytorch_model.bin.index.json", json);
        Assert.Equal(Catalogue.ShardIndexMalformed, Assert.Throws<AteneaException>(() => Checkpoint.Open(folder.Path)).Code);
    }

    [Fact]
    public void Whatever_happens_to_an_index_there_is_an_error_with_a_code_or_the_tensors()
    {
        using var folder = new TemporaryFolder();
        string good = Golden.File("checkpoints", "sharded-safetensors");
        foreach (string file in Directory.GetFiles(good)) File.Copy(file, folder.File(Path.GetFileName(file)));
        string index = folder.File("model.safetensors.index.json");
        Fuzz.Every(File.ReadAllBytes(index), 200, index, () => Checkpoint.Open(folder.Path));
    }

    private static string Message(string name) =>
        Assert.Throws<AteneaException>(() => Checkpoint.Open(Golden.File("checkpoints", name))).Message;
}
