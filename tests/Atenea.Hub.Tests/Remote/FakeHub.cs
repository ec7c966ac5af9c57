using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Atenea.Hub.Tests;

/// <summary>One file of a repository.</summary>
internal sealed record FakeFile(byte[] Content, bool IsLarge)
{
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Content));

    public string ObjectId { get; } = Convert.ToHexStringLower(
        CryptographicOperations.HashData(HashAlgorithmName.SHA1, [.. Encoding.ASCII.GetBytes($"blob {Content.Length}\0"), .. Content]));

    /// <summary>The name of its blob.</summary>
    public string Etag => IsLarge ? Sha256 : ObjectId;
}

/// <summary>One repository: references, and files by commit.</summary>
internal sealed class FakeRepository
{
    public Dictionary<string, string> References { get; } = [];

    public Dictionary<string, SortedDictionary<string, FakeFile>> Commits { get; } = [];

    /// <summary>Who may read it: null for everybody, else the token.</summary>
    public string? Token { get; set; }

    public bool IsGated { get; set; }

    public JsonObject Card { get; } = new() { ["license"] = "apache-2.0" };
}

/// <summary>
/// Plays the Hugging Face hub and the CDN behind it, on two ports and under two host names: the API, resolve addresses with the hub's
/// headers, redirects of large files. A test adds repositories and, with <see cref="Intercept"/>, trouble.
/// </summary>
internal sealed class FakeHub : IDisposable
{
    public const string FirstCommit = "1111111111111111111111111111111111111111";
    public const string SecondCommit = "2222222222222222222222222222222222222222";

    private readonly FakeServer _hub;
    private readonly FakeServer _cdn;

    public FakeHub()
    {
        _hub = new FakeServer("127.0.0.1", request => Intercept(request) ?? Answer(request));
        _cdn = new FakeServer("localhost", request => Intercept(request) ?? AnswerContent(request));
    }

    public string Address => _hub.Address;

    public string CdnAddress => _cdn.Address;

    public IEnumerable<FakeRequest> HubRequests => _hub.Requests;

    public IEnumerable<FakeRequest> CdnRequests => _cdn.Requests;

    public ConcurrentDictionary<string, FakeRepository> Repositories { get; } = [];

    /// <summary>Answers in the hub's place, of either server; null for the usual answer.</summary>
    public Func<FakeRequest, FakeResponse?> Intercept { get; set; } = _ => null;

    /// <summary>Whether contents are served by range.</summary>
    public bool Ranges { get; set; } = true;

    /// <summary>Files that a page of a tree holds.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Whether the description of a repository lists its files.</summary>
    public bool WithSiblings { get; set; } = true;

    public string ListJson { get; set; } = "[]";

    public HubSettings Settings(string cache, string? token = null) => new()
    {
        Endpoint = new Uri(Address),
        Token = token,
        Cache = new HubCache(cache),
        Timeout = TimeSpan.FromSeconds(10),
        Retry = new RetryOptions { BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(5) },
    };

    /// <summary>Adds a model with one commit, which main names.</summary>
    public FakeRepository Add(string id, params (string Name, byte[] Content, bool IsLarge)[] files) =>
        AddTo("models", id, FirstCommit, files);

    /// <summary>Adds a data set, or a further commit.</summary>
    public FakeRepository AddTo(string kind, string id, string commit, params (string Name, byte[] Content, bool IsLarge)[] files)
    {
        FakeRepository repository = Repositories.GetOrAdd($"{kind}/{id}", _ => new FakeRepository());
        repository.References["main"] = commit;
        repository.Commits[commit] = new SortedDictionary<string, FakeFile>(
            files.ToDictionary(f => f.Name, f => new FakeFile(f.Content, f.IsLarge)), StringComparer.Ordinal);
        return repository;
    }

    public static byte[] Bytes(int count, int seed = 1)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public void Dispose()
    {
        _hub.Dispose();
        _cdn.Dispose();
    }

    private static FakeResponse Refuse(int status, string code, string message) =>
        FakeResponse.Json($$"""{"error": "{{message}}"}""", status) with
        {
            Headers = new() { ["X-Error-Code"] = code, ["X-Error-Message"] = message, ["Content-Type"] = "application/json" },
        };

    private FakeResponse Answer(FakeRequest request)
    {
        string[] parts = [.. request.Path.Trim('/').Split('/').Select(Uri.UnescapeDataString)];
        if (request.Path.StartsWith("/api/resolve-cache/", StringComparison.Ordinal)) return AnswerContent(request);
        if (parts[0] == "api" && parts.Length == 2) return FakeResponse.Json(ListJson);
        bool isApi = parts[0] == "api";
        string kind = isApi ? parts[1] : parts[0] == "datasets" ? "datasets" : "models";
        string[] rest = isApi ? parts[2..] : kind == "datasets" ? parts[1..] : parts;
        int verb = Array.FindIndex(rest, p => p is "revision" or "tree" or "resolve");
        string id = string.Join('/', rest[..verb]);
        bool isAllowed = Repositories.TryGetValue($"{kind}/{id}", out FakeRepository? repository)
            && (repository.Token is null || request.Header("Authorization") == $"Bearer {repository.Token}");
        if (repository is { IsGated: true } && !isAllowed && (!isApi || rest[verb] == "resolve"))
            return Refuse(request.Header("Authorization") is null ? 401 : 403, "GatedRepo", "Access to this model is restricted.");
        if (repository is null || (!isAllowed && !repository.IsGated)) return Refuse(401, "RepoNotFound", "Repository not found");
        string revision = rest[verb + 1];
        string commit = repository.References.GetValueOrDefault(revision, revision);
        if (!repository.Commits.TryGetValue(commit, out SortedDictionary<string, FakeFile>? files))
            return Refuse(404, "RevisionNotFound", "Invalid rev id: " + revision);
        return rest[verb] switch
        {
            "revision" => FakeResponse.Json(Describe(kind, id, commit, repository, files).ToJsonString()),
            "tree" => Tree(request, files),
            _ => Resolve(kind, id, commit, string.Join('/', rest[(verb + 2)..]), files),
        };
    }

