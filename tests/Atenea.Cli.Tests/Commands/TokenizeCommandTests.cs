using System.Text.Json;

namespace Atenea.Cli.Tests;

public class TokenizeCommandTests
{
    private const string Model = "all-MiniLM-L6-v2";

    [Fact]
    public void A_text_is_shown_piece_by_piece_with_ids_and_offsets()
    {
        Outcome outcome = Atenea.Run("tokenize", Model, "--text", "Tokenization [is] fun");
        outcome.AssertSuccess();
        Assert.Equal("[CLS] token ##ization [ is ] fun [SEP]", outcome.Lines[0]);
        Assert.Matches(@"2\s+3989\s+##ization\s+5-12\s+ization", outcome.Output);
        Assert.Contains("8 tokens; decoded: tokenization [ is ] fun", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', outcome.Output);
    }

    [Fact]
    public void Pieces_are_coloured_where_a_person_looks()
    {
        Outcome outcome = Atenea.Run(["tokenize", Model, "--text", "unaffable"],
            new() { Environment = new Dictionary<string, string> { ["FORCE_COLOR"] = "1" } });
        outcome.AssertSuccess();
        Assert.Matches("\u001b\\[[0-9;]+muna\u001b\\[0m \u001b\\[[0-9;]+m##ffa\u001b\\[0m", outcome.Lines[0]);
    }

    [Fact]
    public void Its_JSON_has_the_fields_of_the_reference_data()
    {
        Outcome outcome = Atenea.Run("tokenize", Model, "--text", "a\U0001F600b", "@user [", "--pair", "é", "--json");
        outcome.AssertSuccess();
        JsonElement first = JsonDocument.Parse(outcome.Lines[0]).RootElement;
        Assert.Equal([101, 100, 102, 1041, 102], first.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32()));
        Assert.Equal("[[0,0],[0,3],[0,0],[0,1],[0,0]]", first.GetProperty("offsets").GetRawText()); // code points
        Assert.Equal("[[0,0],[0,4],[0,0],[0,1],[0,0]]", first.GetProperty("offsets_utf16").GetRawText());
        Assert.Equal("[0,0,0,1,1]", first.GetProperty("type_ids").GetRawText());
        Assert.Equal(2, outcome.Lines.Length);
    }

    [Fact]
    public void A_long_text_is_cut_at_max_length()
    {
        Outcome outcome = Atenea.Run("tokenize", Model, "--text", "one two three four", "--max-length", "4", "--json");
        outcome.AssertSuccess();
        Assert.Equal(["[CLS]", "one", "two", "[SEP]"], outcome.Json.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()));
        Outcome shown = Atenea.Run("tokenize", Model, "--text", "one two three four", "--max-length", "4");
        Assert.Contains("2 more were cut off", shown.Output, StringComparison.Ordinal);
        Outcome plain = Atenea.Run("tokenize", Model, "--text", "one", "--no-special-tokens", "--json");
        Assert.Equal([2028], plain.Json.GetProperty("ids").EnumerateArray().Select(t => t.GetInt32()));
    }

    [Fact]
    public void A_file_gives_one_line_per_line_in_order()
    {
        using var folder = new TemporaryFolder();
        string input = folder.Write("in.jsonl", """
            {"text": "one"}
            {"words": ["two", "three"]}
            {"text": "four", "options": {"max_length": 8, "padding": "max_length"}}

            """);
        string output = folder.File("out.jsonl");
        Outcome outcome = Atenea.Run("tokenize", Model, "--input", input, "--output", output);
        outcome.AssertSuccess();
        Assert.Equal("", outcome.Output);
        string[] lines = File.ReadAllLines(output);
        Assert.Equal(["one", "two three", "four"], lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("decoded").GetString()));
        Assert.Equal(8, JsonDocument.Parse(lines[2]).RootElement.GetProperty("ids").GetArrayLength());
        Assert.Equal(lines, Atenea.Run("tokenize", Model, "--input", input).Lines);
    }

    [Fact]
    public void Counting_takes_plain_lines_and_JSON_lines_alike()
    {
        using var folder = new TemporaryFolder();
        string plain = folder.Write("in.txt", "one two\nthree four five\n");
        string json = folder.Write("in.jsonl", "{\"text\": \"one two\"}\n\n{\"words\": [\"three\", \"four\", \"five\"]}\n");
        Outcome counted = Atenea.Run("tokenize", Model, "--count", "--input", plain, "--max-length", "4");
        counted.AssertSuccess();
        string[] expected =
        [
            "texts 2",
            "words 5",
            "tokens 5 (1.000 a word)",
            "unknown tokens 0 (0.000%)",
            "length median 5, longest 5",
            "cut at 4 1 texts, 1 tokens",
        ];
        Assert.Equal(expected,
            counted.Lines.Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        Assert.Equal(counted.Output, Atenea.Run("tokenize", Model, "--count", "--input", json, "--max-length", "4").Output);
    }

    [Fact]
    public void A_line_too_long_for_its_output_is_refused_by_name_but_counted()
    {
        using var folder = new TemporaryFolder();
        string input = folder.Write("in.jsonl",
            "{\"text\": \"one\"}\n{\"text\": \"" + string.Concat(Enumerable.Repeat("two ", 5_000_000)) + "\"}\n");
        Outcome outcome = Atenea.Run("tokenize", Model, "--input", input, "--output", folder.File("out.jsonl"));
        outcome.AssertRefused("ATN0314");
        Assert.Contains("line 2", outcome.Error, StringComparison.Ordinal);
        Outcome counted = Atenea.Run("tokenize", Model, "--count", "--input", input, "--json");
        counted.AssertSuccess();
        Assert.Equal(5_000_001, counted.Json.GetProperty("tokens").GetInt64());
    }

    [Theory]
    [InlineData("ATN0411", "no-such-model", "--text", "x")]
    [InlineData("ATN0103", Model)]
    [InlineData("ATN0104", Model, "--text", "x", "--input", "y")]
    [InlineData("ATN0401", Model, "--input", "no-such-file.jsonl")]
    [InlineData("ATN0103", Model, "--text", "x", "--max-length", "-1")]
    public void Wrong_use_is_refused(string code, params string[] args) => Atenea.Run(["tokenize", .. args]).AssertRefused(code);

    [Fact]
    public void A_line_that_is_no_JSON_is_named_and_no_file_is_written()
    {
        using var folder = new TemporaryFolder();
        string input = folder.Write("in.jsonl", "{\"text\": \"one\"}\nnonsense\n");
        Outcome outcome = Atenea.Run("tokenize", Model, "--input", input, "--output", folder.File("out.jsonl"));
        outcome.AssertRefused("ATN0301");
        Assert.Contains("line 2", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["in.jsonl"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }
}
