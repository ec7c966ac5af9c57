using System.Text.Json;
using System.Text.RegularExpressions;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// Turns a model's name into its folder; the one resolution used everywhere. In this order: a model folder; a run's folder (its
/// <c>best</c>, else its <c>last</c>); the Hugging Face cache; the model that comes with Atenea; the hub, from which it is downloaded into
/// the cache unless
/// <c>HF_HUB_OFFLINE</c> is set. A model that is in the cache is used as it is, without asking the hub. The short name of the model that
/// comes with
/// Atenea always means that copy, whose weights are stored as float16.
/// </summary>
/// <example><code>
/// LocatedModel model = ModelLocator.Find("sentence-transformers/all-MiniLM-L6-v2");
/// </code></example>
public static partial class ModelLocator
{
    /// <summary>The hub id of the model that comes with Atenea.</summary>
    public const string EmbeddedId = "sentence-transformers/all-MiniLM-L6-v2";

    /// <summary>The short name of the model that comes with Atenea: of this copy, whatever the cache holds.</summary>
    public const string EmbeddedName = "all-MiniLM-L6-v2";

    private const string RepositoryMark = "Atenea.slnx";
    private static readonly string[] RunFolders = ["best", "last"];
    private static readonly string[] WeightPatterns = ["*.safetensors", "*.bin"];
    private static readonly string EmbeddedPath = Path.Combine("assets", "models", EmbeddedName);

    /// <summary>Finds a model, or downloads it.</summary>
    /// <param name="name">A folder, or the hub id of a model; <c>id@revision</c> names a revision too.</param>
    /// <param name="revision">Branch, tag, commit or the unique start of a cached commit; a folder has none.</param>
    /// <param name="cache">A cache to look into, without the network; when left out, the user's own, to which is downloaded.</param>
    /// <exception cref="AteneaException">
    /// Nothing of that name is to be had: the message lists what was tried and the nearest names (ATN0411); the model lacks the
    /// revision (ATN0412, ATN0455); the hub refuses or the download fails (ATN0451 to ATN0467).
    /// </exception>
    public static LocatedModel Find(string name, string? revision = null, HubCache? cache = null)
    {
        var tried = new List<string>();
        (string id, revision) = Directory.Exists(name) ? (name, revision) : HubSnapshots.SplitRevision(name, revision);
        if (revision is null && (FindFolder(name, tried) ?? FindEmbedded(name, cache, tried)) is { } found) return found;
        if (FindRepository(name, id, revision, cache, tried) is { } downloaded) return downloaded;
        throw NotFound(id, cache, tried);
    }

    /// <summary>
    /// The folder of the embedded model: beside the program, or in the repository that the program was built in; else null.
    /// </summary>
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

    private static LocatedModel? FindEmbedded(string name, HubCache? cache, List<string> tried)
    {
        if (name is not (EmbeddedName or EmbeddedId)) return null;
        // Whoever has the repository itself means it by its id: its weights are in float32.
        if (name == EmbeddedId && FindRepository(name, name, revision: null, cache ?? HubCache.FromEnvironment(), []) is { } cached)
            return cached;
        if (EmbeddedFolder() is { } folder) return new LocatedModel(name, folder, ModelOrigin.Embedded);
        tried.Add($"embedded model: '{EmbeddedPath}' is neither beside the program nor in its repository");
        return null;
    }

    private static LocatedModel? FindRepository(string name, string id, string? revision, HubCache? cache, List<string> tried)
    {
        if (!HubCache.IsRepositoryId(id))
        {
            tried.Add("Hugging Face cache: the name is not a repository id");
            return null;
        }
        // The short name of the embedded model means its repository too.
        string known = id == EmbeddedName ? EmbeddedId : id;
        var request = new SnapshotRequest(RepositoryKind.Model, known) { Revision = HubSnapshots.OrMain(revision) };
        return HubSnapshots.Find(request, IsWhole, cache, tried) is { } snapshot
            ? new LocatedModel(name, snapshot.Folder, ModelOrigin.Cache, snapshot.Commit)
            : null;
    }

    private static AteneaException NotFound(string id, HubCache? cache, List<string> tried)
    {
        HubCache place = cache ?? HubCache.FromEnvironment();
        IReadOnlyList<string> near = Suggestion.Nearest(id, [EmbeddedId, .. place.Repositories(RepositoryKind.Model)], 3);
        string? remedy = near.Count > 0 ? $"did you mean {string.Join(" or ", near.Distinct().Select(n => $"'{n}'"))}?"
            : cache is null && HubCache.IsRepositoryId(id) ? HubSnapshots.OfflineRemedy(RepositoryKind.Model, id) : null;
        return new AteneaException(Catalogue.ModelNotFound, $"'{id}'", string.Join("; ", tried), remedy);
    }

    // A configuration and all the weights that it needs; a download that was interrupted, or a tokenizer that was fetched alone, lacks
    // some.
    private static bool IsWhole(string folder)
    {
        if (!LinkedFile.Exists(Path.Combine(folder, ModelConfig.FileName))) return false;
        IEnumerable<string> weights = WeightPatterns.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern));
        if (weights.Any(file => !ShardPattern().IsMatch(file) && LinkedFile.Exists(file))) return true;
        return Directory.EnumerateFiles(folder, "*.index.json").Select(ShardsOf)
            .Any(shards => shards.Length > 0 && shards.All(shard => LinkedFile.Exists(Path.Combine(folder, shard))));
    }

    private static string[] ShardsOf(string index)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(FileErrors.ReadText(index));
            return json.RootElement.Member("weight_map") is { ValueKind: JsonValueKind.Object } map
                ? [.. map.EnumerateObject().Select(entry => entry.Value.ToString()).Distinct()]
                : [];
        }
        catch (JsonException)
        {
            return []; // Whoever loads it will say what is wrong with it.
        }
    }

    [GeneratedRegex(@"-\d+-of-\d+\.")]
    private static partial Regex ShardPattern();

    private static bool IsModel(string folder) => File.Exists(Path.Combine(folder, ModelConfig.FileName));
}
