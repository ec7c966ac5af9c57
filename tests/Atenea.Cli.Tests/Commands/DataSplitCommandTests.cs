namespace Atenea.Cli.Tests;

/// <summary><c>data info</c>, <c>data stats</c> and <c>data split</c> as a user runs them.</summary>
public sealed class DataSplitCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _file;

    public DataSplitCommandTests()
    {
        _file = _folder.File("all.csv");
        File.WriteAllText(_file,
            "text,label\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"text {i},{(i % 4 == 0 ? "a" : "b")}\n")));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_split_as_scikit_learn_splits_it()
    {
        string parts = _folder.File("parts");
        Outcome split = Atenea.Run("data", "split", _file, "--output-dir", parts, "--test-size", "0.2", "--json");
        split.AssertSuccess();
        Assert.Equal(80, split.Json.GetProperty("train").GetProperty("rows").GetInt32());
        // sklearn.model_selection.train_test_split(range(100), test_size=0.2, random_state=42)[1][:3]
        Assert.StartsWith("text,label\ntext 83,b\ntext 53,b\ntext 70,b\n", File.ReadAllText(Path.Combine(parts, "test.csv")),
            StringComparison.Ordinal);
        Atenea.Run("data", "split", _file, "--output-dir", parts).AssertRefused("ATN0104");
        Atenea.Run("data", "split", _file, "--output-dir", parts, "--test-size", "200").AssertRefused("ATN0213");
        Atenea.Run("data", "split", _file, "--output-dir", parts, "--test-size", "x").AssertRefused("ATN0213");
    }

    [Fact]
    public void Statistics_and_information_are_told_for_people_and_machines()
    {
        Outcome stats = Atenea.Run("data", "stats", _file, "--json");
        stats.AssertSuccess();
        Assert.Equal(100, stats.Json.GetProperty("rows").GetInt32());
        Assert.Equal(25, stats.Json.GetProperty("columns")[1].GetProperty("values").GetProperty("a").GetInt32());
        Assert.Contains("b 75, a 25", Atenea.Run("data", "stats", _file).Output, StringComparison.Ordinal);

        Outcome info = Atenea.Run("data", "info", _folder.Path, "--json");
        info.AssertSuccess();
        Assert.Equal("train", info.Json.GetProperty("splits")[0].GetProperty("name").GetString());
        Assert.Equal(100, info.Json.GetProperty("splits")[0].GetProperty("rows").GetInt32());
        Assert.Contains("label (text)", Atenea.Run("data", "info", _file).Output, StringComparison.Ordinal);
        Atenea.Run("data", "info", _folder.File("none.csv")).AssertRefused("ATN0401");
    }
}