    private JsonObject Describe(string kind, string id, string commit, FakeRepository repository, SortedDictionary<string, FakeFile> files)
    {
        var json = new JsonObject
        {
            ["id"] = id,
            ["sha"] = commit,
            ["downloads"] = 1234,
            ["likes"] = 56,
            ["private"] = repository.Token is not null && !repository.IsGated,
            ["gated"] = repository.IsGated ? "auto" : false,
            ["tags"] = new JsonArray("license:apache-2.0"),
            ["cardData"] = repository.Card.DeepClone(),
            ["createdAt"] = "2022-03-02T23:29:05.000Z",
            ["lastModified"] = "2024-05-06T07:08:09.000Z",
        };
        if (kind == "models")
        {
            json["pipeline_tag"] = "text-classification";
            json["library_name"] = "transformers";
            json["config"] = new JsonObject { ["model_type"] = "bert", ["architectures"] = new JsonArray("BertForSequenceClassification") };
            json["safetensors"] = new JsonObject { ["parameters"] = new JsonObject { ["F32"] = 4242 }, ["total"] = 4242 };
        }

        if (WithSiblings)
        {
            json["siblings"] = new JsonArray([.. files.Select(
                f => new JsonObject { ["rfilename"] = f.Key, ["size"] = f.Value.Content.Length, ["blobId"] = f.Value.ObjectId })]);
        }

        return json;
    }

    private FakeResponse Tree(FakeRequest request, SortedDictionary<string, FakeFile> files)
    {
        string? cursor = request.Query.Split('&')
            .FirstOrDefault(q => q.StartsWith("cursor=", StringComparison.Ordinal))?["cursor=".Length..];
        int start = cursor is null ? 0 : int.Parse(cursor);
        var entries = new JsonArray([.. files.Skip(start).Take(PageSize).Select(f =>
        {
            var entry =
                new JsonObject { ["type"] = "file", ["path"] = f.Key, ["oid"] = f.Value.ObjectId, ["size"] = f.Value.Content.Length };
            if (f.Value.IsLarge)
                entry["lfs"] = new JsonObject { ["oid"] = f.Value.Sha256, ["size"] = f.Value.Content.Length, ["pointerSize"] = 134 };
            return entry;
        })]);
        FakeResponse response = FakeResponse.Json(entries.ToJsonString());
        if (start + PageSize < files.Count)
            response.Headers["Link"] = $"<{Address}{request.Path}?recursive=true&cursor={start + PageSize}>; rel=\"next\"";
        return response;
    }

    // Large files lie on the CDN; small ones are answered at once, or, README.md, by way of a relative redirect as the hub does it.
    private FakeResponse Resolve(string kind, string id, string commit, string name, SortedDictionary<string, FakeFile> files)
    {
        if (!files.TryGetValue(name, out FakeFile? file))
        {
            FakeResponse refusal = Refuse(404, "EntryNotFound", "Entry not found");
            refusal.Headers["X-Repo-Commit"] = commit;
            return refusal;
        }

        string content = $"/{kind}/{id}/{commit}/{Uri.EscapeDataString(name)}";
        var headers = new Dictionary<string, string> { ["X-Repo-Commit"] = commit };
        if (file.IsLarge)
        {
            headers["X-Linked-ETag"] = $"\"{file.Sha256}\"";
            headers["X-Linked-Size"] = $"{file.Content.Length}";
            headers["Location"] = $"{CdnAddress}/cdn{content}?signature=secret";
            headers["ETag"] = "\"of-the-redirect\"";
            return new FakeResponse(302) { Headers = headers };
        }

        if (name == "README.md")
        {
            headers["Location"] = "/api/resolve-cache" + content;
            return new FakeResponse(307) { Headers = headers };
        }

        headers["ETag"] = $"W/\"{file.ObjectId}\"";
        return new FakeResponse(200) { Headers = headers, Body = file.Content };
    }

    private FakeResponse AnswerContent(FakeRequest request)
    {
        string[] parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        parts = parts[0] == "api" ? parts[2..] : parts[1..];
        FakeFile file = Repositories[$"{parts[0]}/{string.Join('/', parts[1..^2])}"].Commits[parts[^2]][Uri.UnescapeDataString(parts[^1])];
        FakeResponse response = FakeResponse.Content(request, file.Content, Ranges);
        response.Headers["ETag"] = file.IsLarge ? "\"of-the-cdn\"" : $"\"{file.ObjectId}\"";
        response.Headers["X-Repo-Commit"] = parts[^2];
        return response;
    }
}
