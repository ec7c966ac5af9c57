namespace Atenea.Hub;

/// <summary>A repository of the cache at one commit.</summary>
/// <param name="Id">The repository's id.</param>
/// <param name="Commit">The commit.</param>
/// <param name="Folder">The folder with its files.</param>
public sealed record CachedSnapshot(string Id, string Commit, string Folder);
