using System.Text;
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
}
