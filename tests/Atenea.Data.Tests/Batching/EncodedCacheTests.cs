using Atenea.Hub;
using Atenea.Tokenizers;

namespace Atenea.Data.Tests;

public class EncodedCacheTests
{
    private static readonly Lazy<Tokenizer> Bert = new(() => Tokenizer.FromDirectory(ModelLocator.EmbeddedFolder()!));

    [Fact]
    public void The_second_encoding_comes_from_the_file_and_is_the_same()
    {
        using var folder = new TemporaryFolder();
        var cache = new EncodedCache(folder.Path);
        Dataset data = Data("a text", "another, longer text to be cut", "");
        EncodedDataset direct = EncodedDataset.Encode(data, DataColumns.Default, Bert.Value, 5);
        AssertSame(direct, cache.Encode(data, DataColumns.Default, Bert.Value, 5));
        string file = Assert.Single(Directory.GetFiles(folder.Path));
        DateTime written = File.GetLastWriteTimeUtc(file);
        AssertSame(direct, cache.Encode(data, DataColumns.Default, Bert.Value, 5));
        Assert.Equal(written, File.GetLastWriteTimeUtc(file));
    }

    [Fact]
    public void Other_texts_lengths_and_pairs_have_files_of_their_own_and_damaged_ones_are_made_again()
    {
        using var folder = new TemporaryFolder();
        var cache = new EncodedCache(folder.Path);
        Dataset data = Data("ab", "c"), moved = Data("a", "bc");
        cache.Encode(data, DataColumns.Default, Bert.Value, 5);
        cache.Encode(moved, DataColumns.Default, Bert.Value, 5);
        cache.Encode(data, DataColumns.Default, Bert.Value, 6);
        cache.Encode(data, new DataColumns("text", "text", []), Bert.Value, 5);
        string[] files = Directory.GetFiles(folder.Path);
        Assert.Equal(4, files.Length);
        foreach (string file in files) File.WriteAllBytes(file, File.ReadAllBytes(file)[..^3]);
        AssertSame(EncodedDataset.Encode(data, DataColumns.Default, Bert.Value, 5), cache.Encode(data, DataColumns.Default, Bert.Value, 5));
        Assert.Equal(4, Directory.GetFiles(folder.Path).Length);
    }

    private static void AssertSame(EncodedDataset expected, EncodedDataset actual)
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
