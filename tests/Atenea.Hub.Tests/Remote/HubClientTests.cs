using Atenea.Errors;

namespace Atenea.Hub.Tests;

public sealed class HubClientTests : IDisposable
{
    private readonly FakeHub _hub = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_repository_is_described()
    {
        _hub.Add("org/name", ("config.json", FakeHub.Bytes(30), false), ("model.safetensors", FakeHub.Bytes(900), true));
        RepositoryInfo info = await Client().InfoAsync(RepositoryKind.Model, "org/name");
        Assert.Equal(FakeHub.FirstCommit, info.Commit);
        Assert.Equal([new RemoteFile("config.json", 30), new RemoteFile("model.safetensors", 900)], info.Files);
        Assert.Equal((1234L, 56L, "apache-2.0", "text-classification"),
            (info.Summary.Downloads, info.Summary.Likes, info.Summary.License, info.Summary.Task));
        Assert.Equal(new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero), info.Summary.Modified);
        Assert.Equal(("bert", 4242L), (info.ModelType, info.Parameters["F32"]));
        Assert.Equal(["BertForSequenceClassification"], info.Architectures);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task A_tree_is_read_page_by_page(int page)
    {
        _hub.WithSiblings = false;
        _hub.PageSize = page;
        (string, byte[], bool)[] files = [.. Enumerable.Range(0, 10).Select(i => ($"data/file-{i}.txt", FakeHub.Bytes(i), i % 2 == 0))];
        _hub.AddTo("datasets", "org/data", FakeHub.FirstCommit, files);
        RepositoryInfo info = await Client().InfoAsync(RepositoryKind.Dataset, "org/data");
        Assert.Equal(files.Select(f => new RemoteFile(f.Item1, f.Item2.Length)), info.Files);
    }

    [Theory]
    [InlineData("refs/pr/1")]
    [InlineData("v1.0")]
    [InlineData(FakeHub.SecondCommit)]
    public async Task A_revision_is_a_branch_a_tag_or_a_commit(string revision)
    {
        FakeRepository repository = _hub.AddTo("models", "name", FakeHub.SecondCommit, ("a", [1], false));
        _hub.AddTo("models", "name", FakeHub.FirstCommit, ("a", [2], false));
        repository.References["refs/pr/1"] = repository.References["v1.0"] = FakeHub.SecondCommit;
        Assert.Equal(FakeHub.SecondCommit, (await Client().InfoAsync(RepositoryKind.Model, "name", revision)).Commit);
        Assert.Equal(FakeHub.FirstCommit, (await Client().InfoAsync(RepositoryKind.Model, "name")).Commit);
    }

    [Fact]
    public async Task Refusals_have_codes()
    {
        _hub.Add("org/name", ("a", [1], false));
        _hub.Add("org/private", ("a", [1], false)).Token = "good-token";
        await FailsAsync("ATN0453", c => c.InfoAsync(RepositoryKind.Model, "org/other"));
        await FailsAsync("ATN0453", c => c.InfoAsync(RepositoryKind.Model, "org/private"));
        await FailsAsync("ATN0453", c => c.InfoAsync(RepositoryKind.Model, "org/private"), token: "bad-token");
        await FailsAsync("ATN0455", c => c.InfoAsync(RepositoryKind.Model, "org/name", "v9"));
        await FailsAsync("ATN0413", c => c.InfoAsync(RepositoryKind.Model, "../name"));
        await FailsAsync("ATN0413", c => c.InfoAsync(RepositoryKind.Model, "org/name", "../main"));
        Assert.Equal(FakeHub.FirstCommit, (await Client("good-token").InfoAsync(RepositoryKind.Model, "org/private")).Commit);
    }

    [Fact]
    public async Task A_gated_repository_says_where_to_ask_for_access()
    {
        FakeRepository gated = _hub.AddTo("datasets", "org/gated", FakeHub.FirstCommit, ("a", [1], false));
        gated.Token = "granted";
        gated.IsGated = true;
        var request = new SnapshotRequest(RepositoryKind.Dataset, "org/gated");
        AteneaException anonymous = await FailsAsync("ATN0454", c => c.DownloadAsync(request));
        Assert.Contains($"{_hub.Address}/datasets/org/gated", anonymous.Remedy, StringComparison.Ordinal);
        Assert.Contains("HF_TOKEN", anonymous.Remedy, StringComparison.Ordinal);
        AteneaException waiting = await FailsAsync("ATN0454", c => c.DownloadAsync(request), token: "not-granted");
        Assert.DoesNotContain("not-granted", waiting.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, (await Client("granted").DownloadAsync(request)).DownloadedFiles);
    }

