namespace Atenea.Testing;

/// <summary>
/// Where reference data lies. A test that reads it carries the trait <c>Data=Goldens</c> and asks here for its files: they are those of the
/// folder that <c>./test --goldens DIR</c> names, and else the copies kept with the tests. Such a test takes its cases from the files, so
/// that other data of the same layout can be tried.
/// </summary>
internal static class References
{
    /// <summary>The environment variable that names a folder of reference data, laid out as <c>../shared/goldens</c> is.</summary>
    public const string Variable = "ATENEA_GOLDENS";

    /// <summary>The folder that was named, or null.</summary>
    public static string? Given { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? Path.GetFullPath(folder) : null;

    /// <summary>The folder that was named, else the reference data beside the repository: for slow tests, which have no copies.</summary>
    public static string Folder => Given ?? Beside("goldens");

    /// <summary>The root of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>A file or folder of reference data.</summary>
    /// <param name="parts">Its path below the folder of reference data, for example <c>optim</c>, <c>traces.json</c>.</param>
    /// <param name="kept">Its path below the tests' own <c>Data</c> where that is another one.</param>
    public static string Golden(ReadOnlySpan<string> parts, ReadOnlySpan<string> kept = default)
    {
        if (Given is not null) return Path.Combine([Given, .. parts]);
        return Path.Combine([AppContext.BaseDirectory, "Data", .. kept.IsEmpty ? parts : kept]);
    }

    /// <summary>
    /// The same for a test that is one case: skipped where the folder that was named has no such file, for it need not have every kind.
    /// </summary>
    public static string Need(ReadOnlySpan<string> parts, ReadOnlySpan<string> kept = default)
    {
        string path = Golden(parts, kept);
        bool exists = File.Exists(path) || Directory.Exists(path);
        if (Given is not null) Assert.SkipUnless(exists, $"{Given} has no {string.Join('/', parts)}");
        return path;
    }

    /// <summary>
    /// Whether there are cases in a file or folder; always so for the copies kept with the tests, where a missing one is a fault.
    /// </summary>
    public static bool Has(string path) => Given is null || File.Exists(path) || Directory.Exists(path);

    /// <summary>A file or folder of the reference data beside the repository, for slow tests.</summary>
    public static string Beside(params string[] parts)
    {
        string path = Path.Combine([Path.GetDirectoryName(Repository)!, "shared", .. parts]);
        return File.Exists(path) || Directory.Exists(path) ? path : throw new DirectoryNotFoundException($"this slow test needs {path}");
    }

    /// <summary>Names of the folders below a folder of reference data that hold a file.</summary>
    public static IEnumerable<string> Folders(string parent, string file) => !Directory.Exists(parent) ? [] :
        Directory.GetDirectories(parent).Where(folder => File.Exists(Path.Combine(folder, file)))
            .Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Atenea.slnx"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("the tests run outside the repository");
    }
}
