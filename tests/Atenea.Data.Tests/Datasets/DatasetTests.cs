using Atenea.Errors;

namespace Atenea.Data.Tests;

public class DatasetTests
{
    [Theory]
    [InlineData("train", 3257)]
    [InlineData("validation", 374)]
    [InlineData("test", 1421)]
    public void The_example_is_complete(string split, int rows)
    {
        Dataset data = Dataset.Read(Repository.File("examples", "emotion", split + ".csv"));
        Assert.Equal(rows, data.Count);
        Assert.Equal(["text", "label"], data.Columns);
        Assert.Equal(["anger", "joy", "optimism", "sadness"], data.Column("label").Distinct().Order());
        Assert.DoesNotContain(data.Column("text"), string.IsNullOrWhiteSpace);
    }

    [Fact]
    public void A_missing_column_names_the_nearest_and_all()
    {
        using var folder = new TemporaryFolder();
        Dataset data = Dataset.Read(folder.Write("a.csv", "id,Text,sentiment\n1,x,y\n"));
        AteneaException error = Assert.Throws<AteneaException>(() => data.Column("text"));
        Assert.Equal("ATN0205", error.Code.Id);
        Assert.Contains("id, Text, sentiment", error.Message, StringComparison.Ordinal);
        Assert.Equal("did you mean 'Text'?", error.Remedy);
    }

    [Theory]
    [InlineData("text,label\n")]
    [InlineData("")]
    [InlineData("\n\n")]
    public void An_empty_file_has_a_code(string content)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("ATN0206", Assert.Throws<AteneaException>(() => Dataset.Read(folder.Write("a.csv", content))).Code.Id);
    }

    [Fact]
    public void Rows_can_be_limited_while_reading_and_after()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.csv", "text\na\nb\nc\n");
        Assert.Equal(["a", "b"], Dataset.Read(path, 2).Column("text"));
        Dataset taken = Dataset.Read(path).Take(2);
        Assert.Equal(["a", "b"], taken.Column("text"));
        Assert.Equal(2, taken.Count);
        Assert.Equal(3, Dataset.Read(path).Take(9).Count);
    }

    [Fact]
    public void Columns_in_memory_must_fit_together()
    {
        Dataset data = Dataset.FromColumns("memory", [("text", ["a", null]), ("label", ["1", "2"])]);
        Assert.Equal(2, data.Count);
        Assert.Equal("memory: line 2", data.Place(1));
        Assert.Throws<ArgumentException>(() => Dataset.FromColumns("memory", [("text", ["a"]), ("label", ["1", "2"])]));
        Assert.Throws<ArgumentException>(() => Dataset.FromColumns("memory", [("text", ["a"]), ("text", ["1"])]));
    }
}
