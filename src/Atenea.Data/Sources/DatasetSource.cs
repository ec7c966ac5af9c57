using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Data;

/// <summary>
/// The data that a config names: a file per split, relative to the config's folder, or a data set by id (a folder, or a repository of the
/// Hugging Face cache or the hub) whose files are found by its README or by the names of its files.
/// </summary>
public sealed record DatasetSource
{
    private const string TrainSplit = "train";
    private const string TestSplit = "test";

    private static readonly string[] ValidationSplits = ["validation", "valid", "dev", "val"];

    /// <summary>File of training rows, or the name of a split of the data set.</summary>
    public string? Train { get; init; }

    /// <summary>File of validation rows, or the name of a split of the data set.</summary>
    public string? Validation { get; init; }

    /// <summary>File of test rows, or the name of a split of the data set.</summary>
    public string? Test { get; init; }

    /// <summary>A data set by id or folder; a split whose file is named above is taken from there instead.</summary>
    public string? Dataset { get; init; }

    /// <summary>The configuration of the data set: one of its README's, or a folder within it.</summary>
    public string? Name { get; init; }

    /// <summary>Branch, tag or commit of a hub data set.</summary>
    public string? Revision { get; init; }

    /// <summary>What relative paths start from; empty for the current folder.</summary>
    public string BaseFolder { get; init; } = "";

    /// <summary>How files are read.</summary>
    public ReadOptions Reading { get; init; } = ReadOptions.Default;

    /// <summary>How rows are shuffled and splits are sampled.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Whether rows that cannot be read are left out and counted, in place of ending the reading.</summary>
    public bool SkipBadRows { get; init; }

    /// <summary>Reads every split that is named or found, and samples those that are asked for.</summary>
    /// <param name="cache">A cache to look into, without the network; when left out, the user's own, to which is downloaded.</param>
    /// <exception cref="AteneaException">
    /// Nothing is named, or what is named cannot be found or read (ATN0211, ATN0401 and others).
    /// </exception>
    public DatasetSplits Load(HubCache? cache = null)
    {
        DatasetLayout? layout = Dataset is null ? null : FindLayout(cache);
        if (layout is null && Train is null && Validation is null && Test is null)
            throw new AteneaException(Catalogue.DatasetNotFound, "the config names neither files nor a data set");
        return Sampling.Apply(new DatasetSplits(
            ReadSplit(Train, layout, [TrainSplit]), ReadSplit(Validation, layout, ValidationSplits), ReadSplit(Test, layout, [TestSplit])));
    }

    /// <summary>Reads all splits of the data set, whatever their names.</summary>
    /// <param name="cache">A cache to look into, without the network; when left out, the user's own, to which is downloaded.</param>
    /// <exception cref="AteneaException">The data set cannot be found or read (ATN0211, ATN0401 and others).</exception>
    public DatasetDict LoadAll(HubCache? cache = null)
    {
        DatasetLayout layout = FindLayout(cache);
        return new DatasetDict(layout.Splits.Select(s => KeyValuePair.Create(s.Split, Read(s.Split, s.Files, layout))));
    }

    /// <summary>What each split of the data set holds, read as a stream.</summary>
    /// <param name="cache">A cache to look into, without the network; when left out, the user's own, to which is downloaded.</param>
    /// <exception cref="AteneaException">The data set cannot be found or read (ATN0211, ATN0401 and others).</exception>
    public IReadOnlyList<SplitSummary> Summarise(HubCache? cache = null)
    {
        DatasetLayout layout = FindLayout(cache);
        return [.. layout.Splits.Select(s => SplitSummary.Read(s.Split, s.Files, layout.ClassNames))];
    }

    /// <summary>The files of each split of the data set.</summary>
    /// <param name="cache">A cache to look into, without the network; when left out, the user's own, to which is downloaded.</param>
    /// <exception cref="AteneaException">The data set cannot be found (ATN0211).</exception>
    public IReadOnlyList<(string Split, IReadOnlyList<string> Files)> FindFiles(HubCache? cache = null) => FindLayout(cache).Splits;

    /// <summary>
    /// The commit of a hub data set, which is downloaded if need be, so that a run can name exactly the rows that it saw; null for files
    /// and folders.
    /// </summary>
    /// <param name="cache">As for <see cref="Load"/>.</param>
    /// <exception cref="AteneaException">The data set cannot be found or downloaded.</exception>
    public string? FindCommit(HubCache? cache = null) =>
        Dataset is null || Directory.Exists(Resolve(Dataset)) ? null : FindSnapshot(Dataset, cache).Commit;

    /// <summary>The full path of a file that the config names.</summary>
    public string Resolve(string file) => Path.Combine(BaseFolder, file);

    private DatasetLayout FindLayout(HubCache? cache)
    {
        string dataset = Dataset ?? throw new AteneaException(Catalogue.DatasetNotFound, "no data set is named");
        string local = Resolve(dataset);
        return DatasetLayout.Find(Directory.Exists(local) ? local : FindSnapshot(dataset, cache).Folder, Name, dataset);
    }

    private Dataset? ReadSplit(string? file, DatasetLayout? layout, string[] names)
    {
        if (file is not null)
        {
            // The name of a split stands where a file could: data.validation: test.
            string path = Resolve(file);
            string split = Path.GetFileName(path);
            if (layout is null || (File.Exists(path) && TableReader.CanRead(path)) || FilePattern.IsPattern(path)
                || !layout.Splits.Any(s => s.Split == split))
                return Data.Dataset.Read(path, options: Reading, log: new ReadingLog(SkipBadRows));
            names = [split];
        }

        if (layout is null) return null;
        IReadOnlyList<string>? files = names.Select(name => layout.Splits.FirstOrDefault(s => s.Split == name).Files)
            .FirstOrDefault(f => f is not null);
        return files is null ? null : Read(names[0], files, layout);
    }

    private Dataset Read(string split, IReadOnlyList<string> files, DatasetLayout layout)
    {
        string name = files.Count == 1 ? files[0] : $"{Dataset} {split}";
        using TableReader reader = TableReader.Open(name, files, Reading, new ReadingLog(SkipBadRows));
        return Data.Dataset.Read(reader).WithClassNames(layout.ClassNames);
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
        CachedSnapshot? found = HubSnapshots.Find(request, IsWhole, cache, tried);
        // The README may say that a configuration's files lie elsewhere than in a folder of its name.
        if (found is not null && Name is not null && !IsWhole(found.Folder))
            found = HubSnapshots.Find(request with { Include = null }, IsWhole, cache, tried);
        return found ?? throw NotFound(dataset, cache, tried);
    }

    private bool IsWhole(string folder)
    {
        try
        {
            return DatasetLayout.Find(folder, Name, Dataset!).Splits.Count > 0;
        }
        catch (AteneaException e) when (e.Code == Catalogue.DatasetNotFound)
        {
            return false;
        }
    }

    private static AteneaException NotFound(string dataset, HubCache? cache, List<string> tried)
    {
        IReadOnlyList<string> near =
            Suggestion.Nearest(dataset, (cache ?? HubCache.FromEnvironment()).Repositories(RepositoryKind.Dataset), 3);
        return new AteneaException(Catalogue.DatasetNotFound, $"'{dataset}' is no folder, and no data set at hand",
            tried.Count == 0 ? null : string.Join("; ", tried),
            near.Count == 0 ? null : $"did you mean {string.Join(" or ", near.Select(n => $"'{n}'"))}?");
    }
}
