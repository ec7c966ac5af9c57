using System.Text;
using Atenea.Data;
using Atenea.Errors;

namespace Atenea.Pipelines.Tests;

public class TextRowTests
{
    [Fact]
    public void Lines_of_a_stream_are_texts()
    {
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes("café bueno\n\nñandú"));
        Assert.Equal(["café bueno", "", "ñandú"], TextRow.FromLines(bytes).Select(row => row.Get("text")));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused_and_not_replaced()
    {
        using var bytes = new MemoryStream(Encoding.Latin1.GetBytes("bueno\ncafé bueno\n"));
        AteneaException error = Assert.Throws<AteneaException>(() => TextRow.FromLines(bytes).Count());
        Assert.Equal(Catalogue.TextEncodingInvalid, error.Code);
    }

    [Fact]
    public void A_text_is_that_of_the_named_column_else_of_the_models_else_of_the_usual_one()
    {
        var row = new TextRow(new Dictionary<string, string?> { ["text"] = "usual", ["body"] = "trained", ["note"] = null });
        var trained = new ModelSettings { Text = "body" };
        Assert.Equal("usual", row.Text(null, ModelSettings.None));
        Assert.Equal("trained", row.Text(null, trained));
        Assert.Equal("usual", row.Text("text", trained));
        Assert.Equal("usual", row.Text(null, new ModelSettings { Text = "absent" }));
        Assert.Null(row.Find("absent"));
        Assert.Equal("ATN0205", Assert.Throws<AteneaException>(() => row.Text("note", trained)).Code.Id);
        Assert.Equal("ATN0205", Assert.Throws<AteneaException>(() => row.Text("absent", trained)).Code.Id);
    }

    [Fact]
    public void A_column_that_is_not_there_is_named_with_the_line_and_the_nearest_one()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("atenea-rows-").FullName, "rows.csv");
        File.WriteAllText(file, "textt,score\none,1.5\ntwo,many\n");
        TextRow[] rows = [.. TextRow.FromFile(file)];
        AteneaException missing = Assert.Throws<AteneaException>(() => rows[0].Get("text"));
        Assert.Contains("did you mean 'textt'?", missing.Remedy, StringComparison.Ordinal);
        Assert.Contains("line 2", missing.Where, StringComparison.Ordinal);
        Assert.Equal(1.5, rows[0].Number("score"));
        AteneaException wrong = Assert.Throws<AteneaException>(() => rows[1].Number("score"));
        Assert.Equal("ATN0103", wrong.Code.Id);
        Assert.Contains("line 3", wrong.Where, StringComparison.Ordinal);
        File.WriteAllText(file, "text\n");
        Assert.Equal("ATN0206", Assert.Throws<AteneaException>(() => TextRow.FromFile(file).Count()).Code.Id);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }
}
