namespace Atenea.Hub;

/// <summary>What to download.</summary>
/// <param name="Kind">Model or data set.</param>
/// <param name="Id">The repository.</param>
public sealed record SnapshotRequest(RepositoryKind Kind, string Id)
{
    /// <summary>Branch, tag or commit.</summary>
    public string Revision { get; init; } = "main";

    /// <summary>Patterns of the files wanted (see <see cref="FilePatterns"/>); null for the usual choice.</summary>
    public IReadOnlyList<string>? Include { get; init; }

    /// <summary>Patterns of files not wanted.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Whether to download every file, also those that Atenea cannot use. Only without <see cref="Include"/>.</summary>
    public bool Everything { get; init; }
}

/// <summary>A repository's files on this machine.</summary>
/// <param name="Kind">Model or data set.</param>
/// <param name="Id">The repository.</param>
/// <param name="Commit">The commit that the revision was at.</param>
/// <param name="Folder">The folder with its files.</param>
/// <param name="Files">The files that were wanted, by name, with their sizes.</param>
/// <param name="DownloadedFiles">How many of them were not there before.</param>
/// <param name="DownloadedBytes">Their bytes.</param>
public sealed record DownloadedSnapshot(
    RepositoryKind Kind, string Id, string Commit, string Folder, IReadOnlyDictionary<string, long> Files, int DownloadedFiles,
    long DownloadedBytes);
