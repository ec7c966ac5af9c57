using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Data.Tests;

public class DatasetLayoutTests
{
    private const string Rows = "text,label\nx,1\ny,0\n";

    [Fact]
    public void The_readme_names_configurations_files_and_classes()
    {
        using var folder = new TemporaryFolder();
        folder.Write("README.md", """
            ---
            configs:
            - config_name: small
              data_files:
              - split: train
                path: ["data/a-*.csv", "data/b.csv"]
              - split: challenge
                path: data/hard.csv
            - config_name: other
              data_files: "**/hard.csv"
            dataset_info:
            - config_name: small
              features:
              - name: text
                dtype: string
              - name: label
                dtype:
                  class_label:
                    names:
                      '0': no
                      '1': yes
            ---
            # Card
            """);
        folder.Write("data/a-1.csv", Rows);
        folder.Write("data/a-2.csv", Rows);
        folder.Write("data/b.csv", Rows);
        folder.Write("data/hard.csv", "text,label\nz,-1\n");
        var source = new DatasetSource { Dataset = folder.Path, Name = "small" };
        DatasetDict all = source.LoadAll();
        Assert.Equal(["train", "challenge"], all.Names);
        Assert.Equal(["yes", "no", "yes", "no", "yes", "no"], all["train"].Column("label"));
        Assert.Equal(["no", "yes"], all["train"].ClassNames["label"]);
        Assert.Equal([null], all["challenge"].Column("label"));
        Assert.Equal(1, (source with { Test = "challenge" }).Load().Test!.Count);
        Assert.Equal(["train"], (source with { Name = "other" }).LoadAll().Names);

        AteneaException unnamed = Assert.Throws<AteneaException>(() => (source with { Name = null }).LoadAll());
        Assert.Equal("ATN0211", unnamed.Code.Id);
        Assert.Contains("small", unnamed.Message, StringComparison.Ordinal);
        Assert.Contains("did you mean 'small'?", Assert.Throws<AteneaException>(() => (source with { Name = "smal" }).LoadAll()).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train.csv", "dev.csv", "test.csv")]
    [InlineData("data/train-00000-of-00001.csv", "data/validation-00000-of-00001.csv", "data/test-00000-of-00001.csv")]
    [InlineData("train/part1.csv", "valid/part1.csv", "test/part1.csv")]
    [InlineData("imdb_train.csv", "imdb_val.csv", "imdb_test.csv")]
    public void Names_of_files_and_folders_tell_the_splits(string train, string validation, string test)
    {
        using var folder = new TemporaryFolder();
        folder.Write(train, Rows);
        folder.Write(validation, Rows);
        folder.Write(test, Rows);
        folder.Write("LICENSE.txt", "not for the test of this");
        folder.Write("constraint.csv", "a,b\n1,2\n");
        DatasetSplits splits = new DatasetSource { Dataset = folder.Path }.Load();
        Assert.Equal((2, 2, 2), (splits.Train!.Count, splits.Validation!.Count, splits.Test!.Count));
    }

    [Fact]
    public void Shards_are_one_split_and_a_lone_file_is_for_training()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/train-0.jsonl", "{\"text\": \"x\", \"label\": 1}\n");
        folder.Write("a/train-1.jsonl", "{\"label\": 2, \"text\": \"y\", \"more\": true}\n");
        Dataset train = new DatasetSource { Dataset = folder.Path, Name = "a" }.Load().Train!;
        Assert.Equal(["text", "label", "more"], train.Columns);
        Assert.Equal(["x", "y"], train.Column("text"));
        Assert.Equal([null, "true"], train.Column("more"));
        Assert.Equal(["1", "2"], Dataset.Read(Path.Combine(folder.Path, "a", "train-*.jsonl")).Column("label"));

        folder.Write("b/reviews.csv", Rows);
        Assert.Equal(2, new DatasetSource { Dataset = folder.Path, Name = "b" }.Load().Train!.Count);
        folder.Write("c/train-0.csv", Rows);
        folder.Write("c/train-1.csv", "text,other\nx,1\n");
        Assert.Equal("ATN0253",
            Assert.Throws<AteneaException>(() => new DatasetSource { Dataset = folder.Path, Name = "c" }.Load()).Code.Id);
        Assert.Equal("ATN0401", Assert.Throws<AteneaException>(() => Dataset.Read(Path.Combine(folder.Path, "d", "*.csv"))).Code.Id);
    }

    [Fact]
    public void Splits_are_sampled_from_the_training_rows()
    {
        using var folder = new TemporaryFolder();
        folder.Write("all.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"t{i},{(i % 4 == 0 ? "a" : "b")}\n")));
        var source = new DatasetSource
        {
            Train = "all.csv",
            BaseFolder = folder.Path,
            Sampling = new SamplingOptions { TestSize = 0.2, ValidationSize = 10, Stratify = "label" },
        };
        DatasetSplits splits = source.Load();
        Assert.Equal((70, 10, 20), (splits.Train!.Count, splits.Validation!.Count, splits.Test!.Count));
        Assert.Equal(5, splits.Test.Column("label").Count(l => l == "a"));
        // sklearn.model_selection.train_test_split(range(100), test_size=0.2, random_state=42)
        DatasetSplits plain = (source with { Sampling = new SamplingOptions { TestSize = 0.2 } }).Load();
        Assert.Equal(["t83", "t53", "t70", "t45", "t44"], plain.Test!.Column("text").Take(5));
        Assert.Equal(85, plain.Test.Line(0));
        DatasetSplits shuffled = (source with { Sampling = new SamplingOptions { Shuffle = true } }).Load();
        Assert.Equal(new Pcg64(42).Permutation(100).Select(i => $"t{i}"), shuffled.Train!.Column("text"));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void The_hubs_data_sets_load_from_the_cache()
    {
        var cache = new HubCache(Repository.File("..", "shared", "hub"));
        DatasetSplits emotion = new DatasetSource { Dataset = "cardiffnlp/tweet_eval", Name = "emotion" }.Load(cache);
        Assert.Equal((3257, 374, 1421), (emotion.Train!.Count, emotion.Validation!.Count, emotion.Test!.Count));
        Assert.Equal(["anger", "joy", "optimism", "sadness"], emotion.Train.ClassNames["label"]);
        Dataset same = Dataset.Read(Repository.File("..", "shared", "data", "emotion", "train.csv"));
        Assert.Equal(same.Column("label"), emotion.Train.Column("label"));
        Assert.Equal(same.Column("text"), emotion.Train.Column("text").Select(t => t!.Trim()));
        DatasetSplits climate = new DatasetSource { Dataset = "cardiffnlp/tweet_eval", Name = "stance_climate" }.Load(cache);
        Assert.Equal((355, 40, 169), (climate.Train!.Count, climate.Validation!.Count, climate.Test!.Count));
        DatasetSplits imdb = new DatasetSource { Dataset = "stanfordnlp/imdb", Validation = "test" }.Load(cache);
        Assert.Equal((4000, 2000, 2000), (imdb.Train!.Count, imdb.Validation!.Count, imdb.Test!.Count));
        Assert.Equal(["neg", "pos"], imdb.Train.ClassNames["label"]);
        Assert.Equal(2000, imdb.Train.Column("label").Count(l => l == "pos"));
    }
}
