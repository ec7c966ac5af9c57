using System.IO.Enumeration;

namespace Atenea.Hub;

/// <summary>
/// Looks at files through their links. The runtime's own test takes a link that leads nowhere, or in a circle, for a file.
/// </summary>
internal static class LinkedFile
{
    /// <summary>Whether a path leads to a file.</summary>
    public static bool Exists(string path) => Length(path) is not null;

    /// <summary>Bytes of the file that a path leads to, or null if it leads to none.</summary>
    public static long? Length(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) return null;
            return file.ResolveLinkTarget(returnFinalTarget: true) switch
            {
                null => file.Length,
                FileInfo { Exists: true } target => target.Length,
                _ => null,
            };
        }
        catch (IOException)
        {
            return null; // Too many levels of links.
        }
    }

    /// <summary>All files below a folder, links to files among them; links to folders are not followed, so that circles end.</summary>
    public static IEnumerable<string> Under(string folder) =>
        new FileSystemEnumerable<string>(folder, static (ref FileSystemEntry entry) => entry.ToFullPath(),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        {
            ShouldIncludePredicate = static (ref FileSystemEntry entry) => !entry.IsDirectory,
            ShouldRecursePredicate = static (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
}
