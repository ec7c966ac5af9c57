using Atenea.Errors;

namespace Atenea.Data.Tests;

public class TableReaderTests
{
    [Fact]
    public void Csv_follows_rfc_4180_and_knows_its_lines()
    {
        using var folder = new TemporaryFolder();
        using TableReader reader = TableReader.Open(folder.Write("a.csv",
            "\uFEFFtext,label\r\n\"one, \"\"two\"\"\r\nthree\",a\r\n\r\nlast,\"\"\r\n"));
        Assert.Equal(["text", "label"], reader.Columns);
        Assert.True(reader.Read());
        Assert.Equal(["one, \"two\"\r\nthree", "a"], reader.Cells);
        Assert.Equal(2, reader.Line);
        Assert.True(reader.Read());
        Assert.Equal(["last", ""], reader.Cells);
        Assert.Equal(5, reader.Line);
        Assert.False(reader.Read());
    }

    [Fact]
    public void Tsv_keeps_commas_and_quotation_marks()
    {
        using var folder = new TemporaryFolder();
        Dataset data = Dataset.Read(folder.Write("a.tsv", "a\tb\n1,5\t\"2\" or 6\n\"open\tend\n"));
        Assert.Equal(["1,5", "\"open"], data.Column("a"));
        Assert.Equal(["\"2\" or 6", "end"], data.Column("b"));
    }

    [Fact]
    public void A_column_without_a_name_is_left_out()
    {
        using var folder = new TemporaryFolder();
        Dataset data = Dataset.Read(folder.Write("pandas.csv", ",text,label\n0,hello,a\n1,bye,b\n"));
        Assert.Equal(["text", "label"], data.Columns);
        Assert.Equal(["hello", "bye"], data.Column("text"));
    }

    [Fact]
    public void Blank_lines_before_the_header_are_passed_over()
    {
        using var folder = new TemporaryFolder();
        Dataset data = Dataset.Read(folder.Write("a.csv", "\n\ntext,label\nx,a\n"));
        Assert.Equal(["text", "label"], data.Columns);
        Assert.Equal(4, data.Line(0));
        Assert.Equal(2, data.BlankLines);
    }

    [Fact]
    public void Json_lines_keep_values_as_written_and_grow_columns()
    {
        using var folder = new TemporaryFolder();
        Dataset data = Dataset.Read(folder.Write("a.jsonl",
            "{\"text\": \"caf\\u00e9\", \"score\": 1.50}\n\n{\"text\": null, \"tags\": [\"a\", \"b\"], \"ok\": true}\r\n"));
        Assert.Equal(["text", "score", "tags", "ok"], data.Columns);
        Assert.Equal(["café", null], data.Column("text"));
        Assert.Equal(["1.50", null], data.Column("score"));
        Assert.Equal([null, "[\"a\", \"b\"]"], data.Column("tags"));
        Assert.Equal([null, "true"], data.Column("ok"));
        Assert.Equal(3, data.Line(1));
        Assert.Equal(1, data.BlankLines);
    }

    [Fact]
    public void A_json_list_is_read_with_its_lines()
    {
        using var folder = new TemporaryFolder();
        Dataset data = Dataset.Read(folder.Write("a.json", "[\n  {\"text\": \"x\"},\n  {\n   \"text\": \"y\"}]\n"));
        Assert.Equal(["x", "y"], data.Column("text"));
        Assert.Equal(2, data.Line(0));
        Assert.Equal(3, data.Line(1));
    }

    [Theory]
    [InlineData("a.json", "[{\"text\": \"x\"}")]
    [InlineData("a.json", "[{\"text\": \"x\"}] x")]
    [InlineData("a.json", "[{\"text\": \"x\"}, 3]")]
    [InlineData("a.json", "[{\"text\": \"\\ud800\"}]")]
    [InlineData("a.jsonl", "{\"text\": \"x\"} {\"text\": \"y\"}")]
    [InlineData("a.jsonl", "3")]
    [InlineData("a.csv", "text,text\n1,2\n")]
    [InlineData("a.csv", "text,label\n\"x\"y,2\n")]
    [InlineData("a.csv", "text,label\n\"x,\ny\" z,2\n")]
    public void Malformed_files_have_a_code(string name, string content)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("ATN0202", Assert.Throws<AteneaException>(() => Dataset.Read(folder.Write(name, content))).Code.Id);
    }

    [Fact]
    public void Text_files_are_rows_of_lines()
    {
        using var folder = new TemporaryFolder();
        Dataset data = Dataset.Read(folder.Write("a.txt", "first\r\n\nthird"));
        Assert.Equal(["first", "", "third"], data.Column("text"));
    }

    [Fact]
    public void A_line_longer_than_the_buffer_is_read_whole()
    {
        using var folder = new TemporaryFolder();
        string longLine = new('x', 300_000);
        Dataset data = Dataset.Read(folder.Write("a.txt", $"short\n{longLine}\nend\n"));
        Assert.Equal(["short", longLine, "end"], data.Column("text"));
    }

    [Fact]
    public void Wrong_files_have_codes()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("ATN0401", Assert.Throws<AteneaException>(() => Dataset.Read("none.csv")).Code.Id);
        Assert.Equal("ATN0401", Assert.Throws<AteneaException>(() => Dataset.Read("none")).Code.Id);
        Assert.Equal("ATN0201", Assert.Throws<AteneaException>(() => Dataset.Read(folder.Write("a.xlsx", ""))).Code.Id);
        Assert.Equal("ATN0422", Assert.Throws<AteneaException>(() => Dataset.Read(folder.Write("a.parquet", "PAR1"))).Code.Id);
        Directory.CreateDirectory(Path.Combine(folder.Path, "folder.csv"));
        Assert.Equal("ATN0402", Assert.Throws<AteneaException>(() => Dataset.Read(Path.Combine(folder.Path, "folder.csv"))).Code.Id);
    }

    [Fact]
    public void Damaged_bytes_never_do_worse_than_a_coded_error()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(3);
        foreach (string name in new[] { "good.csv", "embedded_newlines.csv", "good.jsonl", "array.json" })
        {
            byte[] good = File.ReadAllBytes(Repository.Data("bad", name));
            for (int round = 0; round < 300; round++)
            {
                byte[] bytes = (byte[])good.Clone();
                for (int changes = random.Next(1, 5); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                string path = Path.Combine(folder.Path, "damaged" + Path.GetExtension(name));
                File.WriteAllBytes(path, bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)]);
                try
                {
                    Dataset data = Dataset.Read(path);
                    Assert.All(data.Columns, column => Assert.Equal(data.Count, data.Column(column).Count));
                }
                catch (AteneaException error)
                {
                    Assert.StartsWith("ATN02", error.Code.Id, StringComparison.Ordinal);
                }
            }
        }
    }
}
