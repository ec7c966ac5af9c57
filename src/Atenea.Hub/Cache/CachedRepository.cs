namespace Atenea.Hub;

/// <summary>One commit of a repository in the cache.</summary>
/// <param name="Commit">The commit.</param>
/// <param name="References">Branches and tags that were at it when they were last asked.</param>
/// <param name="Files">Number of its files.</param>
/// <param name="Bytes">Their bytes; what it shares with other commits is counted for each.</param>
public sealed record CachedRevision(string Commit, IReadOnlyList<string> References, int Files, long Bytes);

/// <summary>A repository in the cache.</summary>
/// <param name="Kind">Model or data set.</param>
/// <param name="Id">Its id.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Bytes">Bytes on the disk, each file once, unfinished downloads included.</param>
/// <param name="IncompleteBytes">Bytes of unfinished downloads.</param>
/// <param name="Modified">When something was last added.</param>
/// <param name="Revisions">Its commits.</param>
public sealed record CachedRepository(
    RepositoryKind Kind, string Id, string Folder, long Bytes, long IncompleteBytes, DateTimeOffset Modified,
    IReadOnlyList<CachedRevision> Revisions);