    [Theory]
    [InlineData(400, "ATN0460")]
    [InlineData(401, "ATN0453")]
    [InlineData(403, "ATN0458")]
    [InlineData(404, "ATN0453")]
    [InlineData(408, "ATN0460")]
    [InlineData(429, "ATN0459")]
    [InlineData(500, "ATN0460")]
    [InlineData(503, "ATN0460")]
    public async Task A_status_alone_has_a_code_too_and_only_what_may_pass_is_tried_again(int status, string code)
    {
        _hub.Intercept = _ => new FakeResponse(status) { Body = "<html>"u8.ToArray(), Headers = { ["Content-Type"] = "text/html" } };
        await FailsAsync(code, c => c.InfoAsync(RepositoryKind.Model, "org/name"));
        Assert.Equal(status is 408 or 429 or >= 500 ? 6 : 1, _hub.HubRequests.Count());
    }

    [Fact]
    public async Task A_token_that_is_wrong_is_told_from_a_missing_repository()
    {
        _hub.Intercept = _ => new FakeResponse(401) { Headers = { ["X-Error-Message"] = "Invalid credentials in Authorization header" } };
        AteneaException error = await FailsAsync("ATN0457", c => c.InfoAsync(RepositoryKind.Model, "org/name"), token: "hf_secret");
        Assert.DoesNotContain("hf_secret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", "Retry-After", "1")]
    [InlineData("2", "RateLimit", "\"api\";r=0;t=1")]
    public async Task The_wait_that_a_server_asks_for_is_kept(string least, string header, string value)
    {
        _hub.Add("org/name", ("a", [1], false));
        int count = 0;
        _hub.Intercept = _ => Interlocked.Increment(ref count) == 1 ? new FakeResponse(429) { Headers = { [header] = value } } : null;
        long start = Environment.TickCount64;
        await Client().InfoAsync(RepositoryKind.Model, "org/name");
        Assert.True(Environment.TickCount64 - start >= (1000 * int.Parse(least)) - 50, "Our own wait would be 5 ms.");
        Assert.Equal(2, count);
    }

    [Fact]
    public async Task A_server_that_asks_for_too_long_a_wait_is_not_waited_for()
    {
        _hub.Intercept = _ => new FakeResponse(429) { Headers = { ["Retry-After"] = "3600" } };
        AteneaException error = await FailsAsync("ATN0459", c => c.InfoAsync(RepositoryKind.Model, "org/name"));
        Assert.Contains("3600 s", error.Remedy, StringComparison.Ordinal);
        Assert.Single(_hub.HubRequests);
    }

