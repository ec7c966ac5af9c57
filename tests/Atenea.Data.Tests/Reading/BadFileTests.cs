using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Data.Tests.Reading;

/// <summary>Damaged and unusual files: read with the right rows and labels, or refused with a code and the right line.</summary>
public class BadFileTests
{
    /// <summary>Files where refusing is as right as reading with a warning, by the note in the collection.</summary>
    private static readonly string[] RefusedInPlaceOfWarned = ["cp1252.csv", "stray_quotes.csv", "embedded_nul.csv"];

    /// <summary>Files that are refused for a fault of which the collection names the lines further down.</summary>
    private static readonly string[] OtherLine = ["cp1252.csv", "embedded_nul.csv"];

    public static TheoryData<string> Files() =>
        [.. Expectations().Select(e => e.GetProperty("file").GetString()!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_read_or_refused_as_expected(string name)
    {
        JsonElement expected = Expectations().Single(e => e.GetProperty("file").GetString() == name);
        string path = Repository.Data("bad", name);
        bool refused = expected.GetProperty("outcome").GetString() == "reject" || RefusedInPlaceOfWarned.Contains(name);
        if (refused)
        {
            AteneaException error = Assert.Throws<AteneaException>(() => Load(path));
            Assert.StartsWith("ATN02", error.Code.Id, StringComparison.Ordinal);
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
            long[] lines = [.. expected.GetProperty("lines").EnumerateArray().Select(l => l.GetInt64())];
            if (lines.Length > 0 && error.Where!.Contains(": line ", StringComparison.Ordinal) && !OtherLine.Contains(name))
                Assert.Contains(long.Parse(error.Where[(error.Where.LastIndexOf(' ') + 1)..], null), lines);
            return;
        }
        (Dataset data, LabelSet labels, int[] ids) = Load(path);
        Assert.Equal(expected.GetProperty("rows").GetInt32(), data.Count(name == "empty_text.csv"));
        if (!expected.TryGetProperty("labels", out JsonElement counts) || name == "empty_text.csv") return;
        Assert.Equal(
            counts.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32()),
            ids.GroupBy(id => labels.Names[id]).ToDictionary(g => g.Key, g => g.Count()));
    }

    [Fact]
    public void Counted_things_are_counted()
    {
        Assert.Equal(8, Dataset.Read(Repository.Data("bad", "blank_lines.csv")).BlankLines);
        using var folder = new TemporaryFolder();
        Dataset data = Dataset.Read(folder.Write("a.csv", "text,label\n5\" disk,1\nplain,2\n"));
        Assert.Equal(1, data.StrayQuotes);
        Assert.Equal("5\" disk", data.Column("text")[0]);
    }

    private static (Dataset Data, LabelSet Labels, int[] Ids) Load(string path)
    {
        Dataset data = Dataset.Read(path);
        _ = data.Column("text");
        LabelSet labels = LabelReader.Collect(data, DataColumns.Default, ProblemType.SingleLabelClassification);
        return (data, labels, LabelReader.Ids(data, DataColumns.Default, labels));
    }

    private static List<JsonElement> Expectations()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Repository.Data("bad", "expected.json")));
        return [.. document.RootElement.GetProperty("files").EnumerateArray().Select(e => e.Clone())];
    }
}

internal static class DatasetCounts
{
    /// <summary>Number of rows, or of those with a text.</summary>
    public static int Count(this Dataset data, bool withTextOnly) =>
        withTextOnly ? data.Column("text").Count(t => !TextCheck.IsEmpty(t)) : data.Count;
}
