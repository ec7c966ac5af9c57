using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>What the cache holds, and how it is taken out again.</summary>
public sealed partial class HubCache
{
    private const string IncompleteEnding = ".incomplete";

    /// <summary>Looks through all repositories of a kind.</summary>
    public IReadOnlyList<CachedRepository> Inventory(RepositoryKind kind) => [.. Repositories(kind).Select(id => Examine(kind, id))];

    /// <summary>
    /// Deletes a repository, or one of its commits with the files that no other commit has.
    /// </summary>
    /// <param name="kind">Model or data set.</param>
    /// <param name="id">The repository.</param>
    /// <param name="revision">Branch, tag or commit; null for the whole repository.</param>
    /// <returns>The bytes that are free now.</returns>
    /// <exception cref="AteneaException">It is not in the cache (ATN0469, ATN0412), or cannot be deleted (ATN0465).</exception>
    public long Remove(RepositoryKind kind, string id, string? revision = null)
    {
        CheckId(id);
        string folder = Path.Combine(Root, FolderName(kind, id));
        if (!Directory.Exists(folder))
        {
            throw new AteneaException(Catalogue.NotInCache, $"{(kind == RepositoryKind.Model ? "model" : "data set")} '{id}'", Root,
                Suggestion.DidYouMean(id, Repositories(kind)));
        }

        long before = BytesOf(folder);
        string? commit = revision is null ? null : Resolve(folder, id, revision);
        try
        {
            if (commit is null || Commits(folder) is [var only] && only == commit)
            {
                Directory.Delete(folder, recursive: true);
                string locks = Path.Combine(Root, ".locks", FolderName(kind, id));
                if (Directory.Exists(locks)) Directory.Delete(locks, recursive: true);
                return before;
            }

            RemoveCommit(folder, commit);
            return before - BytesOf(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CacheErrors.CannotWrite(folder, e);
        }
    }

    private static string Resolve(string folder, string id, string revision)
    {
        CheckRevision(revision);
        return ReadReference(folder, revision) ?? MatchCommit(folder, id, revision) ?? throw NoRevision(folder, id, revision);
    }

    // The names go first: a reader that comes in between finds the commit missing, not its files.
    private static void RemoveCommit(string folder, string commit)
    {
        foreach ((string file, string at) in References(folder))
        {
            if (at == commit) File.Delete(file);
        }

        string snapshot = Path.Combine(folder, "snapshots", commit);
        HashSet<string> blobs = [.. BlobsOf(snapshot)];
        if (Directory.Exists(snapshot)) Directory.Delete(snapshot, recursive: true);
        string missing = Path.Combine(folder, ".no_exist", commit);
        if (Directory.Exists(missing)) Directory.Delete(missing, recursive: true);
        foreach (string other in Commits(folder)) blobs.ExceptWith(BlobsOf(Path.Combine(folder, "snapshots", other)));
        foreach (string blob in blobs) File.Delete(blob);
    }

    // Only what lies among the repository's own blobs: a link that leads elsewhere is not ours to follow.
    private static IEnumerable<string> BlobsOf(string snapshot)
    {
        if (!Directory.Exists(snapshot)) yield break;
        string blobs = Path.GetFullPath(Path.Combine(snapshot, "..", "..", "blobs"));
        foreach (string file in LinkedFile.Under(snapshot))
        {
            string? blob = new FileInfo(file).LinkTarget is { } target
                ? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, target))
                : FlattenedLinks.Target(file, blobs);
            if (blob is not null && Path.GetDirectoryName(blob) == blobs) yield return blob;
        }
    }

    private static IEnumerable<(string File, string Commit)> References(string folder)
    {
        string references = Path.Combine(folder, "refs");
        return Directory.Exists(references) ? LinkedFile.Under(references).Select(file => (file, FileErrors.ReadText(file).Trim())) : [];
    }

    private static long BytesOf(string folder) =>
        LinkedFile.Under(folder).Sum(file => new FileInfo(file) is { LinkTarget: null } plain ? plain.Length : 0);

    private CachedRepository Examine(RepositoryKind kind, string id)
    {
        string folder = Path.Combine(Root, FolderName(kind, id));
        string blobs = Path.GetFullPath(Path.Combine(folder, "blobs"));
        (string File, string Commit)[] references = [.. References(folder)];
        CachedRevision[] revisions =
        [
            .. Commits(folder).Select(commit =>
            {
                string[] files = [.. LinkedFile.Under(Path.Combine(folder, "snapshots", commit))];
                string[] names = [.. references.Where(r => r.Commit == commit)
                    .Select(r => Path.GetRelativePath(Path.Combine(folder, "refs"), r.File).Replace('\\', '/')).Order()];
                return new CachedRevision(commit, names, files.Length,
                    files.Sum(f => LinkedFile.Length(FlattenedLinks.Target(f, blobs) ?? f) ?? 0));
            }),
        ];
        long incomplete = LinkedFile.Under(folder).Where(f => f.EndsWith(IncompleteEnding, StringComparison.Ordinal))
            .Sum(f => LinkedFile.Length(f) ?? 0);
        DateTime modified = LinkedFile.Under(folder).Select(File.GetLastWriteTimeUtc).Append(Directory.GetLastWriteTimeUtc(folder)).Max();
        return new CachedRepository(kind, id, folder, BytesOf(folder), incomplete, new DateTimeOffset(modified, TimeSpan.Zero), revisions);
    }
}
