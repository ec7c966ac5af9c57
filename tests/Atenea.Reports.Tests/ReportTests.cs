namespace Atenea.Reports.Tests;

public class ReportTests
{
    private static Report Sample() => new Report("Run <x>", "a & b")
        .Heading("Result")
        .Notice("12 rows were truncated")
        .Highlights([("accuracy", "0.8067")])
        .Table(new Table([new("epoch", Alignment.Right), new("a|b")]).Add(["1", "x"]).Add(["2", "<y>"], marked: true), "Epochs")
        .Figure(new LineChart("Loss", "step", "loss", [new("train", [new(1, 1), new(2, 0.5)])]))
        .Preformatted("precision  recall\n")
        .Folded("Config", "model: x");

    [Fact]
    public void The_page_needs_nothing_else_and_shows_text_as_it_is()
    {
        string html = Sample().ToHtml();
        Assert.Contains("<title>Run &lt;x&gt;</title>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;y&gt;", html, StringComparison.Ordinal);
        Assert.Contains("<svg", html, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<y>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_says_the_same()
    {
        string expected = """
            # Run \<x\>

            a & b

            ## Result

            > 12 rows were truncated

            - accuracy: **0.8067**

            Epochs

            | epoch | a\|b |
            | ---: | --- |
            | 1 | x |
            | **2** | **\<y\>** |

            Loss

            | step | train |
            | ---: | ---: |
            | 1 | 1 |
            | 2 | 0.5000 |

            ```text
            precision  recall
            ```

            <details><summary>Config</summary>

            ```text
            model: x
            ```

            </details>

            """;
        Assert.Equal(expected, Sample().ToMarkdown());
    }

    [Theory]
    [InlineData(0.4, "0.4 s")]
    [InlineData(12.4, "12 s")]
    [InlineData(185, "3 min 05 s")]
    [InlineData(7800, "2 h 10 min")]
    public void Durations_read_as_people_say_them(double seconds, string expected) => Assert.Equal(expected, Values.Duration(seconds));

    [Theory]
    [InlineData(3, "3")]
    [InlineData(0.80671, "0.8067")]
    [InlineData(5e-5, "5e-5")]
    [InlineData(1234.56, "1234.6")]
    [InlineData(double.NaN, "NaN")]
    public void Numbers_have_the_digits_that_matter(double value, string expected) => Assert.Equal(expected, Values.Number(value));

    [Fact]
    public void Control_characters_do_not_break_the_page() => Assert.Equal("a\ufffdb &amp; c", Html.Escape("a\u0001b & c"));
}
