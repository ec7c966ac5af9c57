namespace Atenea.Cli.Tests;

public class DataCommandTests
{
    private static string Golden(params string[] parts) =>
        Path.Combine([Atenea.Root, "tests", "Atenea.Parquet.Tests", "Data", "Goldens", .. parts]);

    [Theory]
    [InlineData("huggingface/ner.parquet", "expected/huggingface_ner.jsonl", 250)]
    [InlineData("types/structs_v2.parquet", "expected/types_structs.jsonl", 4)]
    [InlineData("layout/empty_no_rows.parquet", "expected/layout_empty_no_rows.jsonl", 0)]
    public void Parquet_becomes_the_expected_json_lines(string input, string expected, int rows)
    {
        using var folder = new TemporaryFolder();
        string output = folder.File("rows.jsonl");
        Outcome outcome = Atenea.Run("data", "convert", Golden(input), "--output", output, "--json");
        outcome.AssertSuccess();
        Assert.Equal(rows, outcome.Json.GetProperty("rows").GetInt32());
        Assert.Equal(File.ReadAllText(Golden(expected)), File.ReadAllText(output));
    }

    [Theory]
    [InlineData("snappy_damaged.parquet", "ATN0426")]
    [InlineData("gzip_damaged.parquet", "ATN0430")]
    [InlineData("checksum_mismatch.parquet", "ATN0427")]
    [InlineData("truncated_half.parquet", "ATN0422")]
    [InlineData("invalid_utf8.parquet", "ATN0431")]
    public void A_damaged_file_leaves_no_output_and_keeps_an_old_one(string input, string code)
    {
        using var folder = new TemporaryFolder();
        Atenea.Run("data", "convert", Golden("bad", input), "--output", folder.File("rows.jsonl")).AssertRefused(code);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        string old = folder.Write("old.jsonl", "{}\n");
        Atenea.Run("data", "convert", Golden("bad", input), "--output", old).AssertRefused(code);
        Assert.Equal("{}\n", File.ReadAllText(old));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Columns_are_chosen_and_csv_reads_back()
    {
        using var folder = new TemporaryFolder();
        string csv = folder.File("rows.csv");
        Atenea.Run("data", "convert", Golden("codec", "zstd_dict_v2.parquet"), "--output", csv, "--columns", "label", "text")
            .AssertSuccess();
        Assert.StartsWith("label,text\n0,Great food and fast delivery.\n", File.ReadAllText(csv), StringComparison.Ordinal);
        string json = folder.File("rows.jsonl");
        Outcome outcome = Atenea.Run("data", "convert", csv, "--output", json);
        outcome.AssertSuccess();
        Assert.Equal($"60 rows in {json}\n", outcome.Output);
        string[] expected =
        [
            .. File.ReadLines(Golden("expected", "base.jsonl"))
                .Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!),
        ];
        Assert.Equal(expected,
            File.ReadLines(json).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()));
    }

    [Fact]
    public void Json_keeps_its_types_and_becomes_a_row_a_line()
    {
        using var folder = new TemporaryFolder();
        string input = folder.Write("rows.json", "[{\"a\": 1.50, \"b\": [1,\n 2], \"c\": \"1\"}, {\"c\": null, \"a\": true}]");
        string output = folder.File("rows.jsonl");
        Atenea.Run("data", "convert", input, "--output", output).AssertSuccess();
        Assert.Equal("{\"a\":1.50,\"b\":[1,2],\"c\":\"1\"}\n{\"a\":true,\"c\":null}\n", File.ReadAllText(output));
    }

    [Fact]
    public void Head_shows_the_first_rows()
    {
        Outcome table = Atenea.Run("data", "head", Golden("huggingface", "squad.parquet"));
        table.AssertSuccess();
        Assert.Contains("Madrid is the capital of Spain.", table.Output, StringComparison.Ordinal);
        Outcome json = Atenea.Run(
            "data", "head", Golden("codec", "snappy_plain_v1.parquet"), "--rows", "3", "--columns", "label", "--json");
        json.AssertSuccess();
        Assert.Equal(["{\"label\": 0}", "{\"label\": 3}", "{\"label\": 2}"], json.Lines);
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        using var folder = new TemporaryFolder();
        string input = Golden("codec", "snappy_plain_v1.parquet");
        Atenea.Run("data", "convert", input).AssertRefused("ATN0103");
        Atenea.Run("data", "convert", input, "--output", folder.File("rows.xlsx")).AssertRefused("ATN0201");
        Atenea.Run("data", "convert", input, "--output", folder.File("rows.csv"), "--columns", "texts").AssertRefused("ATN0205");
        Atenea.Run("data", "convert", folder.File("none.parquet"), "--output", folder.File("rows.csv")).AssertRefused("ATN0401");
        Atenea.Run("data", "convert", Golden("layout", "duplicate_names.parquet"), "--output", folder.File("rows.csv"))
            .AssertRefused("ATN0434");
        Atenea.Run("data", "head", input, "--rows", "0").AssertRefused("ATN0103");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}
