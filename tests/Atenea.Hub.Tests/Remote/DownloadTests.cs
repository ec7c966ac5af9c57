using System.Text;
using Atenea.Errors;

namespace Atenea.Hub.Tests;

public sealed class DownloadTests : IDisposable
{
    private const string Id = "org/name";
    private const string Folder = "models--org--name";

    private readonly FakeHub _hub = new();
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _weights = FakeHub.Bytes(40_000);

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_layout_is_huggingface_hubs()
    {
        AddModel();
        DownloadedSnapshot snapshot = await DownloadAsync();
        FakeFile config = File("config.json"), weights = File("model.safetensors");
        FakeFile card = File("README.md"), pooling = File("1_Pooling/config.json");
        string[] expected =
        [
            $".locks/{Folder}/{config.Etag}.lock", $".locks/{Folder}/{weights.Etag}.lock",
            $".locks/{Folder}/{card.Etag}.lock", $".locks/{Folder}/{pooling.Etag}.lock",
            "CACHEDIR.TAG",
            $"{Folder}/blobs/{config.Etag}", $"{Folder}/blobs/{weights.Etag}",
            $"{Folder}/blobs/{card.Etag}", $"{Folder}/blobs/{pooling.Etag}",
            $"{Folder}/refs/main",
            $"{Folder}/snapshots/{FakeHub.FirstCommit}/1_Pooling/config.json", $"{Folder}/snapshots/{FakeHub.FirstCommit}/README.md",
            $"{Folder}/snapshots/{FakeHub.FirstCommit}/config.json", $"{Folder}/snapshots/{FakeHub.FirstCommit}/model.safetensors",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), CacheTree.Names(_folder.Path));
        Assert.Equal(FakeHub.FirstCommit, System.IO.File.ReadAllText(_folder.File($"{Folder}/refs/main")));
        Assert.Equal($"../../blobs/{weights.Etag}", new FileInfo(Path.Combine(snapshot.Folder, "model.safetensors")).LinkTarget);
        Assert.Equal($"../../../blobs/{pooling.Etag}", new FileInfo(Path.Combine(snapshot.Folder, "1_Pooling", "config.json")).LinkTarget);
        Assert.Equal(_weights, System.IO.File.ReadAllBytes(Path.Combine(snapshot.Folder, "model.safetensors")));
        Assert.Equal(4, snapshot.DownloadedFiles);
        Assert.Equal(_weights.Length, snapshot.Files["model.safetensors"]);
        Assert.Equal(snapshot.Files.Values.Sum(), snapshot.DownloadedBytes);
    }

    [Fact]
    public async Task What_is_there_is_not_downloaded_again_and_a_new_commit_shares_its_blobs()
    {
        AddModel();
        await DownloadAsync();
        int before = _hub.HubRequests.Count();
        DownloadedSnapshot again = await DownloadAsync();
        Assert.Equal((0, 0L), (again.DownloadedFiles, again.DownloadedBytes));
        Assert.Equal(before + 1, _hub.HubRequests.Count()); // Only where main is now.

        _hub.AddTo("models", Id, FakeHub.SecondCommit, ("config.json", "{\"a\":1}"u8.ToArray(), false),
            ("model.safetensors", _weights, true));
        DownloadedSnapshot next = await DownloadAsync();
        Assert.Equal(1, next.DownloadedFiles);
        Assert.Single(_hub.CdnRequests);
        Assert.Equal(FakeHub.SecondCommit, new HubCache(_folder.Path).Find(RepositoryKind.Model, Id)!.Commit);
        Assert.Equal(FakeHub.FirstCommit, new HubCache(_folder.Path).Find(RepositoryKind.Model, Id, FakeHub.FirstCommit)!.Commit);
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_never_to_the_host_that_it_redirects_to()
    {
        AddModel();
        _hub.Repositories[$"models/{Id}"].Token = "hf_secret";
        await DownloadAsync(token: "hf_secret");
        Assert.NotEmpty(_hub.CdnRequests);
        Assert.All(_hub.HubRequests, r => Assert.Equal("Bearer hf_secret", r.Header("Authorization")));
        Assert.All(_hub.CdnRequests, r => Assert.Null(r.Header("Authorization")));
        Assert.All(_hub.CdnRequests,
            r => Assert.DoesNotContain("hf_secret", string.Join('\n', r.Headers.Values) + r.Path + r.Query, StringComparison.Ordinal));
        Assert.DoesNotContain(CacheTree.Files(_folder.Path),
            f => System.IO.File.ReadAllText(f).Contains("hf_secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_token_does_not_follow_pages_or_descriptions_to_other_hosts()
    {
        AddModel();
        _hub.WithSiblings = false;
        using var thief = new FakeServer("localhost", r => FakeResponse.Json("[]"));
        string next = $"<{thief.Address}/next>; rel=\"next\"";
        _hub.Intercept = r => r.Path.Contains("/tree/", StringComparison.Ordinal)
            ? FakeResponse.Json("""[{"type": "directory", "path": "x"}]""") with { Headers = new() { ["Link"] = next } }
            : null;
        await Assert.ThrowsAsync<AteneaException>(() => DownloadAsync(token: "hf_secret"));
        Assert.Null(Assert.Single(thief.Requests).Header("Authorization"));
    }

    [Fact]
    public async Task The_files_of_use_are_chosen()
    {
        string[] wanted =
        [
            "config.json", "tokenizer.json", "vocab.txt", "README.md", "model.safetensors", "1_Pooling/config.json",
            "2_Dense/pytorch_model.bin", "spm.model",
        ];
        string[] unwanted =
        [
            "pytorch_model.bin", "tf_model.h5", "flax_model.msgpack", "rust_model.ot", "onnx/model.onnx", "openvino/openvino_model.xml",
            "training_args.bin",
            ".gitattributes", "checkpoint-500/model.safetensors", "runs/events.out.tfevents.1", "model.gguf",
        ];
        _hub.Add(Id, [.. wanted.Concat(unwanted).Select(n => (n, Encoding.UTF8.GetBytes(n), false))]);
        Assert.Equal(wanted.Order(), (await DownloadAsync()).Files.Keys.Order());
        Assert.Equal(wanted.Concat(unwanted).Order(), (await DownloadAsync(Request() with { Everything = true })).Files.Keys.Order());
        Assert.Equal(["onnx/model.onnx", "tf_model.h5"],
            (await DownloadAsync(Request() with { Include = ["onnx/", "*.h5"] })).Files.Keys.Order());
        Assert.Equal(["config.json"], (await DownloadAsync(Request() with { Include = ["*config.json"], Exclude = ["1_*"] })).Files.Keys);
        Assert.Equal("ATN0467", (await FailsAsync(Request() with { Include = ["*.xyz"] })).Code.Id);
        Assert.Equal(["a.safetensors", "b/a.bin"],
            ModelFiles.Select(["a.safetensors", "a.bin", "b/a.bin", "pytorch_model.bin.index.json"]));
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("..\\..\\b")]
    [InlineData("a\u0000b")]
    public async Task Names_that_lead_out_of_the_cache_are_refused_before_anything_is_written(string name)
    {
        AddModel();
        _hub.Repositories[$"models/{Id}"].Commits[FakeHub.FirstCommit][name] = new FakeFile([1], false);
        Assert.Equal("ATN0464", (await FailsAsync(Request() with { Everything = true })).Code.Id);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        using var client = new HubClient(_hub.Settings(_folder.Path));
        Assert.Equal("ATN0464",
            (await Assert.ThrowsAsync<AteneaException>(() => client.FindFileAsync(RepositoryKind.Model, Id, name))).Code.Id);
    }

    [Theory]
    [InlineData("\"../../x\"")]
    [InlineData("\"a/b\"")]
    [InlineData("\"\"")]
    [InlineData("\".hidden\"")]
    public async Task An_etag_that_is_no_file_name_is_refused(string etag)
    {
        AddModel();
        _hub.Intercept = r => r.Method == "HEAD" ? new FakeResponse(302)
        {
            Headers = { ["X-Repo-Commit"] = FakeHub.FirstCommit, ["X-Linked-ETag"] = etag, ["Location"] = "/x" },
        } : null;
        Assert.Equal("ATN0461", (await FailsAsync()).Code.Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Content_with_the_wrong_hash_is_never_kept(bool large)
    {
        _hub.Add(Id, ("config.json", "{\"right\": 1}"u8.ToArray(), large));
        FakeFile right = File("config.json");
        _hub.Intercept = r => r.Method == "GET" && r.Path.EndsWith("config.json", StringComparison.Ordinal)
            && (!large || r.Path.StartsWith("/cdn", StringComparison.Ordinal))
            ? new FakeResponse(200) { Body = "{\"wrong\": 1}"u8.ToArray() } : null;
        Assert.Equal("ATN0463", (await FailsAsync()).Code.Id);
        Assert.Empty(Directory.GetFiles(_folder.File($"{Folder}/blobs")));
        Assert.False(Directory.Exists(_folder.File($"{Folder}/refs")));
        _hub.Intercept = _ => null;
        await DownloadAsync();
        Assert.Equal(right.Content, System.IO.File.ReadAllBytes(_folder.File($"{Folder}/blobs/{right.Etag}")));
    }

    [Fact]
    public async Task A_file_that_is_missing_is_remembered_for_its_commit()
    {
        AddModel();
        using var client = new HubClient(_hub.Settings(_folder.Path));
        Assert.Null(await client.FindFileAsync(RepositoryKind.Model, Id, "added_tokens.json"));
        string marker = _folder.File($"{Folder}/.no_exist/{FakeHub.FirstCommit}/added_tokens.json");
        Assert.Equal(0, new FileInfo(marker).Length);
        int before = _hub.HubRequests.Count();
        Assert.Null(await client.FindFileAsync(RepositoryKind.Model, Id, "added_tokens.json", FakeHub.FirstCommit));
        Assert.Equal(before, _hub.HubRequests.Count());

        string config = (await client.FindFileAsync(RepositoryKind.Model, Id, "config.json"))!;
        Assert.Equal("{}", System.IO.File.ReadAllText(config));
        Assert.Equal([$"{Folder}/refs/main"], CacheTree.Names(_folder.Path).Where(n => n.Contains("refs", StringComparison.Ordinal)));
        // A hub that is away leaves what is there.
        _hub.Intercept = _ => new FakeResponse(503);
        Assert.Equal(config, await client.FindFileAsync(RepositoryKind.Model, Id, "config.json"));
        Assert.Equal("ATN0460",
            (await Assert.ThrowsAsync<AteneaException>(() => client.FindFileAsync(RepositoryKind.Model, Id, "README.md"))).Code.Id);
    }

    [Fact]
    public async Task Where_there_are_no_links_the_files_themselves_are_in_the_snapshot()
    {
        AddModel();
        HubSettings settings = _hub.Settings(_folder.Path);
        using var client = new HubClient(
            new HubSettings { Endpoint = settings.Endpoint, Cache = settings.Cache, Retry = settings.Retry, Symlinks = false });
        DownloadedSnapshot snapshot = await client.DownloadAsync(Request());
        string weights = Path.Combine(snapshot.Folder, "model.safetensors");
        Assert.Null(new FileInfo(weights).LinkTarget);
        Assert.Equal(_weights, System.IO.File.ReadAllBytes(weights));
        Assert.Equal(0, (await client.DownloadAsync(Request())).DownloadedFiles);
    }

    [Fact]
    public async Task Links_that_lead_nowhere_or_in_circles_are_replaced()
    {
        AddModel();
        string commit = $"{Folder}/snapshots/{FakeHub.FirstCommit}";
        Directory.CreateDirectory(_folder.File(commit));
        Directory.CreateDirectory(_folder.File($"{Folder}/blobs"));
        System.IO.File.CreateSymbolicLink(_folder.File($"{commit}/config.json"), "config.json");
        System.IO.File.CreateSymbolicLink(_folder.File($"{commit}/model.safetensors"), "../../blobs/missing");
        System.IO.File.CreateSymbolicLink(_folder.File($"{Folder}/blobs/{File("README.md").Etag}"), File("README.md").Etag);
        Directory.CreateSymbolicLink(_folder.File($"{commit}/circle"), ".");
        DownloadedSnapshot snapshot = await DownloadAsync();
        foreach ((string name, FakeFile file) in _hub.Repositories[$"models/{Id}"].Commits[FakeHub.FirstCommit])
            Assert.Equal(file.Content, System.IO.File.ReadAllBytes(Path.Combine(snapshot.Folder, name)));
        Assert.Equal(snapshot.Folder, new HubCache(_folder.Path).Find(RepositoryKind.Model, Id)!.Folder);
    }

    [Fact]
    public async Task A_full_disk_is_told_and_what_came_stays()
    {
        AddModel();
        FakeFile weights = File("model.safetensors");
        using (var client = new HubClient(_hub.Settings(_folder.Path))
        {
            OpenIncomplete = path => path.Contains(weights.Etag, StringComparison.Ordinal)
                ? new FullDiskStream(BlobDownload.OpenFile(path), 30_000)
                : BlobDownload.OpenFile(path),
        })
        {
            AteneaException error = await Assert.ThrowsAsync<AteneaException>(() => client.DownloadAsync(Request()));
            Assert.Equal("ATN0466", error.Code.Id);
            Assert.Equal(ErrorCode.RunFailed, error.Code.ExitCode);
        }

        Assert.Null(new RepositoryFolder(new HubCache(_folder.Path), RepositoryKind.Model, Id).ReadReference("main"));
        long kept = new FileInfo(_folder.File($"{Folder}/blobs/{weights.Etag}.incomplete")).Length;
        Assert.True(kept <= 30_000);
        DownloadedSnapshot snapshot = await DownloadAsync();
        Assert.Equal(_weights, System.IO.File.ReadAllBytes(Path.Combine(snapshot.Folder, "model.safetensors")));
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_told()
    {
        AddModel();
        string file = _folder.Write("file", "no folder");
        using var client = new HubClient(_hub.Settings(Path.Combine(file, "hub")));
        AteneaException error = await Assert.ThrowsAsync<AteneaException>(() => client.DownloadAsync(Request()));
        Assert.Equal("ATN0465", error.Code.Id);
        Assert.Contains("HF_HOME", error.Remedy, StringComparison.Ordinal);
    }

    private void AddModel() => _hub.Add(Id,
        ("config.json", "{}"u8.ToArray(), false), ("README.md", "# Card"u8.ToArray(), false),
        ("1_Pooling/config.json", "{\"p\": 1}"u8.ToArray(), false),
        ("model.safetensors", _weights, true));

    private FakeFile File(string name) => _hub.Repositories[$"models/{Id}"].Commits[FakeHub.FirstCommit][name];

    private static SnapshotRequest Request() => new(RepositoryKind.Model, Id);

    private async Task<DownloadedSnapshot> DownloadAsync(SnapshotRequest? request = null, string? token = null)
    {
        using var client = new HubClient(_hub.Settings(_folder.Path, token));
        return await client.DownloadAsync(request ?? Request());
    }

    private Task<AteneaException> FailsAsync(SnapshotRequest? request = null) =>
        Assert.ThrowsAsync<AteneaException>(() => DownloadAsync(request));
}
