using System.Text.Json;
using Atenea.Hub;

namespace Atenea.Cli.Tests;

public sealed class EvalCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly string _rows;

    public EvalCommandTests()
    {
        _model = TinyModel.Write(_folder.File("model"), ["no", "yes"], ProblemType.SingleLabelClassification);
        _rows = _folder.Write("rows.csv", SmallRun.Rows(30));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Metrics_report_and_confusion_matrix_are_shown()
    {
        Outcome outcome = Atenea.Run("eval", _model, "--data", _rows);
        outcome.AssertSuccess();
        Assert.Matches(@"accuracy\s+0\.[0-9]{4}", outcome.Output);
        Assert.Matches(@"precision\s+recall\s+f1-score\s+support", outcome.Output);
        Assert.Contains(@"true \ predicted", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_JSON_agrees_with_predict()
    {
        Outcome outcome = Atenea.Run("eval", _model, "--data", _rows, "--json", "--threads", "2");
        outcome.AssertSuccess();
        JsonElement result = outcome.Json;
        Assert.Equal(30, result.GetProperty("rows").GetInt32());
        string[] predicted = [.. Atenea.Run("predict", _model, "--input", _rows).Lines
            .Select(l => JsonDocument.Parse(l).RootElement.GetProperty("label").GetString()!)];
        string[] truth = [.. File.ReadAllLines(_rows).Skip(1).Select(l => l.Split(',')[1])];
        Assert.Equal(predicted.Zip(truth).Count(p => p.First == p.Second) / 30.0, result.GetProperty("accuracy").GetDouble(), 1e-9);
        int[][] matrix = [.. result.GetProperty("confusion_matrix").EnumerateArray()
            .Select(r => r.EnumerateArray().Select(c => c.GetInt32()).ToArray())];
        Assert.Equal(predicted.Zip(truth).Count(p => p is ("yes", "no")), matrix[0][1]);
    }

    [Fact]
    public void Columns_may_have_other_names_and_classes_may_be_numbers()
    {
        string other = _folder.Write("other.csv", SmallRun.Rows(30).Replace("text,label", "body,mood", StringComparison.Ordinal));
        string same = Atenea.Run("eval", _model, "--data", _rows).Output;
        Assert.Equal(same, Atenea.Run("eval", _model, "--data", other, "--text", "body", "--label", "mood").Output);

        string unnamed = TinyModel.Write(_folder.File("unnamed"), ["LABEL_0", "LABEL_1"]);
        string config = Path.Combine(unnamed, "config.json");
        ModelConfig json = ModelConfig.Load(config);
        json.Json.Remove("id2label");
        json.Json.Remove("label2id");
        json.Save(unnamed);
        string numbers = _folder.Write("numbers.csv",
            SmallRun.Rows(30).Replace(",no\n", ",0\n", StringComparison.Ordinal).Replace(",yes\n", ",1\n", StringComparison.Ordinal));
        Outcome outcome = Atenea.Run("eval", unnamed, "--data", numbers, "--json");
        outcome.AssertSuccess();
        Assert.Equal(30, outcome.Json.GetProperty("rows").GetInt32());
    }

    [Fact]
    public void Rows_without_a_label_are_left_out_and_told_of()
    {
        string more = _folder.Write("more.csv", SmallRun.Rows(30) + "no label here,\nnor here,NaN\n");
        Outcome outcome = Atenea.Run("eval", _model, "--data", more, "--json");
        outcome.AssertSuccess();
        JsonElement without = Atenea.Run("eval", _model, "--data", _rows, "--json").Json;
        foreach (string figure in new[] { "rows", "loss", "accuracy" })
            Assert.Equal(without.GetProperty(figure).GetDouble(), outcome.Json.GetProperty(figure).GetDouble());
        Assert.Contains("rows without a label were left out: 2, lines 32, 33", outcome.Error, StringComparison.Ordinal);

        Outcome none = Atenea.Run("eval", _model, "--data", _folder.Write("none.csv", "text,label\none,\n"));
        Assert.Equal(2, none.Exit);
        Assert.Contains("ATN0209", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_of_the_model_is_one_even_if_it_reads_like_a_missing_value()
    {
        string model = TinyModel.Write(_folder.File("none"), ["None", "yes"], ProblemType.SingleLabelClassification);
        string rows = _folder.Write("none.csv", SmallRun.Rows(3).Replace(",no\n", ",None\n", StringComparison.Ordinal));
        Outcome outcome = Atenea.Run("eval", model, "--data", rows, "--json");
        outcome.AssertSuccess();
        Assert.Equal(3, outcome.Json.GetProperty("rows").GetInt32());
    }

    [Theory]
    [InlineData("ATN0208", "text,label\none,maybe\n")]
    [InlineData("ATN0205", "text,mood\none,no\n")]
    [InlineData("ATN0205", "body,label\none,no\n")]
    [InlineData("ATN0206", "text,label\n")]
    [InlineData("ATN0207", "text,label\n,no\n")]
    public void Rows_that_cannot_be_scored_are_refused(string code, string rows) =>
        Atenea.Run("eval", _model, "--data", _folder.Write("bad.csv", rows)).AssertRefused(code);

    [Fact]
    public void Wrong_use_is_refused()
    {
        Atenea.Run("eval", _model).AssertRefused("ATN0103");
        Atenea.Run("eval", _model, "--data", _folder.File("none.csv")).AssertRefused("ATN0401");
        Atenea.Run("eval", "no-such-model", "--data", _rows).AssertRefused("ATN0411");
        Atenea.Run("eval", "all-MiniLM-L6-v2", "--data", _rows).AssertRefused("ATN0551");
    }
}
