using Atenea.Hub;
using Atenea.Tokenizers;

namespace Atenea.Data.Tests;

public class FeatureCacheTests
{
    private static readonly Lazy<Tokenizer> Bert = new(() => Tokenizer.FromDirectory(ModelLocator.EmbeddedFolder()!));

    [Fact]
    public void The_second_encoding_comes_from_the_file_and_is_the_same()
    {
        using var folder = new TemporaryFolder();
        var cache = new FeatureCache(folder.Path);
        Dataset data = Data("a text", "another, longer text to be cut", "");
        FeatureSet direct = FeatureSet.FromTexts(data, DataColumns.Default, Bert.Value, 5);
        AssertSame(direct, Get(cache, data, DataColumns.Default, 5));
        string file = Assert.Single(Directory.GetFiles(folder.Path));
        DateTime written = File.GetLastWriteTimeUtc(file);
        AssertSame(direct, Get(cache, data, DataColumns.Default, 5));
        Assert.Equal(written, File.GetLastWriteTimeUtc(file));
    }

    [Fact]
    public void Other_texts_lengths_and_pairs_have_files_of_their_own_and_damaged_ones_are_made_again()
    {
        using var folder = new TemporaryFolder();
        var cache = new FeatureCache(folder.Path);
        Dataset data = Data("ab", "c"), moved = Data("a", "bc");
        Get(cache, data, DataColumns.Default, 5);
        Get(cache, moved, DataColumns.Default, 5);
        Get(cache, data, DataColumns.Default, 6);
        Get(cache, data, new DataColumns("text", "text", []), 5);
        string[] files = Directory.GetFiles(folder.Path);
        Assert.Equal(4, files.Length);
        foreach (string file in files) File.WriteAllBytes(file, File.ReadAllBytes(file)[..^3]);
        AssertSame(FeatureSet.FromTexts(data, DataColumns.Default, Bert.Value, 5), Get(cache, data, DataColumns.Default, 5));
        Assert.Equal(4, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Marks_and_the_rows_of_windows_are_kept()
    {
        using var folder = new TemporaryFolder();
        var cache = new FeatureCache(folder.Path);
        Dataset data = Data("a", "b");
        FeatureSet Make() => FeatureSet.FromRows(data, 1, 1, row => new RowFeatures(
            [new Feature([row], [0], [7]), new Feature([row, 5], [0, 0], [8, 9])], IsTruncated: row == 1));
        FeatureSet made = cache.Get(data, ["text"], Bert.Value, "windows", Make);
        FeatureSet read = cache.Get(data, ["text"], Bert.Value, "windows", () => throw new InvalidOperationException("it is there"));
        AssertSame(made, read);
        Assert.Equal([8, 9], read.Marks(3).ToArray());
        Assert.Equal([0, 0, 1, 1], Enumerable.Range(0, 4).Select(read.Row));
    }

    private static FeatureSet Get(FeatureCache cache, Dataset data, DataColumns columns, int length)
    {
        string[] texts = columns.TextPair is { } pair ? [columns.Text, pair] : [columns.Text];
        return cache.Get(data, texts, Bert.Value, $"{length}", () => FeatureSet.FromTexts(data, columns, Bert.Value, length));
    }

    private static void AssertSame(FeatureSet expected, FeatureSet actual)
    {
        Assert.Equal(expected.Lengths, actual.Lengths);
        Assert.Equal((expected.TruncatedRows, expected.EmptyRows), (actual.TruncatedRows, actual.EmptyRows));
        for (int row = 0; row < expected.Count; row++)
        {
            Assert.Equal(expected.Ids(row), actual.Ids(row));
            Assert.Equal(expected.TypeIds(row), actual.TypeIds(row));
        }
    }

    private static Dataset Data(params string[] texts) => Dataset.FromColumns("data", [("text", texts)]);
}
