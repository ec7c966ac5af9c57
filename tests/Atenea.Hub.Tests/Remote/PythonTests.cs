using System.Diagnostics;

namespace Atenea.Hub.Tests;

/// <summary>One cache for Python's huggingface_hub and for Atenea. Needs the peer kit that <c>../shared/peer</c> installs.</summary>
public sealed class PythonTests : IDisposable
{
    private const string Id = "org/name";

    private readonly FakeHub _hub = new();
    private readonly TemporaryFolder _folder = new();

    public PythonTests()
    {
        _hub.Add(Id,
            ("config.json", "{}"u8.ToArray(), false), ("README.md", "# Card"u8.ToArray(), false),
            ("1_Pooling/config.json", "{\"p\": 1}"u8.ToArray(), false),
            ("a folder/ñandú.txt", "text"u8.ToArray(), false), ("model.safetensors", FakeHub.Bytes(300_000), true));
        _hub.AddTo("datasets", "org/data", FakeHub.FirstCommit, ("en/train-00000-of-00001.parquet", FakeHub.Bytes(7000), true),
            ("README.md", "x"u8.ToArray(), false));
        _hub.Repositories[$"models/{Id}"].References["refs/pr/3"] = FakeHub.FirstCommit;
    }

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Both_make_the_same_cache_file_by_file()
    {
        string ours = _folder.File("ours"), theirs = _folder.File("theirs");
        await DownloadAsync(ours);
        Python("""
            from huggingface_hub import snapshot_download, hf_hub_download
            snapshot_download("org/name"); snapshot_download("org/data", repo_type="dataset")
            hf_hub_download("org/name", "config.json", revision="refs/pr/3")
            try: hf_hub_download("org/name", "adapter_config.json")
            except Exception: pass
            """, theirs);
        using var client = new HubClient(_hub.Settings(ours));
        await client.FindFileAsync(RepositoryKind.Model, Id, "config.json", "refs/pr/3");
        Assert.Null(await client.FindFileAsync(RepositoryKind.Model, Id, "adapter_config.json"));

        SortedDictionary<string, string> expected = CacheTree.Contents(theirs), actual = CacheTree.Contents(ours);
        // Python's newest version also keeps its own list of each commit's files.
        foreach (string own in expected.Keys.Where(k => k.Contains("/trees/", StringComparison.Ordinal)).ToArray()) expected.Remove(own);
        Assert.Equal(expected, actual);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Python_uses_what_we_downloaded_without_the_network()
    {
        string cache = _folder.File("cache");
        await DownloadAsync(cache);
        string output = Python("""
            from huggingface_hub import snapshot_download, hf_hub_download, scan_cache_dir, try_to_load_from_cache
            path = snapshot_download("org/name", local_files_only=True)
            print(len(open(path + "/model.safetensors", "rb").read()), open(path + "/a folder/ñandú.txt").read())
            print(len(open(hf_hub_download("org/data", "en/train-00000-of-00001.parquet", repo_type="dataset"), "rb").read()))
            info = scan_cache_dir()
            def describe(r): return r.repo_id, r.repo_type, r.nb_files, r.size_on_disk, [sorted(v.refs) for v in r.revisions]
            print(sorted(map(describe, info.repos)), [str(w) for w in info.warnings])
            """, cache, offline: true);
        Assert.Equal(["300000 text", "7000",
            "[('org/data', 'dataset', 2, 7001, [['main']]), ('org/name', 'model', 5, 300020, [['main']])] []"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task We_use_what_Python_downloaded_and_complete_what_it_began()
    {
        string cache = _folder.File("cache");
        Python("""
            from huggingface_hub import snapshot_download
            snapshot_download("org/name", allow_patterns=["*.json"])
            """, cache);
        var found = new HubCache(cache).Find(RepositoryKind.Model, Id)!;
        Assert.Equal("{}", File.ReadAllText(Path.Combine(found.Folder, "config.json")));
        using var client = new HubClient(_hub.Settings(cache));
        DownloadedSnapshot snapshot = await client.DownloadAsync(new SnapshotRequest(RepositoryKind.Model, Id));
        Assert.Equal((3, found.Commit), (snapshot.DownloadedFiles, snapshot.Commit));
        Assert.Equal(300_000,
            new FileInfo(Path.Combine(snapshot.Folder, "model.safetensors")).ResolveLinkTarget(true) is FileInfo file ? file.Length : 0);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_lock_that_we_hold_makes_Python_wait_and_the_other_way_round()
    {
        string cache = _folder.File("cache");
        string file = new RepositoryFolder(new HubCache(cache), RepositoryKind.Model, Id).Lock("etag");
        using (await CacheLock.AcquireAsync(file, null, CancellationToken.None)) Assert.Equal("busy", Python(Probe(file), cache).Trim());
        Assert.Equal("free", Python(Probe(file), cache).Trim());

        string done = _folder.File("done");
        using Process python = Start($"""
            import time
            from huggingface_hub.utils import WeakFileLock
            with WeakFileLock({Quote(file)}):
                print("held", flush=True)
                time.sleep(1)
                open({Quote(done)}, "w").write("x")
            """, cache, offline: false);
        Assert.Equal("held", await python.StandardOutput.ReadLineAsync());
        using (await CacheLock.AcquireAsync(file, null, CancellationToken.None))
            Assert.True(File.Exists(done), "Python still held the lock.");
        await python.WaitForExitAsync();
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Both_at_once_do_not_spoil_the_cache()
    {
        string cache = _folder.File("cache");
        using Process python =
            Start("from huggingface_hub import snapshot_download\nprint(snapshot_download('org/name'))", cache, offline: false);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => DownloadAsync(cache)));
        await python.WaitForExitAsync();
        Assert.Equal(0, python.ExitCode);
        foreach ((string name, FakeFile content) in _hub.Repositories[$"models/{Id}"].Commits[FakeHub.FirstCommit])
        {
            Assert.Equal(content.Content,
                File.ReadAllBytes(Path.Combine(new HubCache(cache).Find(RepositoryKind.Model, Id)!.Folder, name)));
        }

        Assert.DoesNotContain(CacheTree.Names(cache),
            n => n.EndsWith(".incomplete", StringComparison.Ordinal) || n.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private async Task DownloadAsync(string cache)
    {
        using var client = new HubClient(_hub.Settings(cache));
        await client.DownloadAsync(new SnapshotRequest(RepositoryKind.Model, Id) { Everything = true });
        await client.DownloadAsync(new SnapshotRequest(RepositoryKind.Dataset, "org/data"));
    }

    private static string Quote(string path) => $"'{path}'";

    private static string Probe(string file) => $"""
        from filelock import FileLock, Timeout
        try:
            with FileLock({Quote(file)}, timeout=0.2): print("free")
        except Timeout: print("busy")
        """;

    private string Python(string script, string cache, bool offline = false)
    {
        using Process process = Start(script, cache, offline);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output;
    }

    private Process Start(string script, string cache, bool offline)
    {
        var start = new ProcessStartInfo("python3", ["-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        string peer = Environment.GetEnvironmentVariable("ATENEA_PEER_CACHE")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "atenea-peer");
        start.Environment["PYTHONPATH"] = Path.Combine(peer, "site");
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        start.Environment["HF_ENDPOINT"] = _hub.Address;
        start.Environment["HF_HUB_CACHE"] = cache;
        start.Environment["HF_HOME"] = _folder.File("home");
        start.Environment["HF_HUB_OFFLINE"] = offline ? "1" : "0";
        start.Environment["HF_HUB_DISABLE_XET"] = "1";
        start.Environment["HF_HUB_DISABLE_PROGRESS_BARS"] = "1";
        start.Environment["HF_HUB_DISABLE_TELEMETRY"] = "1";
        return Process.Start(start)!;
    }
}
