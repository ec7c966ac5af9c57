using Atenea.Errors;

namespace Atenea.Hub.Tests;

public sealed class InventoryTests : IDisposable
{
    private const string Id = "org/name";

    private readonly FakeHub _hub = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Shared_files_are_counted_once_on_the_disk_and_for_each_commit()
    {
        HubCache cache = await TwoCommitsAsync();
        CachedRepository repository = Assert.Single(cache.Inventory(RepositoryKind.Model));
        Assert.Equal([110L, 120L], repository.Revisions.Select(r => r.Bytes));
        Assert.Equal([[], ["main"]], repository.Revisions.Select(r => r.References));
        long references = FakeHub.FirstCommit.Length;
        Assert.Equal(130 + references, repository.Bytes);
        _folder.Write("models--org--name/blobs/abc.incomplete", "12345");
        Assert.Equal(5, cache.Inventory(RepositoryKind.Model)[0].IncompleteBytes);
        Assert.Empty(cache.Inventory(RepositoryKind.Dataset));
    }

    [Fact]
    public async Task Removing_a_commit_keeps_what_others_need()
    {
        HubCache cache = await TwoCommitsAsync();
        Assert.Equal(10, cache.Remove(RepositoryKind.Model, Id, FakeHub.FirstCommit));
        string folder = cache.Find(RepositoryKind.Model, Id)!.Folder;
        Assert.Equal(100, File.ReadAllBytes(Path.Combine(folder, "model.safetensors")).Length);
        Assert.Equal("ATN0412", Assert.Throws<AteneaException>(() => cache.Remove(RepositoryKind.Model, Id, "v9")).Code.Id);
        cache.Remove(RepositoryKind.Model, Id, "main"); // The last one takes the repository with it.
        Assert.Equal(["CACHEDIR.TAG"], CacheTree.Names(_folder.Path));
        AteneaException error = Assert.Throws<AteneaException>(() => cache.Remove(RepositoryKind.Model, Id));
        Assert.Equal("ATN0469", error.Code.Id);
    }

    [Fact]
    public async Task Removing_never_follows_a_link_out_of_the_repository()
    {
        HubCache cache = await TwoCommitsAsync();
        string outside = _folder.Write("outside/precious", "keep");
        string snapshot = cache.Find(RepositoryKind.Model, Id, FakeHub.FirstCommit)!.Folder;
        File.CreateSymbolicLink(Path.Combine(snapshot, "link"), outside);
        Directory.CreateSymbolicLink(Path.Combine(snapshot, "folder"), Path.GetDirectoryName(outside)!);
        Directory.CreateSymbolicLink(Path.Combine(snapshot, "circle"), snapshot);
        Assert.NotEmpty(cache.Inventory(RepositoryKind.Model));
        cache.Remove(RepositoryKind.Model, Id, FakeHub.FirstCommit);
        cache.Remove(RepositoryKind.Model, Id);
        Assert.Equal("keep", File.ReadAllText(outside));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void The_reference_cache_is_listed()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !Directory.Exists(Path.Combine(root.FullName, "shared", "hub"))) root = root.Parent;
        var cache = new HubCache(Path.Combine(root!.FullName, "shared", "hub"));
        CachedRepository model = Assert.Single(cache.Inventory(RepositoryKind.Model));
        Assert.Equal(11, model.Revisions.Single().Files);
        Assert.True(model.Revisions.Single().Bytes > 90_000_000);
        Assert.Equal(2, cache.Inventory(RepositoryKind.Dataset).Count);
    }

    private async Task<HubCache> TwoCommitsAsync()
    {
        byte[] weights = FakeHub.Bytes(100);
        foreach ((string commit, int size) in new[] { (FakeHub.FirstCommit, 10), (FakeHub.SecondCommit, 20) })
        {
            _hub.AddTo("models", Id, commit, ("config.json", FakeHub.Bytes(size), false), ("model.safetensors", weights, true));
            using var client = new HubClient(_hub.Settings(_folder.Path));
            await client.DownloadAsync(new SnapshotRequest(RepositoryKind.Model, Id));
        }

        return new HubCache(_folder.Path);
    }
}
