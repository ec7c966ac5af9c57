using Atenea.Hub;

namespace Atenea.Cli;

/// <summary>What <c>list</c> prints for programs.</summary>
internal sealed record CachedRepositories(string Cache, long Bytes, IReadOnlyList<CachedFolder> Repositories);

/// <summary>A repository of the cache.</summary>
internal sealed record CachedFolder(
    string Id, string Folder, long Bytes, long IncompleteBytes, DateTimeOffset Modified, IReadOnlyList<CachedRevision> Revisions);

/// <summary>What <c>remove</c> prints for programs.</summary>
internal sealed record RemovedRepository(string Id, string? Revision, long RemovedBytes);

/// <summary>What <c>pull</c> prints for programs.</summary>
internal sealed record DownloadedRepository(
    string Id,
    string Revision,
    string Commit,
    string Folder,
    int DownloadedFiles,
    long DownloadedBytes,
    IReadOnlyList<DownloadedFile> Files);

/// <summary>A file of a repository.</summary>
internal sealed record DownloadedFile(string Name, long Bytes);
