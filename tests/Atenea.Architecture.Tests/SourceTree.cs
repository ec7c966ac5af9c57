using System.Xml.Linq;

namespace Atenea.Architecture.Tests;

/// <summary>The source files of the repository and the rooms that they belong to.</summary>
internal static class SourceTree
{
    private static readonly string[] Tops = ["src", "tests", "benchmarks", "examples"];

    /// <summary>Names of the rooms: <c>Atenea.Errors</c>, <c>Atenea.Tensors</c> ...</summary>
    public static string[] Rooms { get; } = [.. References.Folders(PathOf("src"), "packages.lock.json")];

    /// <summary>Source files, relative to the repository, without what builds made.</summary>
    public static string[] Files { get; } =
    [
        .. Tops.SelectMany(top => Directory.EnumerateFiles(PathOf(top), "*.cs", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(References.Repository, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    public static string PathOf(params string[] parts) => Path.Combine([References.Repository, .. parts]);

    public static string[] Lines(string file) => File.ReadAllLines(PathOf(file));

    public static string Text(string file) => File.ReadAllText(PathOf(file));

    /// <summary>The rooms that a room's project refers to.</summary>
    public static string[] ReferencesOf(string room) =>
        [.. Named(room, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)!)];

    /// <summary>The assemblies that see a room's internals.</summary>
    public static string[] FriendsOf(string room) => [.. Named(room, "InternalsVisibleTo")];

    private static IEnumerable<string> Named(string room, string item) =>
        XDocument.Load(PathOf("src", room, room + ".csproj")).Descendants(item).Select(element => element.Attribute("Include")!.Value);
}
