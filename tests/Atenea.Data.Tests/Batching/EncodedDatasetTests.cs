using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tokenizers;

namespace Atenea.Data.Tests;

public class EncodedDatasetTests
{
    private static readonly Lazy<Tokenizer> Tokenizer = new(() => Tokenizers.Tokenizer.FromDirectory(ModelLocator.EmbeddedFolder()!));

    [Fact]
    public void Rows_are_the_tokenizers_own_at_any_number_of_threads()
    {
        Dataset data = Dataset.Read(Repository.File("examples", "emotion", "validation.csv"));
        EncodedDataset one = EncodedDataset.Encode(data, DataColumns.Default, Tokenizer.Value, maxLength: 20, threads: 1);
        EncodedDataset many = EncodedDataset.Encode(data, DataColumns.Default, Tokenizer.Value, maxLength: 20, threads: 4);
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
        EncodedDataset encoded = EncodedDataset.Encode(data, new DataColumns("a", "b", []), Tokenizer.Value);
        Assert.Equal([101, 7592, 102, 2088, 102], encoded.Ids(0).ToArray());
        Assert.Equal([0, 0, 0, 1, 1], encoded.TypeIds(0).ToArray());
        Assert.Equal([101, 2028, 102, 102], encoded.Ids(1).ToArray());
    }

    [Fact]
    public void Empty_texts_are_counted_and_all_empty_is_an_error()
    {
        EncodedDataset some = EncodedDataset.Encode(Data("x", "", null, " \u200B"), DataColumns.Default, Tokenizer.Value);
        Assert.Equal(3, some.EmptyRows);
        Assert.Equal([101, 102], some.Ids(2).ToArray());
        AteneaException error = Assert.Throws<AteneaException>(
            () => EncodedDataset.Encode(Data("", " "), DataColumns.Default, Tokenizer.Value));
        Assert.Equal("ATN0207", error.Code.Id);
        Assert.Equal("data: text", error.Where);
    }

    [Fact]
    public void A_batch_holds_its_rows_without_padding()
    {
        Dataset data = Dataset.FromColumns("data", [("text", ["hello world", "one", "a b c d"]), ("label", ["x", "y", "x"])]);
        EncodedDataset encoded = EncodedDataset.Encode(data, DataColumns.Default, Tokenizer.Value)
            .SetLabels(DataColumns.Default, new LabelSet(["x", "y"]));
        var batch = new Batch();
        batch.Fill(encoded, [2, 0]);
        Assert.Equal(2, batch.Count);
        Assert.Equal(10, batch.Tokens);
        Assert.Equal(6, batch.LongestRow);
        Assert.Equal([0, 6, 10], batch.Offsets.ToArray());
        Assert.Equal([.. encoded.Ids(2), .. encoded.Ids(0)], batch.Ids.ToArray());
        Assert.Equal(new int[10], batch.TypeIds.ToArray());
        Assert.Equal([2, 0], batch.Rows.ToArray());
        Assert.Equal([0, 0], batch.Labels.ToArray());
        Assert.True(batch.Targets.IsEmpty);

        batch.Fill(encoded, [1]);
        Assert.Equal([0, 3], batch.Offsets.ToArray());
        Assert.Equal([101, 2028, 102], batch.Ids.ToArray());
        Assert.Equal([1], batch.Labels.ToArray());
    }

    [Fact]
    public void Targets_follow_their_rows()
    {
        Dataset data = Dataset.FromColumns("data", [("text", ["a", "b", "c"]), ("label", ["x|y", "", "y"]), ("score", ["1", "2.5", "-3"])]);
        var batch = new Batch();
        EncodedDataset many = EncodedDataset.Encode(data, DataColumns.Default, Tokenizer.Value)
            .SetTargets(DataColumns.Default, new LabelSet(["x", "y"]), ProblemType.MultiLabelClassification);
        batch.Fill(many, [2, 0]);
        Assert.Equal(2, many.TargetWidth);
        Assert.Equal([0, 1, 1, 1], batch.Targets.ToArray());
        Assert.True(batch.Labels.IsEmpty);

        var score = new DataColumns("text", null, ["score"]);
        EncodedDataset numbers = EncodedDataset.Encode(data, score, Tokenizer.Value).SetTargets(score, new LabelSet(["score"]), ProblemType.Regression);
        batch.Fill(numbers, [1, 2, 0]);
        Assert.Equal([2.5f, -3, 1], batch.Targets.ToArray());
    }

    [Fact]
    public void A_batch_that_has_seen_its_largest_fill_allocates_nothing()
    {
        Dataset data = Dataset.Read(Repository.File("examples", "emotion", "validation.csv"));
        EncodedDataset encoded = EncodedDataset.Encode(data, DataColumns.Default, Tokenizer.Value)
            .SetLabels(DataColumns.Default, LabelReader.Collect(data, DataColumns.Default, ProblemType.SingleLabelClassification));
        BatchSampler sampler = BatchSampler.Shuffled(encoded.Count, 16, 1);
        var batch = new Batch();
        int tokens = Epoch();
        long before = GC.GetAllocatedBytesForCurrentThread();
        int again = Epoch();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(encoded.Tokens, tokens);
        Assert.Equal(tokens, again);

        int Epoch()
        {
            int sum = 0;
            for (int step = 0; step < sampler.BatchesPerEpoch; step++)
            {
                batch.Fill(encoded, sampler.Rows(0, step));
                sum += batch.Tokens;
            }

            return sum;
        }
    }

    private static Dataset Data(params string?[] texts) => Dataset.FromColumns("data", [("text", texts)]);
}
