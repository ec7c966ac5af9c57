using System.Text.RegularExpressions;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// Finds the files of a dataset folder's splits as Hugging Face datasets does: by the configurations of its README, else by the names of
/// files and folders (train, validation or dev, test), else all files are for training.
/// </summary>
/// <param name="Splits">The files of each split, in their order.</param>
/// <param name="ClassNames">The class names that the README gives for columns.</param>
internal sealed partial record DatasetLayout(
    IReadOnlyList<(string Split, IReadOnlyList<string> Files)> Splits, IReadOnlyDictionary<string, IReadOnlyList<string>> ClassNames)
{
    private static readonly (string Split, string[] Keywords)[] Keywords =
    [
        ("train", ["train", "training"]),
        ("validation", ["validation", "valid", "dev", "devel", "val", "testa"]),
        ("test", ["test", "testing", "eval", "evaluation", "testb"]),
    ];

    private static readonly DataFormat[] Preference =
        [DataFormat.Parquet, DataFormat.Csv, DataFormat.Tsv, DataFormat.JsonLines, DataFormat.Json, DataFormat.Conll, DataFormat.Text];

    /// <summary>Finds the splits of a folder.</summary>
    /// <param name="folder">The folder, a snapshot of a repository or one's own.</param>
    /// <param name="name">The configuration; null for the only or the default one.</param>
    /// <param name="dataset">What the user called it, for messages.</param>
    /// <exception cref="AteneaException">
    /// The configuration is not there, must be named, or names files that are not there (ATN0211).
    /// </exception>
    public static DatasetLayout Find(string folder, string? name, string dataset)
    {
        DatasetCard card = DatasetCard.Read(folder);
        string[] files = Files(folder);
        if (card.Configurations.Count > 0
            && (name is null || card.Configurations.Exists(c => c.Name == name) || !Directory.Exists(Path.Combine(folder, name))))
        {
            DatasetConfiguration configuration = Choose(card.Configurations, name, dataset, folder);
            string prefix = configuration.Folder is { } own ? own.Trim('/') + "/" : "";
            IReadOnlyList<(string, IReadOnlyList<string>)> found = configuration.Splits.Count > 0
                ? [.. configuration.Splits
                    .Select(s => (s.Split, (IReadOnlyList<string>)Matching(folder, files, prefix, s.Patterns, dataset)))]
                : ByName(folder, [.. files.Where(f => f.StartsWith(prefix, StringComparison.Ordinal))]);
            return new DatasetLayout(found, card.ClassNames(configuration.Name));
        }

        string root = name is null ? folder : Path.Combine(folder, name);
        if (!Directory.Exists(root))
        {
            string[] known = [.. Directory.EnumerateDirectories(folder).Select(d => Path.GetFileName(d)!).Order()];
            throw new AteneaException(Catalogue.DatasetNotFound, $"configuration '{name}' of {dataset}; it has {string.Join(", ", known)}",
                folder,
                Suggestion.DidYouMean(name!, known));
        }

        return new DatasetLayout(ByName(root, Files(root)), card.ClassNames(name));
    }

    private static DatasetConfiguration Choose(List<DatasetConfiguration> all, string? name, string dataset, string folder)
    {
        string[] known = [.. all.Select(c => c.Name)];
        DatasetConfiguration? chosen = name is not null ? all.Find(c => c.Name == name)
            : all.Count == 1 ? all[0] : all.Find(c => c.IsDefault) ?? all.Find(c => c.Name == "default");
        if (chosen is not null) return chosen;
        throw name is null
            ? new AteneaException(Catalogue.DatasetNotFound, $"{dataset} has several configurations: {string.Join(", ", known)}", folder,
                $"choose one with data.name: {known[0]}")
            : new AteneaException(Catalogue.DatasetNotFound, $"configuration '{name}' of {dataset}; it has {string.Join(", ", known)}",
                folder,
                Suggestion.DidYouMean(name, known));
    }

    /// <summary>Relative paths with forward slashes of all files that can hold rows, sorted.</summary>
    private static string[] Files(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'))
            .Where(f => !f.Split('/').Any(part => part.StartsWith('.')) && !Paperwork().IsMatch(Path.GetFileName(f)))
            .Order(StringComparer.Ordinal),
    ];

    private static string[] Matching(string folder, string[] files, string prefix, string[] patterns, string dataset)
    {
        string[] found =
            [.. patterns.SelectMany(p => files.Where(f => FilePattern.Matches(f, prefix + p))).Distinct(StringComparer.Ordinal)];
        return found.Length > 0
            ? [.. found.Select(f => Path.Combine(folder, f))]
            : throw new AteneaException(Catalogue.DatasetNotFound,
                $"{dataset} names {string.Join(", ", patterns)}, and there is no such file", folder,
                "download the data set completely");
    }

    private static List<(string Split, IReadOnlyList<string> Files)> ByName(string root, string[] files)
    {
        var splits = new List<(string, IReadOnlyList<string>)>();
        foreach ((string split, string[] keywords) in Keywords)
        {
            if (keywords.Select(k => (string[])[.. files.Where(f => Names(f, k))]).FirstOrDefault(f => f.Length > 0) is { } found)
                splits.Add((split, [.. OneFormat(found).Select(f => Path.Combine(root, f))]));
        }

        if (splits.Count > 0) return splits;
        string[] readable = [.. files.Where(TableReader.CanRead)];
        return readable.Length > 0 ? [("train", [.. OneFormat(readable).Select(f => Path.Combine(root, f))])] : [];
    }

    /// <summary>Whether a folder or a file is called like a split: the word alone, or with anything but letters around it.</summary>
    private static bool Names(string file, string keyword) =>
        file.Split('/').Any(part => Regex.IsMatch(part, $"(^|[^A-Za-z]){keyword}($|[^A-Za-z])"))
        && (TableReader.CanRead(file) || Path.GetExtension(file).TrimStart('.') == keyword);

    /// <summary>A split that lies there in several formats is read in one.</summary>
    private static string[] OneFormat(string[] files)
    {
        DataFormat? format = files.Select(FormatDetector.FromName).Where(f => f is not null)
            .OrderBy(f => Array.IndexOf(Preference, f!.Value)).FirstOrDefault();
        return format is null ? files : [.. files.Where(f => FormatDetector.FromName(f) == format)];
    }

    [GeneratedRegex(@"^(README|LICENSE|LICENCE|CITATION|SOURCE|dataset_infos?\.json|dataset_dict\.json|state\.json)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Paperwork();
}
