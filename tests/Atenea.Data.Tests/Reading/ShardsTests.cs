using Atenea.Errors;

namespace Atenea.Data.Tests;

/// <summary>Several files that are read as one.</summary>
public class ShardsTests
{
    private static readonly string Shards = Repository.Data("parquet", "shards", "*.parquet");
    private static readonly string Mismatched = Repository.Data("parquet", "shards_mismatch", "*.parquet");

    [Fact]
    public void Parquet_shards_are_one_file()
    {
        Assert.Equal(60, Dataset.Read(Shards).Count);
        Assert.Equal(60, DataStatistics.Gather(Shards).Rows);
        using var folder = new TemporaryFolder();
        string output = Path.Combine(folder.Path, "all.jsonl");
        Assert.Equal(60, DataConverter.Convert(Shards, output));
        IEnumerable<string> files = Directory.GetFiles(Repository.Data("parquet", "shards"), "*.jsonl").Order(StringComparer.Ordinal);
        string[] expected = [.. files.SelectMany(File.ReadAllLines)];
        Assert.Equal(expected, File.ReadAllLines(output));
        Assert.Equal(["label", "text"], DataConverter.ReadHead(Shards, 3, ["label", "text"]).Columns);
    }

    [Fact]
    public void Shards_that_differ_are_refused_with_file_column_and_types()
    {
        using var folder = new TemporaryFolder();
        string output = Path.Combine(folder.Path, "all.jsonl");
        Action[] reads =
            [() => Dataset.Read(Mismatched), () => DataStatistics.Gather(Mismatched), () => DataConverter.Convert(Mismatched, output)];
        foreach (Action read in reads)
        {
            AteneaException error = Assert.Throws<AteneaException>(read);
            Assert.Equal("ATN0253", error.Code.Id);
            Assert.Contains("column 'label' is string instead of int64, column 'score' is missing", error.Message,
                StringComparison.Ordinal);
            Assert.Contains("train-00000-of-00002.parquet", error.Message, StringComparison.Ordinal);
            Assert.EndsWith("train-00001-of-00002.parquet", error.Where, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(output));
    }

    [Fact]
    public void Csv_shards_may_order_their_columns_and_not_choose_them()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.csv", "text,label\none,x\n");
        folder.Write("b.csv", "label,text\ny,two\n");
        string pattern = Path.Combine(folder.Path, "*.csv");
        Assert.Equal(["one", "two"], Dataset.Read(pattern).Column("text"));
        Assert.Equal(["x", "y"], Dataset.Read(pattern).Column("label"));
        folder.Write("c.csv", "text,mood\nthree,z\n");
        AteneaException error = Assert.Throws<AteneaException>(() => Dataset.Read(pattern));
        Assert.Equal("ATN0253", error.Code.Id);
        Assert.Contains("column 'mood' is new, column 'label' is missing", error.Message, StringComparison.Ordinal);
    }
}
