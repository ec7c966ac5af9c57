using System.Text.Json;
using Atenea.Errors;
using static Atenea.Data.Tests.GoldenIndices;

namespace Atenea.Data.Tests;

/// <summary>Splits that scikit-learn, datasets and pandas made (goldens/splits).</summary>
[Trait("Data", "Goldens")]
public class SplitTests
{
    [Fact]
    public void Train_test_splits_are_scikit_learns()
    {
        JsonElement golden = Load("sklearn_train_test_split.json");
        foreach (JsonElement sample in golden.GetProperty("cases").EnumerateArray())
        {
            int count = sample.GetProperty("n").GetInt32();
            double? test = OptionalDouble(sample, "test_size"), train = OptionalDouble(sample, "train_size");
            JsonElement seed = sample.GetProperty("seed");
            string? stratify = sample.TryGetProperty("stratify", out JsonElement s) ? s.GetString() : null;
            RowSplit Split() => seed.ValueKind == JsonValueKind.Null ? TrainTestSplit.InOrder(count, test, train)
                : stratify is null ? TrainTestSplit.Random(count, test, seed.GetUInt64(), train)
                : TrainTestSplit.Stratified(Classes(golden, stratify, count), test, seed.GetUInt64(), train);
            if (sample.TryGetProperty("error", out _))
                Assert.Equal("ATN0213", Assert.Throws<AteneaException>(Split).Code.Id);
            else
                Compare(sample, Split());
        }
    }

    [Fact]
    public void Shuffles_and_splits_are_those_of_datasets()
    {
        foreach (JsonElement sample in Load("hf_datasets.json").EnumerateArray())
        {
            int count = sample.GetProperty("n").GetInt32();
            ulong seed = sample.GetProperty("seed").GetUInt64();
            Compare(sample.GetProperty("shuffle"), new Pcg64(seed).Permutation(count));
            foreach ((string name, double size) in new[] { ("0.2", 0.2), ("0.1", 0.1), ("3", 3) })
            {
                Compare(sample.GetProperty($"train_test_split_{name}"),
                    TrainTestSplit.Random(count, size, seed, method: SplitMethod.Datasets));
            }

            Compare(sample.GetProperty("train_test_split_0.2_noshuffle"), TrainTestSplit.InOrder(count, 0.2));
            if (sample.TryGetProperty("stratified_0.3", out JsonElement stratified))
            {
                Compare(stratified,
                    TrainTestSplit.Stratified(Integers(stratified.GetProperty("labels")), 0.3, seed, method: SplitMethod.Datasets));
            }
        }
    }

    [Fact]
    public void Folds_are_scikit_learns()
    {
        foreach (JsonElement sample in Load("kfold.json").EnumerateArray())
        {
            int count = sample.GetProperty("n").GetInt32(), folds = sample.GetProperty("k").GetInt32();
            uint? seed = (uint?)OptionalDouble(sample, "shuffle_seed");
            int[] classes = Integers(sample.GetProperty("labels"));
            Assert.Equal(sample.GetProperty("kfold_test").EnumerateArray().Select(Integers),
                Folds.Plain(count, folds, seed).Select(f => f.Test));
            IReadOnlyList<RowSplit> stratified = Folds.Stratified(classes, folds, seed);
            Assert.Equal(sample.GetProperty("stratified_test").EnumerateArray().Select(Integers), stratified.Select(f => f.Test));
            Assert.All(stratified, fold => Assert.Equal(Enumerable.Range(0, count), fold.Train.Concat(fold.Test).Order()));
        }
    }

    [Fact]
    public void Samples_are_pandas()
    {
        foreach (JsonElement sample in Load("pandas_sample.json").EnumerateArray())
        {
            int count = sample.GetProperty("n").GetInt32();
            uint seed = sample.GetProperty("seed").GetUInt32();
            int drawn = OptionalDouble(sample, "frac") is { } share
                ? (int)Math.Round(share * count, MidpointRounding.ToEven)
                : sample.GetProperty("k").GetInt32();
            Compare(sample.GetProperty("indices"), RowSample.Draw(count, drawn, seed, sample.TryGetProperty("replace", out _)));
        }
    }

    [Theory]
    [InlineData(10, 0.0)]
    [InlineData(10, -3.0)]
    [InlineData(10, 11.0)]
    [InlineData(10, 10.0)]
    [InlineData(10, 2.5)]
    [InlineData(10, double.NaN)]
    [InlineData(1, 0.2)]
    public void Impossible_sizes_have_a_code(int count, double size)
    {
        Assert.Equal("ATN0213", Assert.Throws<AteneaException>(() => TrainTestSplit.Random(count, size, 1)).Code.Id);
        Assert.Equal("ATN0213", Assert.Throws<AteneaException>(() => Folds.Plain(count, count + 1)).Code.Id);
        Assert.Equal("ATN0213", Assert.Throws<AteneaException>(() => Folds.Plain(count, 1)).Code.Id);
    }

    private static int[] Classes(JsonElement golden, string name, int count) => name switch
    {
        "binary_half" => [.. Enumerable.Range(0, count).Select(i => i % 2)],
        "three_block" => [.. Enumerable.Range(0, count).Select(i => 3 * i / count)],
        _ when count > 1000 => [.. golden.GetProperty("four_skewed_large").GetString()!.Select(c => c - '0')],
        _ => Integers(golden.GetProperty("labels").GetProperty($"{name}/{count}")),
    };
}
