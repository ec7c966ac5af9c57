namespace Atenea.Hub.Tests;

/// <summary>What lies in a cache.</summary>
internal static class CacheTree
{
    /// <summary>All files and links, as paths relative to the root with slashes, sorted.</summary>
    public static string[] Names(string root) =>
        [.. Files(root).Select(f => Path.GetRelativePath(root, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>All files and links.</summary>
    public static string[] Files(string root) =>
        Directory.GetFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });

    /// <summary>Every file with its content, every link with its target.</summary>
    public static SortedDictionary<string, string> Contents(string root) => new(Files(root).ToDictionary(
        f => Path.GetRelativePath(root, f).Replace('\\', '/'),
        f => new FileInfo(f).LinkTarget is { } target ? $"-> {target}" : Convert.ToBase64String(File.ReadAllBytes(f))),
        StringComparer.Ordinal);
}
