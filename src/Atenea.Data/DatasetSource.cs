using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Data;

/// <summary>The splits of a data set that there are.</summary>
/// <param name="Train">Training rows.</param>
/// <param name="Validation">Rows for choosing the best model.</param>
/// <param name="Test">Rows for the final figures.</param>
public sealed record DatasetSplits(Dataset? Train, Dataset? Validation, Dataset? Test);

/// <summary>
/// The data that a config names: a file per split, relative to the config's folder, or a data set by id (a folder, or a repository of the
/// Hugging Face cache or the hub) whose files are found by the names of their splits.
/// </summary>
public sealed record DatasetSource
{
    private static readonly string[] TrainNames = ["train"];
    private static readonly string[] ValidationNames = ["validation", "valid", "dev", "val"];
    private static readonly string[] TestNames = ["test"];

    /// <summary>File of training rows.</summary>
    public string? Train { get; init; }

    /// <summary>File of validation rows.</summary>
    public string? Validation { get; init; }

    /// <summary>File of test rows.</summary>
    public string? Test { get; init; }

    /// <summary>A data set by id or folder; a split whose file is named above is taken from there instead.</summary>
    public string? Dataset { get; init; }

    /// <summary>The configuration of the data set, a folder within it.</summary>
    public string? Name { get; init; }

    /// <summary>Branch, tag or commit of a hub data set.</summary>
    public string? Revision { get; init; }

    /// <summary>What relative paths start from; empty for the current folder.</summary>
    public string BaseFolder { get; init; } = "";

    /// <summary>Reads every split that is named or found.</summary>
    /// <param name="cache">A cache to look into, without the network; when left out, the user's own, to which is downloaded.</param>
    /// <exception cref="AteneaException">Nothing is named, or what is named cannot be found or read (ATN0211, ATN0401 and others).</exception>
    public DatasetSplits Load(HubCache? cache = null)
    {
        string? folder = Dataset is null ? null : FindFolder(Dataset, cache);
        if (folder is null && Train is null && Validation is null && Test is null)
            throw new AteneaException(Catalogue.DatasetNotFound, "the config names neither files nor a data set");
        return new DatasetSplits(
            ReadSplit(Train, folder, TrainNames), ReadSplit(Validation, folder, ValidationNames), ReadSplit(Test, folder, TestNames));
    }

    /// <summary>The commit of a hub data set, which is downloaded if need be, so that a run can name exactly the rows that it saw; null for files and folders.</summary>
    /// <param name="cache">As for <see cref="Load"/>.</param>
    /// <exception cref="AteneaException">The data set cannot be found or downloaded.</exception>
    public string? FindCommit(HubCache? cache = null) => Dataset is null || Directory.Exists(Resolve(Dataset)) ? null : FindSnapshot(Dataset, cache).Commit;

    /// <summary>The full path of a file that the config names.</summary>
    public string Resolve(string file) => Path.Combine(BaseFolder, file);

    private Dataset? ReadSplit(string? file, string? folder, string[] names)
    {
        if (file is not null) return Data.Dataset.Read(Resolve(file));
        if (folder is null) return null;
        string[] found = [.. names.SelectMany(name => Directory.EnumerateFiles(folder, name + "*").Where(f => IsSplit(f, name)).Order(StringComparer.Ordinal))];
        return found.FirstOrDefault(TableReader.CanRead) is { } readable
            ? Data.Dataset.Read(readable)
            : found.FirstOrDefault() is { } other ? throw NotReadable(other) : null;
    }

    /// <summary>The name itself, or the name followed by anything but a letter (<c>train-00000-of-00001</c>).</summary>
    private static bool IsSplit(string file, string name)
    {
        string stem = Path.GetFileName(file);
        return stem.Length > name.Length && !char.IsLetter(stem[name.Length]);
    }

    private string FindFolder(string dataset, HubCache? cache)
    {
        string local = Resolve(dataset);
        string root = Directory.Exists(local) ? local : FindSnapshot(dataset, cache).Folder;
        string folder = Name is null ? root : Path.Combine(root, Name);
        if (!Directory.Exists(folder))
        {
            string[] known = [.. Directory.EnumerateDirectories(root).Select(d => Path.GetFileName(d)!).Order()];
            throw new AteneaException(Catalogue.DatasetNotFound, $"configuration '{Name}' of {dataset}; it has {string.Join(", ", known)}", root,
                Suggestion.DidYouMean(Name!, known));
        }
        return folder;
    }

    private CachedSnapshot FindSnapshot(string dataset, HubCache? cache)
    {
        (string id, string? revision) = HubSnapshots.SplitRevision(dataset, Revision);
        var tried = new List<string>();
        if (!HubCache.IsRepositoryId(id)) throw NotFound(dataset, cache, tried);
        var request = new SnapshotRequest(RepositoryKind.Dataset, id)
        {
            Revision = revision ?? "main",
            Include = Name is null ? null : [$"{Name}/*", "*.md"],
        };
        return HubSnapshots.Find(request, IsWhole, cache, tried) ?? throw NotFound(dataset, cache, tried);
    }

    private bool IsWhole(string root)
    {
        string folder = Name is null ? root : Path.Combine(root, Name);
        return Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any(e => Path.GetExtension(e) != ".md");
    }

    private static AteneaException NotFound(string dataset, HubCache? cache, List<string> tried)
    {
        IReadOnlyList<string> near = Suggestion.Nearest(dataset, (cache ?? HubCache.FromEnvironment()).Repositories(RepositoryKind.Dataset), 3);
        return new AteneaException(Catalogue.DatasetNotFound, $"'{dataset}' is no folder, and no data set at hand", tried.Count == 0 ? null : string.Join("; ", tried),
            near.Count == 0 ? null : $"did you mean {string.Join(" or ", near.Select(n => $"'{n}'"))}?");
    }

    private AteneaException NotReadable(string file) => new(Catalogue.DataFormatUnsupported,
        $"{Dataset} holds {Path.GetExtension(file)} files, which are not read by this version", file,
        "convert the data to CSV or JSON lines and name the files with data.train, data.validation and data.test");
}