    [Theory]
    [InlineData("<html>login</html>")]
    [InlineData("{\"id\": \"org/name\"}")]
    [InlineData("{\"id\": \"org/name\", \"sha\": \"../../x\"}")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task What_is_no_hubs_answer_is_refused(string body)
    {
        _hub.Intercept = _ => FakeResponse.Json(body);
        await FailsAsync("ATN0461", c => c.InfoAsync(RepositoryKind.Model, "org/name"));
    }

    [Fact]
    public async Task Redirects_in_a_circle_end()
    {
        _hub.Intercept = request => new FakeResponse(302) { Headers = { ["Location"] = request.Path } };
        await FailsAsync("ATN0461", c => c.InfoAsync(RepositoryKind.Model, "org/name"));
        _hub.Intercept = _ => new FakeResponse(302) { Headers = { ["Location"] = "file:///etc/passwd" } };
        await FailsAsync("ATN0461", c => c.InfoAsync(RepositoryKind.Model, "org/name"));
    }

    [Fact]
    public async Task A_hub_that_is_not_there_is_told_soon()
    {
        string address;
        using (var gone = new FakeServer("127.0.0.1", _ => new FakeResponse(200))) address = gone.Address;
        using var client = new HubClient(new HubSettings { Endpoint = new Uri(address), Cache = new HubCache(_folder.Path) });
        AteneaException error = await Assert.ThrowsAsync<AteneaException>(() => client.InfoAsync(RepositoryKind.Model, "org/name"));
        Assert.Equal("ATN0451", error.Code.Id);
        using var nowhere =
            new HubClient(new HubSettings { Endpoint = new Uri("http://nowhere.invalid"), Cache = new HubCache(_folder.Path) });
        Assert.Equal("ATN0451",
            (await Assert.ThrowsAsync<AteneaException>(() => nowhere.InfoAsync(RepositoryKind.Model, "org/name"))).Code.Id);
    }

    [Fact]
    public async Task A_hub_that_is_silent_is_given_up()
    {
        using var silent = new FakeServer("127.0.0.1", _ => { Thread.Sleep(3000); return new FakeResponse(200); });
        using var client = new HubClient(new HubSettings
        {
            Endpoint = new Uri(silent.Address),
            Cache = new HubCache(_folder.Path),
            Timeout = TimeSpan.FromMilliseconds(200),
        });
        Assert.Equal("ATN0451",
            (await Assert.ThrowsAsync<AteneaException>(() => client.InfoAsync(RepositoryKind.Model, "org/name"))).Code.Id);
    }

    [Fact]
    public async Task Offline_asks_nobody()
    {
        var settings = new HubSettings { Endpoint = new Uri(_hub.Address), Cache = new HubCache(_folder.Path), Offline = true };
        using var client = new HubClient(settings);
        foreach (Func<Task> act in new Func<Task>[]
        {
            () => client.InfoAsync(RepositoryKind.Model, "org/name"),
            () => client.DownloadAsync(new SnapshotRequest(RepositoryKind.Model, "org/name")),
            () => client.SearchAsync(new SearchQuery(RepositoryKind.Model)),
            () => client.FindFileAsync(RepositoryKind.Model, "org/name", "config.json"),
        })
        {
            Assert.Equal("ATN0452", (await Assert.ThrowsAsync<AteneaException>(act)).Code.Id);
        }

        Assert.Empty(_hub.HubRequests);
    }

    [Fact]
    public async Task A_search_asks_for_what_is_wanted_and_reads_its_columns()
    {
        _hub.ListJson = """
            [{"id": "a/b", "downloads": 5, "likes": 2, "tags": ["pytorch", "license:mit"], "pipeline_tag": "fill-mask",
              "library_name": "transformers",
              "createdAt": "2022-03-02T23:29:04.000Z", "lastModified": "2024-02-19T11:06:12.000Z", "gated": "manual", "private": false},
             {"modelId": "c/d"}, {"likes": 3}, 17]
            """;
        IReadOnlyList<RepositorySummary> found = await Client().SearchAsync(new SearchQuery(RepositoryKind.Model)
        {
            Text = "bert base",
            Author = "google",
            Task = "fill-mask",
            Tags = ["es", "license:mit"],
            Order = SearchOrder.Likes,
            Limit = 7,
        });
        Assert.Equal(["a/b", "c/d"], found.Select(f => f.Id));
        Assert.Equal((5L, 2L, "mit", "fill-mask", true, 2022),
            (found[0].Downloads, found[0].Likes, found[0].License, found[0].Task, found[0].Gated, found[0].Created!.Value.Year));
        FakeRequest request = Assert.Single(_hub.HubRequests);
        Assert.Equal("/api/models", request.Path);
        Assert.Equal(
            "search=bert%20base&author=google&pipeline_tag=fill-mask&filter=es&filter=license%3Amit&sort=likes&direction=-1"
                + "&limit=7&full=true",
            request.Query);
    }

    [Fact]
    public async Task A_search_goes_on_over_pages_until_there_are_enough()
    {
        _hub.Intercept = request =>
        {
            FakeResponse page =
                FakeResponse.Json($$"""[{"id": "x/{{_hub.HubRequests.Count()}}"}, {"id": "y/{{_hub.HubRequests.Count()}}"}]""");
            page.Headers["Link"] = $"<{_hub.Address}/api/datasets?cursor={_hub.HubRequests.Count()}>; rel=\"next\"";
            return page;
        };
        IReadOnlyList<RepositorySummary> found =
            await Client().SearchAsync(new SearchQuery(RepositoryKind.Dataset) { Limit = 5, Task = "text-classification" });
        Assert.Equal(["x/1", "y/1", "x/2", "y/2", "x/3"], found.Select(f => f.Id));
        Assert.Contains("filter=task_categories%3Atext-classification", _hub.HubRequests.First().Query, StringComparison.Ordinal);
    }

    private HubClient Client(string? token = null) => new(_hub.Settings(_folder.Path, token));

    private async Task<AteneaException> FailsAsync(string code, Func<HubClient, Task> act, string? token = null)
    {
        using HubClient client = Client(token);
        AteneaException error = await Assert.ThrowsAsync<AteneaException>(() => act(client));
        Assert.Equal(code, error.Code.Id);
        return error;
    }
}
