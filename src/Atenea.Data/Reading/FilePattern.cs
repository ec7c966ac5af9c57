using System.IO.Enumeration;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Names several files by a pattern: <c>*</c> and <c>?</c> within a name, <c>**</c> for any folders.</summary>
public static class FilePattern
{
    /// <summary>Whether a path holds a wildcard.</summary>
    public static bool IsPattern(string path) => path.AsSpan().IndexOfAny('*', '?') >= 0;

    /// <summary>The files that a path names, in the order of their names: itself, or those that match a pattern.</summary>
    /// <exception cref="AteneaException">No file matches the pattern (ATN0401).</exception>
    public static IReadOnlyList<string> Expand(string path)
    {
        if (!IsPattern(path) || File.Exists(path)) return [path];
        string full = Path.GetFullPath(path);
        int wildcard = full.AsSpan().IndexOfAny('*', '?');
        string root = Path.GetDirectoryName(full[..(wildcard + 1)]) ?? "/";
        if (!Directory.Exists(root)) throw new AteneaException(Catalogue.FileMissing, $"'{path}'");
        string rest = full[root.Length..].TrimStart(Path.DirectorySeparatorChar);
        string[] found =
        [
            .. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
                .Where(file => Matches(Path.GetRelativePath(root, file).Replace('\\', '/'), rest.Replace('\\', '/')))
                .Order(StringComparer.Ordinal)
                .Select(file => Path.IsPathRooted(path) ? file : Path.GetRelativePath(".", file)),
        ];
        return found.Length > 0 ? found : throw new AteneaException(Catalogue.FileMissing, $"no file matches '{path}'");
    }

    /// <summary>Whether a relative path with forward slashes matches a pattern.</summary>
    public static bool Matches(string path, string pattern) => Matches(path.Split('/'), pattern.Split('/'));

    private static bool Matches(ReadOnlySpan<string> path, ReadOnlySpan<string> pattern)
    {
        if (pattern.IsEmpty) return path.IsEmpty;
        if (pattern[0] == "**") return Matches(path, pattern[1..]) || (!path.IsEmpty && Matches(path[1..], pattern));
        return !path.IsEmpty && FileSystemName.MatchesSimpleExpression(Escaped(pattern[0]), path[0], ignoreCase: false)
            && Matches(path[1..], pattern[1..]);
    }

    /// <summary>A backslash is an escape to the matcher, and a letter in names.</summary>
    private static string Escaped(string part) => part.Replace("\\", @"\\", StringComparison.Ordinal);
}
