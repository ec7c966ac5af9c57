using System.Text.Json;

namespace Atenea.Cli.Tests;

public class DataCheckCommandTests
{
    private static string Bad(string name) => Path.Combine(Atenea.Root, "tests", "Atenea.Data.Tests", "Data", "bad", name);

    [Theory]
    [InlineData("good.csv", 0, "accept")]
    [InlineData("label_typos.csv", 0, "warn")]
    [InlineData("one_class.csv", 1, "reject")]
    [InlineData("ragged_rows.csv", 1, "reject")]
    [InlineData("ner_bad.conll", 1, "reject")]
    [InlineData("excel_named.csv", 2, "reject")]
    [InlineData("empty.csv", 2, "reject")]
    public void The_exit_code_tells_the_outcome(string file, int exit, string outcome)
    {
        Outcome result = Atenea.Run("data", "check", Bad(file), "--json");
        Assert.Equal(exit, result.Exit);
        Assert.Equal(outcome, result.Json.GetProperty("outcome").GetString());
        Assert.Equal("", result.Error);
        foreach (JsonElement finding in result.Json.GetProperty("findings").EnumerateArray())
        {
            Assert.Matches("^ATN0[0-9]{3}$", finding.GetProperty("code").GetString());
            Assert.Contains(finding.GetProperty("severity").GetString(), new[] { "error", "warning", "info" });
            Assert.NotEqual("", finding.GetProperty("message").GetString());
            Assert.NotEqual("", finding.GetProperty("remedy").GetString());
        }
    }

    [Fact]
    public void One_file_is_an_object_and_several_are_a_list()
    {
        JsonElement one = Atenea.Run("data", "check", Bad("semicolon.csv"), "--json").Json;
        Assert.Equal(";", one.GetProperty("delimiter").GetString());
        Assert.Equal("utf-8", one.GetProperty("encoding").GetString());
        Assert.Equal(12, one.GetProperty("rows").GetInt32());
        Assert.Equal(6, one.GetProperty("labels").GetProperty("pos").GetInt32());
        Assert.Equal(512, one.GetProperty("lengths").GetProperty("max_length").GetInt32());

        Outcome two = Atenea.Run("data", "check", Bad("leak_test.csv"), Bad("leak_train.csv"), "--json", "--max-length", "8");
        two.AssertSuccess();
        JsonElement[] files = [.. two.Json.GetProperty("files").EnumerateArray()];
        Assert.Equal(["train", "test"], files.Select(f => f.GetProperty("split").GetString()));
        JsonElement leak = Assert.Single(files[1].GetProperty("findings").EnumerateArray(),
            f => f.GetProperty("kind").GetString() == "leak");
        Assert.Equal([8, 9, 10, 12], leak.GetProperty("lines").EnumerateArray().Select(l => l.GetInt32()));
        Assert.True(files[0].GetProperty("lengths").GetProperty("truncated").GetInt32() > 0);

        Outcome named = Atenea.Run("data", "check", "--train", Bad("leak_train.csv"), "--test", Bad("unseen_label_test.csv"), "--json");
        Assert.Contains("unseen_label", named.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_in_the_data_acts_on_the_terminal()
    {
        Outcome result = Atenea.Run("data", "check", Bad("invisible_characters.csv"));
        result.AssertSuccess();
        Outcome labels = Atenea.Run("data", "check", Bad("label_typos.csv"));
        Assert.Contains("joy\\u200b", labels.Output, StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        string file = folder.Write("red.csv", "text,label\none,\u001b[31mred\u202e\ntwo,\u001b[31mred\u202e\nthree,b\u0007\n");
        Outcome red = Atenea.Run("data", "check", file);
        Assert.Contains("\\u001b", red.Output, StringComparison.Ordinal);
        foreach (Outcome each in new[] { result, labels, red })
            Assert.DoesNotContain(each.Output,
                c => (char.IsControl(c) && c != '\n') || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format);
    }

    [Fact]
    public void A_config_names_files_columns_and_length()
    {
        JsonElement report = Atenea.Run("data", "check", "examples/emotion/config.yaml", "--json").Json;
        JsonElement[] files = [.. report.GetProperty("files").EnumerateArray()];
        Assert.Equal([3257, 374, 1421], files.Select(f => f.GetProperty("rows").GetInt32()));
        Assert.Equal(60, files[0].GetProperty("lengths").GetProperty("max_length").GetInt32());
        Assert.InRange(files[2].GetProperty("baseline").GetProperty("accuracy").GetDouble(), 0.5, 0.8);
    }

    [Fact]
    public void A_folder_is_a_data_set()
    {
        JsonElement report = Atenea.Run("data", "check", "examples/emotion", "--json").Json;
        Assert.Equal(["train", "validation", "test"],
            report.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("split").GetString()));
    }

    [Fact]
    public void Columns_can_be_named()
    {
        Outcome missing = Atenea.Run("data", "check", Bad("other_column_names.csv"));
        Assert.Equal(1, missing.Exit);
        Assert.Contains("id, Review, Sentiment", missing.Output, StringComparison.Ordinal);
        Assert.Contains("--text Review --label Sentiment", missing.Output, StringComparison.Ordinal);
        Atenea.Run("data", "check", Bad("other_column_names.csv"), "--text", "Review", "--label", "Sentiment").AssertSuccess();
        Atenea.Run("data", "check", Bad("no_header.csv"), "--columns", "text", "label").AssertSuccess();
    }

    [Fact]
    public void Wrong_usage_is_refused()
    {
        Atenea.Run("data", "check").AssertRefused("ATN0103");
        Atenea.Run("data", "check", "nowhere.csv").AssertRefused("ATN0401");
        Outcome problem = Atenea.Run("data", "check", Bad("good.csv"), "--problem-type", "guess");
        Assert.Equal(2, problem.Exit);
        Assert.Contains("regression", problem.Error, StringComparison.Ordinal);
    }
}
