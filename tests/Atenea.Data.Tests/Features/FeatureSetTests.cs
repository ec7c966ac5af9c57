using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tokenizers;

namespace Atenea.Data.Tests;

public class FeatureSetTests
{
    private static readonly Lazy<Tokenizer> Tokenizer = new(() => Tokenizers.Tokenizer.FromDirectory(ModelLocator.EmbeddedFolder()!));

    [Fact]
    public void Rows_are_the_tokenizers_own_at_any_number_of_threads()
    {
        Dataset data = Dataset.Read(Repository.File("examples", "emotion", "validation.csv"));
        FeatureSet one = FeatureSet.FromTexts(data, DataColumns.Default, Tokenizer.Value, maxLength: 20, threads: 1);
        FeatureSet many = FeatureSet.FromTexts(data, DataColumns.Default, Tokenizer.Value, maxLength: 20, threads: 4);
        int truncated = 0;
        for (int row = 0; row < data.Count; row++)
        {
            Encoding expected = Tokenizer.Value.Encode(data.Column("text")[row]!, null, new EncodeOptions { MaxLength = 20 });
            Assert.Equal(expected.Ids, one.Ids(row).ToArray());
            Assert.Equal(expected.TypeIds, one.TypeIds(row).ToArray());
            Assert.Equal(expected.Ids, many.Ids(row).ToArray());
            truncated += expected.WasTruncated ? 1 : 0;
        }

        Assert.InRange(truncated, 1, data.Count - 1);
        Assert.Equal(truncated, one.TruncatedRows);
        Assert.Equal(one.Lengths.Sum(), one.Tokens);
        Assert.Equal(0, one.EmptyRows);
        Assert.Equal(data.Place(3), one.Place(3));
    }

    [Fact]
    public void A_pair_has_two_segments()
    {
        Dataset data = Dataset.FromColumns("data", [("a", ["hello", "one"]), ("b", ["world", null])]);
        FeatureSet encoded = FeatureSet.FromTexts(data, new DataColumns("a", "b", []), Tokenizer.Value);
        Assert.Equal([101, 7592, 102, 2088, 102], encoded.Ids(0).ToArray());
        Assert.Equal([0, 0, 0, 1, 1], encoded.TypeIds(0).ToArray());
        Assert.Equal([101, 2028, 102, 102], encoded.Ids(1).ToArray());
    }

    [Fact]
    public void Empty_texts_are_counted_and_all_empty_is_an_error()
    {
        FeatureSet some = FeatureSet.FromTexts(Data("x", "", null, " \u200B"), DataColumns.Default, Tokenizer.Value);
        Assert.Equal(3, some.EmptyRows);
        Assert.Equal([101, 102], some.Ids(2).ToArray());
        AteneaException error = Assert.Throws<AteneaException>(
            () => FeatureSet.FromTexts(Data("", " "), DataColumns.Default, Tokenizer.Value));
        Assert.Equal("ATN0207", error.Code.Id);
        Assert.Equal("data: text", error.Where);
    }

    [Fact]
    public void A_row_may_become_several_features_and_each_knows_its_row()
    {
        Dataset data = Data("a", "b", "c");
        FeatureSet features = FeatureSet.FromRows(data, threads: 2, emptyRows: 1, row => new RowFeatures(
            [.. Enumerable.Range(0, row).Select(window => new Feature([row, window], [0, 1], [window, -row]))], IsTruncated: row == 2));
        Assert.Equal(3, features.Count);
        Assert.Equal(6, features.Tokens);
        Assert.Equal([1, 2, 2], Enumerable.Range(0, 3).Select(features.Row));
        Assert.Equal([2, 1], features.Ids(2).ToArray());
        Assert.Equal([0, 1], features.TypeIds(2).ToArray());
        Assert.Equal([1, -2], features.Marks(2).ToArray());
        Assert.Equal(data.Place(2), features.Place(1));
        Assert.Equal((1, 1), (features.TruncatedRows, features.EmptyRows));
    }

    [Fact]
    public void Blocks_go_across_rows_and_the_remainder_is_dropped()
    {
        FeatureSet lines = FeatureSet.FromRows(Data("a", "b", "c"), threads: 1, emptyRows: 0,
            row => new RowFeatures([new Feature([10 * row, (10 * row) + 1, (10 * row) + 2], [row, row, row], [0, 1, 2])],
                IsTruncated: false));
        FeatureSet blocks = lines.InBlocks(4);
        Assert.Equal([4, 4], blocks.Lengths);
        Assert.Equal([0, 1, 2, 10], blocks.Ids(0).ToArray());
        Assert.Equal([11, 12, 20, 21], blocks.Ids(1).ToArray());
        Assert.Equal([1, 1, 2, 2], blocks.TypeIds(1).ToArray());
        Assert.Equal([1, 2, 0, 1], blocks.Marks(1).ToArray());
        Assert.Equal([0, 1], new[] { blocks.Row(0), blocks.Row(1) });
        Assert.Equal([9], lines.InBlocks(100).Lengths);
    }

    [Fact]
    public void Labels_belong_to_features()
    {
        FeatureSet features = FeatureSet.FromTexts(Data("a", "b"), DataColumns.Default, Tokenizer.Value)
            .WithLabels(new FeatureLabels("labels", [1, 0]))
            .WithLabels(new FeatureLabels("scores", [0.5f, 1, 2, -1], 2));
        Assert.Equal([0], features.LabelsNamed("labels").Ids(1).ToArray());
        Assert.Equal([2f, -1f], features.LabelsNamed("scores").Numbers(1).ToArray());
        Assert.True(features.LabelsNamed("labels").AreIds);
        Assert.False(features.LabelsNamed("scores").AreIds);
    }

    [Fact]
    public void A_coded_error_of_one_row_is_thrown_as_it_is() => Assert.Equal("ATN0209", Assert.Throws<AteneaException>(
        () => FeatureSet.FromRows(Data("a", "b"), 2, 0, _ => throw new AteneaException(Catalogue.LabelInvalid, "wrong"))).Code.Id);

    private static Dataset Data(params string?[] texts) => Dataset.FromColumns("data", [("text", texts)]);
}
