using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Data.Tests;

public class DatasetSourceTests
{
    private const string Commit = "00bae1b2c8d68e8d1949c8c980cab50ab51a3787";
    private const string Rows = "text,label\nx,a\ny,b\n";

    [Fact]
    public void Files_are_relative_to_the_configs_folder()
    {
        using var folder = new TemporaryFolder();
        folder.Write("data/train.csv", Rows);
        folder.Write("dev.tsv", "text\tlabel\nz\ta\n");
        DatasetSplits splits = new DatasetSource { Train = "data/train.csv", Validation = "dev.tsv", BaseFolder = folder.Path }.Load();
        Assert.Equal(2, splits.Train!.Count);
        Assert.Equal(1, splits.Validation!.Count);
        Assert.Null(splits.Test);
    }

    [Fact]
    public void A_folder_is_a_data_set_and_a_named_file_takes_precedence()
    {
        using var folder = new TemporaryFolder();
        folder.Write("set/train-00000-of-00001.csv", Rows);
        folder.Write("set/training-notes.txt", "not a split");
        folder.Write("set/dev.csv", Rows);
        folder.Write("set/test.csv", Rows);
        folder.Write("mine.csv", "text,label\nonly,a\n");
        DatasetSplits splits = new DatasetSource { Dataset = "set", Test = "mine.csv", BaseFolder = folder.Path }.Load();
        Assert.Equal(2, splits.Train!.Count);
        Assert.Equal(2, splits.Validation!.Count);
        Assert.Equal(1, splits.Test!.Count);
    }

    [Fact]
    public void A_cached_data_set_is_found_by_id_and_name()
    {
        using var folder = new TemporaryFolder();
        folder.Write("datasets--org--set/refs/main", Commit);
        folder.Write($"datasets--org--set/snapshots/{Commit}/emotion/train.csv", Rows);
        folder.Write($"datasets--org--set/snapshots/{Commit}/other/train-00000-of-00001.parquet", "PAR1");
        var cache = new HubCache(folder.Path);
        var source = new DatasetSource { Dataset = "org/set", Name = "emotion", BaseFolder = folder.Path };
        Assert.Equal(2, source.Load(cache).Train!.Count);

        Assert.Equal("ATN0422", Assert.Throws<AteneaException>(() => (source with { Name = "other" }).Load(cache)).Code.Id);
        AteneaException name = Assert.Throws<AteneaException>(() => (source with { Name = "emotoin" }).Load(cache));
        Assert.Equal("ATN0211", name.Code.Id);
        Assert.Contains("did you mean 'emotion'?", name.Message, StringComparison.Ordinal);
        AteneaException id = Assert.Throws<AteneaException>(() => (source with { Dataset = "org/sett" }).Load(cache));
        Assert.Equal("ATN0211", id.Code.Id);
        Assert.Contains("did you mean 'org/set'?", id.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_named_and_missing_files_have_codes()
    {
        Assert.Equal("ATN0211", Assert.Throws<AteneaException>(() => new DatasetSource().Load()).Code.Id);
        Assert.Equal("ATN0401", Assert.Throws<AteneaException>(() => new DatasetSource { Train = "none.csv" }.Load()).Code.Id);
    }
}
