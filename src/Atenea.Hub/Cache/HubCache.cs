using System.Text.RegularExpressions;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// The Hugging Face cache, read without the network: <c>models--organisation--name/refs/main</c> names the commit, <c>snapshots/commit</c>
/// holds the files as links into <c>blobs</c>. The layout is huggingface_hub's own, so models that Python downloaded are found.
/// </summary>
public sealed partial class HubCache
{
    private const string DefaultRevision = "main";
    private const int ShortestPrefix = 4;

    /// <summary>Uses the cache at a folder, which need not exist.</summary>
    /// <param name="root">The folder that holds <c>models--...</c>.</param>
    public HubCache(string root) => Root = root;

    /// <summary>The folder that holds <c>models--...</c>.</summary>
    public string Root { get; }

    /// <summary>
    /// The user's cache: <c>HF_HUB_CACHE</c>, else <c>HF_HOME/hub</c>, else <c>huggingface/hub</c> below <c>XDG_CACHE_HOME</c> or
    /// <c>~/.cache</c>.
    /// </summary>
    public static HubCache FromEnvironment() => new(HubEnvironment.FolderOf("HF_HUB_CACHE") ?? Path.Combine(HubEnvironment.Home, "hub"));

    /// <summary>Finds a repository's snapshot.</summary>
    /// <param name="kind">Model or data set.</param>
    /// <param name="id">Its id, <c>name</c> or <c>organisation/name</c>.</param>
    /// <param name="revision">Branch, tag, commit or the unique start of a commit; null means main.</param>
    /// <returns>The snapshot, or null when the repository is not in the cache.</returns>
    /// <exception cref="AteneaException">The id is malformed (ATN0413), or the cache lacks the revision (ATN0412).</exception>
    public CachedSnapshot? Find(RepositoryKind kind, string id, string? revision = null)
    {
        CheckId(id);
        string repository = Path.Combine(Root, FolderName(kind, id));
        if (!Directory.Exists(repository)) return null;
        string wanted = revision ?? DefaultRevision;
        CheckRevision(wanted);
        string commit =
            ReadReference(repository, wanted) ?? MatchCommit(repository, id, wanted) ?? throw NoRevision(repository, id, wanted);
        string snapshot = Path.Combine(repository, "snapshots", commit);
        if (!Directory.Exists(snapshot))
        {
            throw new AteneaException(Catalogue.RevisionNotFound,
                $"'{wanted}' of {id} is commit {commit}, whose files were never downloaded", repository);
        }

        return new CachedSnapshot(id, commit, FlattenedLinks.Restore(snapshot));
    }

    /// <summary>The ids of all repositories of a kind, sorted.</summary>
    public IReadOnlyList<string> Repositories(RepositoryKind kind)
    {
        if (!Directory.Exists(Root)) return [];
        string prefix = Prefix(kind);
        return
        [
            .. Directory.EnumerateDirectories(Root, prefix + "*").Select(Path.GetFileName)
                .Select(name => name![prefix.Length..].Replace("--", "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether a name has the form of a repository id: at most one slash, letters, digits and <c>- _ .</c> only.</summary>
    public static bool IsRepositoryId(string id) =>
        id.Length <= 96 && IdPattern().IsMatch(id) && !id.Contains("..", StringComparison.Ordinal)
            && !id.Contains("--", StringComparison.Ordinal);

    /// <summary>What the folder names of a kind begin with.</summary>
    internal static string Prefix(RepositoryKind kind) => kind == RepositoryKind.Model ? "models--" : "datasets--";

    /// <summary>The name of a repository's folder below the root.</summary>
    internal static string FolderName(RepositoryKind kind, string id) => Prefix(kind) + id.Replace("/", "--", StringComparison.Ordinal);

    /// <summary>Refuses what has not the form of a repository id (ATN0413).</summary>
    internal static void CheckId(string id)
    {
        if (!IsRepositoryId(id)) throw new AteneaException(Catalogue.HubNameInvalid, $"'{id}'");
    }

    /// <summary>A revision becomes a path below refs, so it must not lead out of it.</summary>
    internal static void CheckRevision(string revision)
    {
        if (!RevisionPattern().IsMatch(revision) || revision.Split('/').Any(part => part is "" or "." or ".."))
            throw new AteneaException(Catalogue.HubNameInvalid, $"revision '{revision}'");
    }

    private static string? ReadReference(string repository, string revision)
    {
        string file = Path.Combine(repository, "refs", revision);
        if (!File.Exists(file)) return null;
        string commit = FileErrors.ReadText(file).Trim();
        return CommitPattern().IsMatch(commit)
            ? commit
            : throw new AteneaException(Catalogue.RevisionNotFound, "the reference does not hold a commit", file);
    }

    private static string? MatchCommit(string repository, string id, string revision)
    {
        string[] commits = Commits(repository);
        if (commits.Contains(revision, StringComparer.Ordinal)) return revision;
        if (revision.Length < ShortestPrefix) return null;
        string[] matches = [.. commits.Where(c => c.StartsWith(revision, StringComparison.Ordinal))];
        return matches.Length <= 1
            ? matches.FirstOrDefault()
            : throw new AteneaException(Catalogue.RevisionNotFound,
                $"'{revision}' of {id} could be any of {string.Join(", ", matches)}", repository, "give more of the commit");
    }

    private static string[] Commits(string repository)
    {
        string snapshots = Path.Combine(repository, "snapshots");
        return Directory.Exists(snapshots) ? [.. Directory.EnumerateDirectories(snapshots).Select(d => Path.GetFileName(d)!).Order()] : [];
    }

    private static AteneaException NoRevision(string repository, string id, string revision)
    {
        string references = Path.Combine(repository, "refs");
        IEnumerable<string> names = Directory.Exists(references)
            ? LinkedFile.Under(references).Select(f => Path.GetRelativePath(references, f))
            : [];
        string[] known = [.. names.Concat(Commits(repository))];
        return new AteneaException(Catalogue.RevisionNotFound,
            $"'{revision}' of {id}; the cache has {(known.Length == 0 ? "none" : string.Join(", ", known))}", repository);
    }

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.\-]*(/[A-Za-z0-9_][A-Za-z0-9_.\-]*)?\z")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"^[A-Za-z0-9_.\-+/]{1,200}\z")]
    private static partial Regex RevisionPattern();

    [GeneratedRegex(@"^[0-9a-f]{1,64}\z")]
    private static partial Regex CommitPattern();
}
