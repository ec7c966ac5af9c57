using Atenea.Errors;

namespace Atenea.Data.Tests;

public class DatasetOperationsTests
{
    private static Dataset Sample(int count = 12) => Dataset.FromColumns("sample",
    [
        ("text", [.. Enumerable.Range(0, count).Select(i => $"t{i}")]),
        ("label", [.. Enumerable.Range(0, count).Select(i => i % 3 == 0 ? "x" : "y")]),
    ]);

    [Fact]
    public void Selections_compose_and_keep_their_lines()
    {
        Dataset some = Sample().Select([5, 3, 3, 11]).Select([3, 0]);
        Assert.Equal(["t11", "t5"], some.Column("text"));
        Assert.Equal([12L, 6], [some.Line(0), some.Line(1)]);
        Assert.Equal("sample: line 12", some.Place(0));
        Assert.Equal(["t0", "t1"], Sample().Take(2).Column("text"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample().Select([12]));
        Assert.Throws<ArgumentOutOfRangeException>(() => some.Select([-1]));
    }

    [Fact]
    public void Shuffles_splits_samples_and_folds_keep_every_row()
    {
        Dataset data = Sample(100);
        Assert.Equal(new Pcg64(42).Permutation(100).Select(i => $"t{i}"), data.Shuffle(42).Column("text"));
        DatasetDict split = data.TrainTestSplit(0.25, 7, "label");
        Assert.Equal(data.Column("text").Order(), split["train"].Column("text").Concat(split["test"].Column("text")).Order());
        Assert.Equal(8, split["test"].Column("label").Count(l => l == "x"));
        Assert.Equal(new RandomState(3).Permutation(100).Take(5).Select(i => $"t{i}"), data.Sample(5, 3).Column("text"));
        IReadOnlyList<DatasetDict> folds = data.KFold(4, 1, "label");
        Assert.Equal(data.Column("text").Order(), folds.SelectMany(f => f["test"].Column("text")).Order());
        Assert.All(folds, f => Assert.Equal(100, f["train"].Count + f["test"].Count));
        Assert.Equal("ATN0211", Assert.Throws<AteneaException>(() => split["tset"]).Code.Id);
    }

    [Fact]
    public void Columns_are_mapped_filtered_renamed_and_chosen()
    {
        Dataset data = Sample().Filter(row => row["label"] == "x")
            .Map("length", row => row["text"]!.Length.ToString(null as IFormatProvider));
        Assert.Equal(["t0", "t3", "t6", "t9"], data.Column("text"));
        Assert.Equal(["2", "2", "2", "2"], data.Column("length"));
        Assert.Equal(10, data.Line(3));
        Dataset renamed = data.Rename("label", "class").Remove("length");
        Assert.Equal(["text", "class"], renamed.Columns);
        Assert.Equal(["class", "text"], renamed.Keep("class", "text").Columns);
        Assert.Equal("ATN0202", Assert.Throws<AteneaException>(() => renamed.Rename("class", "text")).Code.Id);
        Assert.Equal(["T0", "T3", "T6", "T9"], renamed.Map("text", row => row["text"]!.ToUpperInvariant()).Column("text"));
        Assert.Equal(8, data.Concatenate(data).Count);
    }

    [Fact]
    public void Classes_are_declared_sorted_and_travel_with_the_column()
    {
        Dataset data = Sample().ClassEncode("label");
        Assert.Equal(["x", "y"], data.ClassNames["label"]);
        Assert.Equal(["x", "y"], data.Shuffle(1).Rename("label", "class").ClassNames["class"]);
        Assert.False(data.Map("label", _ => "z").ClassNames.ContainsKey("label"));
        Dataset numbers = Dataset.FromColumns("n", [("label", ["1", "0", "-1"])]);
        Assert.Equal(["b", "a", null],
            numbers.WithClassNames(new Dictionary<string, IReadOnlyList<string>> { ["label"] = ["a", "b"] }).Column("label"));
        Assert.Equal("ATN0209",
            Assert.Throws<AteneaException>(() => Dataset.FromColumns("n", [("label", ["1", null])]).ClassEncode("label")).Code.Id);
    }

    [Fact]
    public void A_change_applies_to_all_splits()
    {
        DatasetDict dict = Sample().TrainTestSplit(3, 1).Apply(d => d.Rename("text", "sentence")).With("extra", Sample(2));
        Assert.Equal(["train", "test", "extra"], dict.Names);
        Assert.True(dict["test"].Has("sentence"));
        Assert.Null(dict.Find("validation"));
    }

    [Fact]
    public void Rows_are_written_and_read_back()
    {
        using var folder = new TemporaryFolder();
        Dataset data = Dataset.FromColumns("w",
            [("text", ["a,b", "line\nbreak", "\"q\"", " space ", "=1+1", "x"]), ("label", ["1", "2", "3", "4", "5", "é"])]);
        string path = Path.Combine(folder.Path, "w.csv");
        DatasetWriter.WriteCsv(data, path);
        Dataset back = Dataset.Read(path);
        Assert.Equal(data.Column("text"), back.Column("text"));
        Assert.Equal(data.Column("label"), back.Column("label"));
    }

    [Fact]
    public void Lengths_are_counted_in_characters_and_not_in_bytes()
    {
        using var folder = new TemporaryFolder();
        foreach (int count in new[] { 1, 7, 31, 32, 33, 100 })
        {
            string text = string.Concat(Enumerable.Repeat("añ日😀", count));
            ColumnStatistics column = DataStatistics.Gather(folder.Write("l.csv", $"text,n\n{text},1\n")).Columns[0];
            Assert.Equal(4 * count, column.Longest);
        }
    }

    [Fact]
    public void Statistics_count_types_lengths_and_values()
    {
        using var folder = new TemporaryFolder();
        DataStatistics statistics = DataStatistics.Gather(folder.Write("s.jsonl",
            "{\"text\": \"ñandú\", \"n\": 1, \"x\": 0.5, \"ok\": true, \"tags\": [1]}\n"
                + "{\"text\": \" \", \"n\": 22, \"x\": 3, \"ok\": false, \"tags\": []}\n{\"text\": null}\n"));
        Assert.Equal(3, statistics.Rows);
        Assert.Equal(["text", "integer", "number", "boolean", "list"], statistics.Columns.Select(c => c.Type));
        ColumnStatistics text = statistics.Columns[0];
        Assert.Equal((2L, 1L, 1L, 1L, 5L, 3.0), (text.Count, text.Missing, text.Empty, text.Shortest, text.Longest, text.MeanLength));
        Assert.Equal([new("1", 1), new("22", 1)], statistics.Columns[1].Values!);
        ColumnStatistics many = DataStatistics.Gather(
            folder.Write("m.csv", "id\n" + string.Concat(Enumerable.Range(0, 1001).Select(i => $"{i}\n")))).Columns[0];
        Assert.Null(many.Values);
        Assert.Equal("integer", many.Type);
    }
}
