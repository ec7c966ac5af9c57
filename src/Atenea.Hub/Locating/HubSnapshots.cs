using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// Repositories at hand: from the cache if they are there whole, else downloaded, unless the user is offline. What library calls go through
/// when they are given a repository's name.
/// </summary>
public static class HubSnapshots
{
    private const string DefaultRevision = "main";

    /// <summary>
    /// Is told of the downloads that library calls start, so that a program can show them, unless <c>HF_HUB_DISABLE_PROGRESS_BARS</c>. Set
    /// it once, at the program's start.
    /// </summary>
    public static DownloadObserver? Observer { get; set; }

    /// <summary>Finds a repository's snapshot, or downloads it.</summary>
    /// <param name="request">
    /// The repository and its files, in case they must be downloaded; the revision may also be the unique start of a cached commit.
    /// </param>
    /// <param name="isWhole">Whether a snapshot's folder holds what is needed; if not, the rest is downloaded.</param>
    /// <param name="cache">The cache to look into, without the network; when left out, the user's own, to which is downloaded.</param>
    /// <param name="tried">Receives why it was not found.</param>
    /// <returns>The snapshot, or null.</returns>
    /// <exception cref="AteneaException">
    /// The repository is known and cannot be had: a revision that it lacks (ATN0412, ATN0455), gated (ATN0454), a full disk, and others.
    /// </exception>
    public static CachedSnapshot? Find(SnapshotRequest request, Func<string, bool> isWhole, HubCache? cache, ICollection<string> tried)
    {
        HubCache place = cache ?? HubCache.FromEnvironment();
        HubSettings? settings = cache is null ? HubSettings.FromEnvironment(place) : null;
        bool isOnline = settings is { Offline: false };
        CachedSnapshot? found = FindCached(request, place, isOnline);
        if (found is not null && isWhole(found.Folder)) return found;
        tried.Add($"Hugging Face cache '{place.Root}': {(found is not null ? $"has only some of its files, in '{found.Folder}'"
            : Directory.Exists(place.Root) ? "does not have it" : "does not exist")}");
        if (settings is null) return found;
        if (!isOnline)
        {
            tried.Add("the hub: HF_HUB_OFFLINE forbids to ask it");
            return found;
        }

        return Download(request, settings, found, tried);
    }

    private static CachedSnapshot? FindCached(SnapshotRequest request, HubCache cache, bool isOnline)
    {
        try
        {
            return cache.Find(request.Kind, request.Id, request.Revision);
        }
        catch (AteneaException e) when (isOnline && e.Code == Catalogue.RevisionNotFound)
        {
            return null; // The hub may have it.
        }
    }

    private static CachedSnapshot? Download(SnapshotRequest request, HubSettings settings, CachedSnapshot? found, ICollection<string> tried)
    {
        using var hub = new HubClient(settings, settings.ShowProgress ? Observer : null);
        try
        {
            // What is there in part is completed at its own commit: the branch may have moved on since.
            SnapshotRequest wanted = found is not null && RemotePath.IsCommit(found.Commit)
                ? request with { Revision = found.Commit }
                : request;
            // On a thread of its own, since the caller's may have to return to a context that this call blocks.
            DownloadedSnapshot snapshot = Task.Run(() => hub.DownloadAsync(wanted)).GetAwaiter().GetResult();
            return new CachedSnapshot(request.Id, snapshot.Commit, snapshot.Folder);
        }
        catch (AteneaException e) when (e.Code == Catalogue.RepositoryNotFound || e.Code == Catalogue.HubUnreachable
            || (found is not null && e.Code == Catalogue.HubFailed))
        {
            string why = e.Code == Catalogue.RepositoryNotFound ? "has no such repository, or does not show it to this user" : e.What;
            tried.Add($"the hub {settings.Endpoint}: {why}");
            return found;
        }
    }

    /// <summary>Splits <c>name@revision</c>, which is how a revision is written where there is only one place for a name.</summary>
    /// <param name="name">A repository's name, with or without a revision.</param>
    /// <param name="revision">A revision that is given otherwise; it comes first.</param>
    /// <returns>The name alone and the revision, null if there is none.</returns>
    public static (string Id, string? Revision) SplitRevision(string name, string? revision = null)
    {
        int at = name.LastIndexOf('@');
        return at > 0 && HubCache.IsRepositoryId(name[..at]) ? (name[..at], revision ?? name[(at + 1)..]) : (name, revision);
    }

    /// <summary>What to do about a repository that is not at hand, by whether the hub could be asked.</summary>
    /// <param name="kind">Model or data set.</param>
    /// <param name="id">The repository.</param>
    internal static string? OfflineRemedy(RepositoryKind kind, string id)
    {
        if (!HubSettings.FromEnvironment().Offline) return null;
        string command = kind == RepositoryKind.Model ? "model" : "data";
        return $"unset HF_HUB_OFFLINE to download it, or run `atenea {command} pull {id}` on a machine with network and "
            + "copy its cache (HF_HOME) here";
    }

    /// <summary>The revision that a request means when none is named.</summary>
    internal static string OrMain(string? revision) => revision ?? DefaultRevision;
}
