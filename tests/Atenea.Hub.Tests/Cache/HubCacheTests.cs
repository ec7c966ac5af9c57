using Atenea.Errors;

namespace Atenea.Hub.Tests;

public class HubCacheTests
{
    private const string First = "00bae1b2c8d68e8d1949c8c980cab50ab51a3787";
    private const string Second = "00bae1ffffffffffffffffffffffffffffffffff";
    private const string Blob = "72b987fd805cfa2b58c4c8c952b274a11bfd5a00";

    [Theory]
    [InlineData(null, First)]
    [InlineData("main", First)]
    [InlineData("refs/pr/1", Second)]
    [InlineData(Second, Second)]
    [InlineData("00bae1b", First)]
    [InlineData("00bae1ff", Second)]
    public void Revisions_are_resolved(string? revision, string expected)
    {
        using var folder = new TemporaryFolder();
        CachedSnapshot snapshot = Build(folder).Find(RepositoryKind.Model, "org/name", revision)!;
        Assert.Equal(expected, snapshot.Commit);
        Assert.True(File.Exists(Path.Combine(snapshot.Folder, "config.json")));
    }

    [Theory]
    [InlineData("00bae1", "ATN0412")] // two commits start like this
    [InlineData("00b", "ATN0412")] // too short to mean a commit
    [InlineData("v2.0", "ATN0412")]
    [InlineData("../../../secret", "ATN0413")]
    [InlineData("", "ATN0413")]
    public void Revisions_that_are_not_there_say_what_is(string revision, string code)
    {
        using var folder = new TemporaryFolder();
        HubCache cache = Build(folder);
        AteneaException error = Assert.Throws<AteneaException>(() => cache.Find(RepositoryKind.Model, "org/name", revision));
        Assert.Equal(code, error.Code.Id);
        if (revision == "v2.0") Assert.Contains("main", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repository_that_is_not_there_is_null_and_the_others_are_listed()
    {
        using var folder = new TemporaryFolder();
        HubCache cache = Build(folder);
        Assert.Null(cache.Find(RepositoryKind.Model, "org/other"));
        Assert.Null(cache.Find(RepositoryKind.Dataset, "org/name"));
        Assert.Equal(["bert-base-uncased", "org/name"], cache.Repositories(RepositoryKind.Model));
        Assert.Empty(new HubCache(folder.File("none")).Repositories(RepositoryKind.Model));
    }

    [Theory]
    [InlineData("../name")]
    [InlineData("a/b/c")]
    [InlineData("a--b")]
    [InlineData("/etc")]
    [InlineData("a b")]
    public void Names_that_are_not_ids_are_refused(string id) =>
        Assert.Equal("ATN0413", Assert.Throws<AteneaException>(() => new HubCache("x").Find(RepositoryKind.Model, id)).Code.Id);

    [Fact]
    public void A_branch_whose_files_are_missing_is_an_error()
    {
        using var folder = new TemporaryFolder();
        HubCache cache = Build(folder);
        Directory.Delete(folder.File($"models--org--name/snapshots/{First}"), recursive: true);
        Assert.Equal("ATN0412", Assert.Throws<AteneaException>(() => cache.Find(RepositoryKind.Model, "org/name")).Code.Id);
        folder.Write("models--org--name/refs/main", "../../../elsewhere");
        Assert.Equal("ATN0412", Assert.Throws<AteneaException>(() => cache.Find(RepositoryKind.Model, "org/name")).Code.Id);
    }

    [Fact]
    public void Links_are_followed()
    {
        using var folder = new TemporaryFolder();
        HubCache cache = Build(folder);
        string snapshot = folder.File($"models--org--name/snapshots/{First}");
        File.Delete(Path.Combine(snapshot, "config.json"));
        folder.Write($"models--org--name/blobs/{Blob}", """{"model_type": "linked"}""");
        File.CreateSymbolicLink(Path.Combine(snapshot, "config.json"), $"../../blobs/{Blob}");
        CachedSnapshot found = cache.Find(RepositoryKind.Model, "org/name")!;
        Assert.Equal(Path.GetFullPath(snapshot), Path.GetFullPath(found.Folder));
        Assert.Equal("linked", ModelConfig.Load(found.Folder).ModelType);
    }

    [Fact]
    public void Links_that_a_copy_turned_into_text_are_followed_too()
    {
        using var folder = new TemporaryFolder();
        HubCache cache = Build(folder);
        folder.Write($"models--org--name/blobs/{Blob}", """{"model_type": "flattened"}""");
        folder.Write($"models--org--name/snapshots/{First}/config.json", $"../../blobs/{Blob}");
        folder.Write($"models--org--name/snapshots/{First}/1_Pooling/config.json", $"../../../blobs/{Blob}");
        folder.Write($"models--org--name/snapshots/{First}/secret", $"../../../../blobs/{Blob}");
        CachedSnapshot found = cache.Find(RepositoryKind.Model, "org/name")!;
        Assert.Equal("flattened", ModelConfig.Load(found.Folder).ModelType);
        Assert.Equal("flattened", ModelConfig.Load(Path.Combine(found.Folder, "1_Pooling")).ModelType);
        Assert.StartsWith("../", File.ReadAllText(Path.Combine(found.Folder, "secret")), StringComparison.Ordinal);
        Assert.Equal(found.Folder, cache.Find(RepositoryKind.Model, "org/name", First)!.Folder);
    }

    private static HubCache Build(TemporaryFolder folder)
    {
        folder.Write("models--org--name/refs/main", First);
        folder.Write("models--org--name/refs/refs/pr/1", Second + "\n");
        folder.Write($"models--org--name/snapshots/{First}/config.json", """{"model_type": "bert"}""");
        folder.Write($"models--org--name/snapshots/{Second}/config.json", """{"model_type": "bert"}""");
        Directory.CreateDirectory(folder.File("models--bert-base-uncased"));
        return new HubCache(folder.Path);
    }
}
