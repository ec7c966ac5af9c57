using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// Turns a model's name into its folder; the one resolution used everywhere. In this order: a model folder; a run's folder (its
/// <c>best</c>, else its <c>last</c>); the model that comes with Atenea; the Hugging Face cache. Never touches the network.
/// </summary>
/// <example><code>
/// LocatedModel model = ModelLocator.Find("sentence-transformers/all-MiniLM-L6-v2");
/// </code></example>
public static class ModelLocator
{
    /// <summary>The hub id of the model that comes with Atenea.</summary>
    public const string EmbeddedId = "sentence-transformers/all-MiniLM-L6-v2";

    private const string EmbeddedName = "all-MiniLM-L6-v2";
    private const string RepositoryMark = "Atenea.slnx";
    private static readonly string[] RunFolders = ["best", "last"];
    private static readonly string EmbeddedPath = Path.Combine("assets", "models", EmbeddedName);

    /// <summary>Finds a model.</summary>
    /// <param name="name">A folder, or the hub id of the embedded or of a cached model.</param>
    /// <param name="revision">Branch, tag, commit or the unique start of a commit, for the cache; a folder has none.</param>
    /// <param name="cache">The cache; the user's own when left out.</param>
    /// <exception cref="AteneaException">
    /// Nothing of that name is at hand: the message lists what was tried and the nearest names (ATN0411); the cached model lacks the
    /// revision (ATN0412).
    /// </exception>
    public static LocatedModel Find(string name, string? revision = null, HubCache? cache = null)
    {
        cache ??= HubCache.FromEnvironment();
        var tried = new List<string>();
        if (revision is null && (FindFolder(name, tried) ?? FindEmbedded(name, tried)) is { } found) return found;
        if (FindCached(name, revision, cache, tried) is { } cached) return cached;
        throw NotFound(name, cache, tried);
    }

    /// <summary>The folder of the embedded model: beside the program, or in the repository that the program was built in; else null.</summary>
    public static string? EmbeddedFolder()
    {
        string beside = Path.Combine(AppContext.BaseDirectory, EmbeddedPath);
        if (IsModel(beside)) return beside;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, RepositoryMark))) continue;
            string inRepository = Path.Combine(folder.FullName, EmbeddedPath);
            return IsModel(inRepository) ? inRepository : null;
        }
        return null;
    }

    private static LocatedModel? FindFolder(string name, List<string> tried)
    {
        if (!Directory.Exists(name))
        {
            tried.Add($"folder '{name}': does not exist");
            return null;
        }
        if (IsModel(name)) return new LocatedModel(name, name, ModelOrigin.Folder);
        foreach (string part in RunFolders)
        {
            string inRun = Path.Combine(name, part);
            if (IsModel(inRun)) return new LocatedModel(name, inRun, ModelOrigin.Run);
        }
        tried.Add($"folder '{name}': has no {ModelConfig.FileName}, nor has its best/ or last/");
        return null;
    }

    private static LocatedModel? FindEmbedded(string name, List<string> tried)
    {
        if (name is not (EmbeddedName or EmbeddedId)) return null;
        if (EmbeddedFolder() is { } folder) return new LocatedModel(name, folder, ModelOrigin.Embedded);
        tried.Add($"embedded model: '{EmbeddedPath}' is neither beside the program nor in its repository");
        return null;
    }

    private static LocatedModel? FindCached(string name, string? revision, HubCache cache, List<string> tried)
    {
        if (!HubCache.IsRepositoryId(name))
        {
            tried.Add("Hugging Face cache: the name is not a repository id");
            return null;
        }
        // The short name of the embedded model means its repository in the cache too.
        string id = name == EmbeddedName ? EmbeddedId : name;
        if (cache.Find(RepositoryKind.Model, id, revision) is { } snapshot)
            return new LocatedModel(name, snapshot.Folder, ModelOrigin.Cache, snapshot.Commit);
        tried.Add($"Hugging Face cache '{cache.Root}': {(Directory.Exists(cache.Root) ? "does not have it" : "does not exist")}");
        return null;
    }

    private static AteneaException NotFound(string name, HubCache cache, List<string> tried)
    {
        IReadOnlyList<string> near = Suggestion.Nearest(name, [EmbeddedId, .. cache.Repositories(RepositoryKind.Model)], 3);
        string? remedy = near.Count == 0 ? null : $"did you mean {string.Join(" or ", near.Distinct().Select(n => $"'{n}'"))}?";
        return new AteneaException(Catalogue.ModelNotFound, $"'{name}'", string.Join("; ", tried), remedy);
    }

    private static bool IsModel(string folder) => File.Exists(Path.Combine(folder, ModelConfig.FileName));
}
