using System.Text.RegularExpressions;

namespace Atenea.Architecture.Tests;

/// <summary>What no analyzer of the build says: lengths, namespaces, and where unsafe code may stand.</summary>
public partial class StyleTests
{
    private const int Columns = 140;
    private const int FileLines = 500;

    [Fact]
    public void No_line_exceeds_the_columns() => Assert.All(SourceTree.Files, file =>
    {
        string[] lines = SourceTree.Lines(file);
        Assert.Empty(Enumerable.Range(0, lines.Length).Where(i => lines[i].Length > Columns).Select(i => $"{file}({i + 1})"));
    });

    [Fact]
    public void No_file_needs_a_scroll_to_explain_it() =>
        Assert.All(SourceTree.Files, file => Assert.InRange(SourceTree.Lines(file).Length, 0, FileLines));

    [Fact]
    public void A_room_is_a_namespace_and_its_folders_only_sort_its_files() => Assert.All(SourceTree.Files, file =>
    {
        string room = file.Split('/')[1];
        Match line = NamespaceLine().Match(SourceTree.Text(file));
        if (line.Success && room.StartsWith("Atenea.", StringComparison.Ordinal)) Assert.Equal(room, line.Groups[1].Value);
    });

    [Fact]
    public void Unsafe_code_stands_in_Tensors_alone() => Assert.All(SourceTree.Files, file =>
    {
        string room = file.Split('/')[1];
        if (room is not ("Atenea.Tensors" or "Atenea.Tensors.Tests" or "Atenea.Tensors.Reference"))
            Assert.DoesNotContain(SourceTree.Lines(file), IsUnsafe);
    });

    private static bool IsUnsafe(string line) => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && UnsafeWord().IsMatch(line);

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"(^|\s)unsafe(\s|$)[^""]*$")]
    private static partial Regex UnsafeWord();
}
