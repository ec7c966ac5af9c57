using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Data.Tests;

public class LabelTests
{
    [Theory]
    [InlineData(new[] { "joy", "anger", "joy" }, new[] { "anger", "joy" })]
    [InlineData(new[] { "10", "9", "-1" }, new[] { "-1", "9", "10" })]
    [InlineData(new[] { "10", "9", "x" }, new[] { "10", "9", "x" })]
    [InlineData(new[] { "b", "B", "a", "ä" }, new[] { "B", "a", "b", "ä" })]
    [InlineData(new[] { "\uFF5E", "\U0001F600" }, new[] { "\uFF5E", "\U0001F600" })] // by code point, not by UTF-16 unit
    public void Names_are_sorted_like_pythons(string[] values, string[] expected)
    {
        LabelSet labels = LabelSet.FromValues(values);
        Assert.Equal(expected, labels.Names);
        Assert.True(labels.TryGetId(expected[^1], out int id));
        Assert.Equal(expected.Length - 1, id);
        Assert.False(labels.TryGetId("none", out _));
    }

    [Fact]
    public void An_unknown_label_names_row_and_value()
    {
        Dataset data = Data("joy", "angr");
        AteneaException error =
            Assert.Throws<AteneaException>(() => LabelReader.Ids(data, DataColumns.Default, new LabelSet(["anger", "joy"])));
        Assert.Equal("ATN0208", error.Code.Id);
        Assert.Equal("data: line 2", error.Where);
        Assert.Contains("'angr'", error.Message, StringComparison.Ordinal);
        Assert.Equal("did you mean 'anger'?", error.Remedy);
    }

    [Fact]
    public void One_class_and_missing_labels_have_codes()
    {
        Assert.Equal("ATN0210", Error(Data("a", "a")).Code.Id);
        AteneaException missing = Error(Data("a", " "));
        Assert.Equal("ATN0209", missing.Code.Id);
        Assert.Equal("data: line 2", missing.Where);
        Assert.Equal("ATN0209", Error(Data("a", null)).Code.Id);

        static AteneaException Error(Dataset data) => Assert.Throws<AteneaException>(
            () => LabelReader.Collect(data, DataColumns.Default, ProblemType.SingleLabelClassification));
    }

    [Fact]
    public void Several_labels_come_from_lists_bars_or_columns()
    {
        Dataset mixed = Data("a|c", "[\"b\", \"a\"]", "", null, " c ");
        LabelSet labels = LabelReader.Collect(mixed, DataColumns.Default, ProblemType.MultiLabelClassification);
        Assert.Equal(["a", "b", "c"], labels.Names);
        Assert.Equal([1, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], LabelReader.MultiHot(mixed, DataColumns.Default, labels));

        Dataset columns = Dataset.FromColumns("data", [("x", ["1", "0"]), ("y", ["false", "True"])]);
        var both = new DataColumns("text", null, ["y", "x"]);
        LabelSet named = LabelReader.Collect(columns, both, ProblemType.MultiLabelClassification);
        Assert.Equal(["y", "x"], named.Names);
        Assert.Equal([0, 1, 1, 0], LabelReader.MultiHot(columns, both, named));
        Assert.Equal([0, 0, 1, 0, 1, 0], LabelReader.MultiHot(columns, both, new LabelSet(["z", "y", "x"])));
    }

    [Fact]
    public void Labels_that_cannot_be_read_have_codes()
    {
        Assert.Equal("ATN0208", Assert.Throws<AteneaException>(
            () => LabelReader.MultiHot(Data("a|x"), DataColumns.Default, new LabelSet(["a"]))).Code.Id);
        Assert.Equal("ATN0209", Assert.Throws<AteneaException>(
            () => LabelReader.MultiHot(Data("[\"a\""), DataColumns.Default, new LabelSet(["a"]))).Code.Id);
        Dataset columns = Dataset.FromColumns("data", [("x", ["1", "2"]), ("y", ["0", "1"])]);
        Assert.Equal("ATN0209", Assert.Throws<AteneaException>(
            () => LabelReader.MultiHot(columns, new DataColumns("t", null, ["x", "y"]), new LabelSet(["x", "y"]))).Code.Id);
        foreach (string? bad in new[] { "high", "", null, "NaN", "1e99" })
        {
            AteneaException error = Assert.Throws<AteneaException>(() => LabelReader.Numbers(Data("1.5", bad), DataColumns.Default));
            Assert.Equal("ATN0209", error.Code.Id);
            Assert.Equal("data: line 2", error.Where);
        }
    }

    [Fact]
    public void Numbers_come_row_by_row()
    {
        Dataset data = Dataset.FromColumns("data", [("x", ["1", "2.5"]), ("y", ["-3", "4e1"])]);
        Assert.Equal([1, -3, 2.5f, 40], LabelReader.Numbers(data, new DataColumns("t", null, ["x", "y"])));
    }

    [Theory]
    [InlineData(ProblemType.SingleLabelClassification, "a", "b")]
    [InlineData(ProblemType.SingleLabelClassification, "0", "1")]
    [InlineData(ProblemType.SingleLabelClassification, "0.0", "1.0")]
    [InlineData(ProblemType.SingleLabelClassification, "0.5", "x")]
    [InlineData(ProblemType.MultiLabelClassification, "a", "a|b")]
    [InlineData(ProblemType.MultiLabelClassification, "[]", "[1]")]
    [InlineData(ProblemType.Regression, "0", "2.5")]
    public void The_kind_of_problem_is_seen(ProblemType expected, params string[] cells) =>
        Assert.Equal(expected, LabelReader.InferProblemType(Data(cells), DataColumns.Default));

    [Fact]
    public void Several_columns_are_labels_or_numbers()
    {
        var both = new DataColumns("t", null, ["x", "y"]);
        Assert.Equal(ProblemType.MultiLabelClassification,
            LabelReader.InferProblemType(Dataset.FromColumns("data", [("x", ["1"]), ("y", ["0"])]), both));
        Assert.Equal(ProblemType.Regression,
            LabelReader.InferProblemType(Dataset.FromColumns("data", [("x", ["1"]), ("y", ["0.2"])]), both));
    }

    private static Dataset Data(params string?[] labels) => Dataset.FromColumns("data", [("label", labels)]);
}
