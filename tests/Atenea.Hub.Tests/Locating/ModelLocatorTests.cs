using Atenea.Errors;

namespace Atenea.Hub.Tests;

public class ModelLocatorTests
{
    private const string Commit = "00bae1b2c8d68e8d1949c8c980cab50ab51a3787";

    [Theory]
    [InlineData("all-MiniLM-L6-v2")]
    [InlineData("sentence-transformers/all-MiniLM-L6-v2")]
    public void The_embedded_model_is_complete(string name)
    {
        using var folder = new TemporaryFolder();
        LocatedModel model = ModelLocator.Find(name, cache: new HubCache(folder.Path));
        Assert.Equal(ModelOrigin.Embedded, model.Origin);
        foreach (string file in new[]
        {
            "config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt", "modules.json",
            "1_Pooling/config.json", "sentence_bert_config.json", "README.md", "LICENSE", "SOURCE.md",
        })
        {
            Assert.NotNull(model.FindFile(file));
        }

        Assert.Null(model.FindFile("pytorch_model.bin"));

        using var weights = SafeTensorsFile.Open(model.FindFile("model.safetensors")!);
        SafeTensorInfo words = weights.Info("embeddings.word_embeddings.weight");
        Assert.Equal(StorageType.F16, words.Type);
        Assert.Equal([30522, 384], words.Shape);
        Assert.Equal("bert", ModelConfig.Load(model.Folder).ModelType);
    }

    [Fact]
    public void A_folder_comes_first_then_a_runs_best_then_its_last()
    {
        using var folder = new TemporaryFolder();
        folder.Write("model/config.json", "{}");
        folder.Write("run/last/config.json", "{}");
        Assert.Equal(ModelOrigin.Folder, ModelLocator.Find(folder.File("model")).Origin);
        Assert.Equal(folder.File("run/last"), ModelLocator.Find(folder.File("run")).Folder);
        folder.Write("run/best/config.json", "{}");
        LocatedModel run = ModelLocator.Find(folder.File("run"));
        Assert.Equal(folder.File("run/best"), run.Folder);
        Assert.Equal(ModelOrigin.Run, run.Origin);
        Assert.Equal(folder.File("run/last"), ModelLocator.Find(folder.File("run/last")).Folder);
    }

    [Fact]
    public void The_short_name_means_the_embedded_copy_and_a_revision_means_the_cache()
    {
        using var folder = new TemporaryFolder();
        var cache = new HubCache(folder.Path);
        foreach (string name in new[] { "models--org--tiny-bert", "models--sentence-transformers--all-MiniLM-L6-v2" })
        {
            folder.Write($"{name}/refs/main", Commit);
            folder.Write($"{name}/snapshots/{Commit}/config.json", "{}");
        }

        LocatedModel cached = ModelLocator.Find("org/tiny-bert", cache: cache);
        Assert.Equal(ModelOrigin.Cache, cached.Origin);
        Assert.Equal(Commit, cached.Commit);
        Assert.Equal(ModelOrigin.Embedded, ModelLocator.Find(ModelLocator.EmbeddedName, cache: cache).Origin);
        Assert.Equal(ModelOrigin.Cache, ModelLocator.Find(ModelLocator.EmbeddedId, cache: cache).Origin);
        Assert.Equal(ModelOrigin.Cache, ModelLocator.Find("all-MiniLM-L6-v2", "main", cache).Origin);
    }

    [Fact]
    public void The_error_says_what_was_tried_and_what_is_near()
    {
        using var folder = new TemporaryFolder();
        folder.Write($"models--org--tiny-bert/refs/main", Commit);
        Directory.CreateDirectory(folder.File("empty"));
        var cache = new HubCache(folder.Path);
        AteneaException error = Assert.Throws<AteneaException>(() => ModelLocator.Find("org/tiny-brt", cache: cache));
        Assert.Equal("ATN0411", error.Code.Id);
        Assert.Contains("folder 'org/tiny-brt': does not exist", error.Message, StringComparison.Ordinal);
        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("did you mean 'org/tiny-bert'", error.Message, StringComparison.Ordinal);
        Assert.Contains("all-MiniLM-L6-v2", Assert.Throws<AteneaException>(() => ModelLocator.Find("MiniLM", cache: cache)).Remedy,
            StringComparison.Ordinal);
        Assert.Contains("has no config.json",
            Assert.Throws<AteneaException>(() => ModelLocator.Find(folder.File("empty"), cache: cache)).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void The_reference_cache_is_read()
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !Directory.Exists(Path.Combine(root, "..", "shared", "hub"))
            && !Directory.Exists(Path.Combine(root, "..", "..", "shared", "hub"))) root = Path.GetDirectoryName(root);
        Assert.NotNull(root);
        string hub =
            new[] { Path.Combine(root, "..", "shared", "hub"), Path.Combine(root, "..", "..", "shared", "hub") }.First(Directory.Exists);
        CachedSnapshot snapshot = new HubCache(hub).Find(RepositoryKind.Model, ModelLocator.EmbeddedId, "00bae1b2")!;
        using var full = SafeTensorsFile.Open(Path.Combine(snapshot.Folder, "model.safetensors"));
        using var half = SafeTensorsFile.Open(Path.Combine(ModelLocator.EmbeddedFolder()!, "model.safetensors"));
        Assert.Equal(full.Tensors.Keys.Order(), half.Tensors.Keys.Order());
        foreach (SafeTensorInfo info in full.Tensors.Values.Where(t => t.Type == StorageType.F32))
            Assert.Equal(full.ReadFloats(info.Name).Select(x => (float)(Half)x), half.ReadFloats(info.Name));
    }
}
