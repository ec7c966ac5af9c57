using Atenea.Errors;

namespace Atenea.Data.Tests;

/// <summary>A run reads strictly: the first problem ends it, with a code and the right line.</summary>
public class StrictReadingTests
{
    [Theory]
    [InlineData("ragged_rows.csv", "ATN0203", 5)]
    [InlineData("unbalanced_quote.csv", "ATN0202", 9)]
    [InlineData("unbalanced_quote_closed_later.csv", "ATN0202", 9)]
    [InlineData("backslash_quotes.csv", "ATN0221", 2)]
    [InlineData("cp1252_in_utf8.csv", "ATN0216", 3)]
    [InlineData("truncated_utf8.csv", "ATN0217", 13)]
    [InlineData("utf16le_no_bom.csv", "ATN0204", 0)]
    [InlineData("broken_line.jsonl", "ATN0202", 7)]
    [InlineData("last_line_cut.jsonl", "ATN0202", 24)]
    [InlineData("columns.json", "ATN0227", 0)]
    [InlineData("gzip_named.csv", "ATN0214", 0)]
    [InlineData("ner_bad.conll", "ATN0243", 9)]
    [InlineData("sts_bad.tsv", "ATN0203", 8)]
    public void The_first_problem_ends_the_reading(string name, string code, int line)
    {
        AteneaException error = Assert.Throws<AteneaException>(() => Dataset.Read(Repository.Data("bad", name)));
        Assert.Equal(code, error.Code.Id);
        Assert.Contains(name, error.Where!, StringComparison.Ordinal);
        if (line > 0) Assert.EndsWith($": line {line}", error.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_can_be_skipped_and_counted()
    {
        var log = new ReadingLog(tolerant: true);
        Dataset data = Dataset.Read(Repository.Data("bad", "ragged_rows.csv"), log: log);
        Assert.Equal(21, data.Count);
        Assert.Equal(3, log.SkippedRows);
        Assert.Equal([5L, 10, 13], data.Findings.Single(f => f.Code == Catalogue.RowRagged).Lines);
        Assert.Equal(23, Dataset.Read(Repository.Data("bad", "broken_line.jsonl"), log: new ReadingLog(tolerant: true)).Count);
    }

    [Fact]
    public void Layouts_that_are_a_guess_are_read_when_they_are_named()
    {
        Assert.Equal(24,
            Dataset.Read(Repository.Data("bad", "columns.json"), options: new ReadOptions { Format = DataFormat.JsonColumns }).Count);
        Assert.Equal(24, Dataset.Read(Repository.Data("bad", "nested_data.json"), options: new ReadOptions { Field = "data" }).Count);
        Dataset wide = Dataset.Read(Repository.Data("bad", "utf16le_no_bom.csv"), options: new ReadOptions { Encoding = "utf-16-le" });
        Assert.Equal(Dataset.Read(Repository.Data("bad", "utf16le_bom.csv")).Column("text"), wide.Column("text"));
        Dataset named = Dataset.Read(Repository.Data("bad", "no_header.csv"), options: new ReadOptions { ColumnNames = ["text", "label"] });
        Assert.Equal(24, named.Count);
        Assert.Equal(Dataset.Read(Repository.Data("bad", "good.csv")).Column("label"), named.Column("label"));
        Assert.Equal("ATN0252", Assert.Throws<AteneaException>(
            () => Dataset.Read(Repository.Data("bad", "good.csv"), options: new ReadOptions { Encoding = "utf9" })).Code.Id);
    }

    [Fact]
    public void Texts_survive_their_encoding_and_their_quotes()
    {
        Dataset good = Dataset.Read(Repository.Data("bad", "semicolon.csv"));
        Assert.Equal(good.Column("text"), Dataset.Read(Repository.Data("bad", "cp1252.csv")).Column("text"));
        Assert.Equal("Fresh \"sourdough\" bread warm welcome.",
            Dataset.Read(Repository.Data("bad", "stray_quotes.csv")).Column("text")[21]);
        Assert.Equal("5\" disk", ReadText("text,label\n5\" disk,1\nplain,2\n"));
        Assert.Equal("ab", ReadText("text,label\na\0b,1\nplain,2\n"));
    }

    private static string? ReadText(string content)
    {
        using var folder = new TemporaryFolder();
        return Dataset.Read(folder.Write("a.csv", content)).Column("text")[0];
    }
}
