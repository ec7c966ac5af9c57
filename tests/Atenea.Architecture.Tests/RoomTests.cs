using System.Text.RegularExpressions;

namespace Atenea.Architecture.Tests;

/// <summary>The rooms are as <c>docs/architecture.md</c> draws them.</summary>
public partial class RoomTests
{
    [Fact]
    public void The_drawing_shows_every_room_with_the_rooms_it_refers_to()
    {
        MatchCollection lines = DrawnRoom().Matches(SourceTree.Text("docs/architecture.md"));
        var drawn = lines.ToDictionary(line => line.Groups[1].Value, line => line.Groups[2].Value);
        Assert.Equal(SourceTree.Rooms, drawn.Keys.Order(StringComparer.Ordinal));
        Assert.All(SourceTree.Rooms, room =>
        {
            string[] names = drawn[room].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            IEnumerable<string> expected = names.Select(name => "Atenea." + name).Order(StringComparer.Ordinal);
            Assert.Equal(expected, SourceTree.ReferencesOf(room).Order(StringComparer.Ordinal));
        });
    }

    [Fact]
    public void No_room_sees_the_inside_of_another() =>
        Assert.All(SourceTree.Rooms, room => Assert.All(SourceTree.FriendsOf(room), friend =>
        {
            Assert.StartsWith(room + ".", friend, StringComparison.Ordinal);
            Assert.True(Directory.Exists(SourceTree.PathOf("tests", friend)), friend);
        }));

    [Fact]
    public void Every_room_has_tests_of_its_own() =>
        Assert.All(SourceTree.Rooms, room => Assert.True(Directory.Exists(SourceTree.PathOf("tests", room + ".Tests")), room));

    [Fact]
    public void Every_page_is_there_in_Spanish_with_as_many_sections()
    {
        foreach (string page in Directory.GetFiles(SourceTree.PathOf("docs"), "*.md").Select(p => Path.GetFileName(p)!))
        {
            string spanish = Path.Combine("docs", "es", page);
            Assert.True(File.Exists(SourceTree.PathOf(spanish)), spanish);
            Assert.Equal($"{page}: {Sections($"docs/{page}")}", $"{page}: {Sections(spanish)}");
        }
    }

    /// <summary>The depths of a page's headings, in order.</summary>
    private static string Sections(string page) =>
        string.Join(' ', Heading().Matches(SourceTree.Text(page)).Select(m => m.Groups[1].Length));

    [GeneratedRegex(@"^\| `(Atenea\.\w+)` \|[^|]*\| ([\w, ]*)\|", RegexOptions.Multiline)]
    private static partial Regex DrawnRoom();

    [GeneratedRegex("^(#+) ", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
