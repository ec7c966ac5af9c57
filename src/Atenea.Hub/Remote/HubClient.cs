using System.Collections.ObjectModel;
using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// The Hugging Face hub, or any server that plays it (<c>HF_ENDPOINT</c>): what repositories there are, what is in them, and their files,
/// downloaded into the cache that Python's huggingface_hub shares.
/// </summary>
/// <example><code>
/// using var hub = new HubClient(HubSettings.FromEnvironment());
/// DownloadedSnapshot model = await hub.DownloadAsync(new SnapshotRequest(RepositoryKind.Model, "bert-base-uncased"));
/// </code></example>
public sealed partial class HubClient : IDisposable
{
    // Above this many files the hub's description of a repository leaves some out, and its tree is read instead.
    private const int MostSiblings = 50_000;
    private const int MostFiles = 10_000_000;

    private readonly HubSettings _settings;
    private readonly DownloadObserver? _observer;
    private readonly HubHttp _http;
    private readonly Retry _retry;

    /// <summary>Prepares a client; opens no connection.</summary>
    /// <param name="settings">Where the hub is.</param>
    /// <param name="observer">Is told of progress and waits; null for silence.</param>
    public HubClient(HubSettings settings, DownloadObserver? observer = null)
    {
        _settings = settings;
        _observer = observer;
        _http = new HubHttp(settings);
        _retry = new Retry(settings.Retry, observer is null ? null : observer.Notice);
    }

    /// <summary>Opens a growing file; a seam for tests of full disks.</summary>
    internal Func<string, Stream> OpenIncomplete { get; init; } = BlobDownload.OpenFile;

    /// <summary>Describes a repository at a revision, with all its files.</summary>
    /// <param name="kind">Model or data set.</param>
    /// <param name="id">The repository.</param>
    /// <param name="revision">Branch, tag or commit.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="AteneaException">Offline (ATN0452), or the hub refuses or fails (ATN0451 to ATN0461).</exception>
    public async Task<RepositoryInfo> InfoAsync(
        RepositoryKind kind, string id, string revision = "main", CancellationToken cancellation = default)
    {
        HubCache.CheckId(id);
        HubCache.CheckRevision(revision);
        var target = new HubTarget(kind, id, revision);
        RequireNetwork(target);
        Uri address = _http.Address($"/api/{Plural(kind)}/{id}/revision/{Uri.EscapeDataString(revision)}?blobs=true");
        (JsonDocument json, _) = await _http.GetJsonAsync(address, target, _retry, cancellation).ConfigureAwait(false);
        using (json)
        {
            JsonElement root = json.RootElement;
            string? commit = root.Text("sha");
            if (!RemotePath.IsCommit(commit) || RepositorySummary.Read(root) is not { } summary)
            {
                throw new AteneaException(Catalogue.HubAnswerMalformed, $"{target}: no id or no commit",
                    address.GetLeftPart(UriPartial.Path));
            }

            RemoteFile[] files = [.. root.Items("siblings").Select(ReadSibling).OfType<RemoteFile>()];
            return new RepositoryInfo(
                summary, commit!,
                files.Length is > 0 and < MostSiblings ? files : await TreeAsync(target, commit!, cancellation).ConfigureAwait(false),
                [.. (root.Member("config") ?? root).Items("architectures").Select(a => a.ToString())],
                root.Member("config")?.Text("model_type"),
                ReadParameters(root));
        }
    }

    /// <summary>Searches.</summary>
    /// <param name="query">What for.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="AteneaException">Offline (ATN0452), or the hub refuses or fails (ATN0451 to ATN0461).</exception>
    public async Task<IReadOnlyList<RepositorySummary>> SearchAsync(SearchQuery query, CancellationToken cancellation = default)
    {
        var target = new HubTarget();
        RequireNetwork(target);
        var found = new List<RepositorySummary>();
        Uri? address = _http.Address($"/api/{Plural(query.Kind)}?{query.ToQueryString()}");
        while (address is not null && found.Count < query.Limit)
        {
            (JsonDocument json, Uri? next) = await _http.GetJsonAsync(address, target, _retry, cancellation).ConfigureAwait(false);
            using (json)
            {
                if (json.RootElement.ValueKind != JsonValueKind.Array)
                    throw new AteneaException(Catalogue.HubAnswerMalformed, $"{target}: not a list", address.GetLeftPart(UriPartial.Path));
                int before = found.Count;
                found.AddRange(json.RootElement.EnumerateArray().Select(RepositorySummary.Read).OfType<RepositorySummary>());
                address = found.Count == before ? null : next;
            }
        }

        return [.. found.Take(query.Limit)];
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Plural(RepositoryKind kind) => kind == RepositoryKind.Model ? "models" : "datasets";

    private async Task<RemoteFile[]> TreeAsync(HubTarget target, string commit, CancellationToken cancellation)
    {
        var files = new List<RemoteFile>();
        Uri? address = _http.Address($"/api/{Plural(target.Kind!.Value)}/{target.Id}/tree/{commit}?recursive=true");
        while (address is not null)
        {
            (JsonDocument json, Uri? next) = await _http.GetJsonAsync(address, target, _retry, cancellation).ConfigureAwait(false);
            using (json)
            {
                if (json.RootElement.ValueKind != JsonValueKind.Array || files.Count > MostFiles)
                {
                    throw new AteneaException(Catalogue.HubAnswerMalformed, $"{target}: not a list of files",
                        address.GetLeftPart(UriPartial.Path));
                }

                int before = files.Count;
                foreach (JsonElement entry in json.RootElement.EnumerateArray().Where(e => e.Text("type") == "file"))
                {
                    if (entry.Text("path") is { } path)
                        files.Add(new RemoteFile(path, entry.Member("lfs")?.Number("size") ?? entry.Number("size")));
                }
                // A page may hold folders only; an empty one ends even a server that names a next page for ever.
                address = json.RootElement.GetArrayLength() == 0 ? null : next;
            }
        }

        return [.. files];
    }

    private static RemoteFile? ReadSibling(JsonElement json) =>
        json.Text("rfilename") is { } name ? new RemoteFile(name, json.Member("lfs")?.Number("size") ?? json.Number("size")) : null;

    private static ReadOnlyDictionary<string, long> ReadParameters(JsonElement root)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        if (root.Member("safetensors")?.Member("parameters") is { ValueKind: JsonValueKind.Object } parameters)
        {
            foreach (JsonProperty each in parameters.EnumerateObject())
            {
                if (each.Value.ValueKind == JsonValueKind.Number && each.Value.TryGetInt64(out long count)) counts[each.Name] = count;
            }
        }

        return counts.AsReadOnly();
    }

    private void RequireNetwork(HubTarget target)
    {
        if (_settings.Offline) throw new AteneaException(Catalogue.HubOffline, $"{target}: HF_HUB_OFFLINE forbids to ask {_http.Endpoint}");
    }
}
