using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Atenea.Hub;

/// <summary>
/// A cache that was copied by a tool without symbolic links (a zip file, Git on Windows) has, in place of each link, a small text file
/// with the link's target. Such a snapshot is shown through a temporary folder of real links (or copies where links are not allowed), so
/// that everything else can read it like any folder. The cache itself is left as it is; the folder goes with the process.
/// </summary>
internal static partial class FlattenedLinks
{
    private const int LongestTarget = 512;

    private static readonly ConcurrentDictionary<string, Lazy<string>> Restored = new(StringComparer.Ordinal);

    /// <summary>Returns the snapshot itself, or the folder that stands for it when its links were flattened.</summary>
    public static string Restore(string snapshot)
    {
        string full = Path.GetFullPath(snapshot);
        return Restored.GetOrAdd(full, static folder => new Lazy<string>(() => RestoreOnce(folder))).Value;
    }

    private static string RestoreOnce(string snapshot)
    {
        string[] files = [.. LinkedFile.Under(snapshot)];
        string blobs = Path.GetFullPath(Path.Combine(snapshot, "..", "..", "blobs"));
        if (!files.Any(file => Target(file, blobs) is not null)) return snapshot;

        string view = Directory.CreateTempSubdirectory("atenea-snapshot-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(view, recursive: true);
        foreach (string file in files)
        {
            string link = Path.Combine(view, Path.GetRelativePath(snapshot, file));
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            string target = Target(file, blobs) ?? file;
            try
            {
                File.CreateSymbolicLink(link, target);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                File.Copy(target, link);
            }
        }

        return view;
    }

    /// <summary>The blob that a flattened link names, or null if the file is an ordinary one.</summary>
    /// <param name="file">A file of a snapshot.</param>
    /// <param name="blobs">The repository's blobs.</param>
    public static string? Target(string file, string blobs)
    {
        var info = new FileInfo(file);
        if (info.LinkTarget is not null || !info.Exists || info.Length > LongestTarget) return null;
        string text = File.ReadAllText(file);
        if (!LinkPattern().IsMatch(text)) return null;
        string blob = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, text));
        return Path.GetDirectoryName(blob) == blobs && File.Exists(blob) ? blob : null;
    }

    [GeneratedRegex(@"^(\.\./)+blobs/[0-9a-f]{40,64}\z")]
    private static partial Regex LinkPattern();
}
