using System.Xml.Linq;

namespace Atenea.Reports.Tests;

public class FigureTests
{
    private static readonly Series[] Lines =
    [
        new("train <loss>", [new(1, 1.2), new(2, double.NaN), new(3, 0.7)]),
        new("eval \"loss\" & more", [new(1, 1.0), new(3, 0.9)]),
        new("nothing", []),
    ];

    public static TheoryData<string> Names => ["line", "bar", "heat", "empty line", "no bars"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_picture_is_well_formed_and_has_a_title_and_a_description(string name)
    {
        XElement svg = XElement.Parse(Make(name).ToSvg("f1"));
        Assert.Equal("img", svg.Attribute("role")!.Value);
        Assert.Equal("f1-title f1-text", svg.Attribute("aria-labelledby")!.Value);
        Assert.Equal(Make(name).Title, svg.Element("title")!.Value);
        Assert.NotNull(svg.Element("desc"));
    }

    [Fact]
    public void A_value_that_is_not_finite_breaks_the_line()
    {
        XElement svg = XElement.Parse(Make("line").ToSvg("f"));
        string path = svg.Elements("path").First().Attribute("d")!.Value;
        Assert.Equal(2, path.Count(c => c == 'M'));
        Assert.DoesNotContain("NaN", path, StringComparison.Ordinal);
    }

    [Fact]
    public void Series_differ_without_colour_and_only_those_with_points_are_in_the_legend()
    {
        XElement svg = XElement.Parse(Make("line").ToSvg("f"));
        Assert.Contains(svg.Elements("circle"), e => e.Attribute("class")!.Value.EndsWith("s0", StringComparison.Ordinal));
        Assert.Contains(svg.Elements("polygon"), e => e.Attribute("class")!.Value.EndsWith("s1", StringComparison.Ordinal));
        Assert.DoesNotContain("nothing", svg.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_of_a_chart_has_a_row_for_every_x()
    {
        Table table = Make("line").ToTable();
        Assert.Equal(["1", "2", "3"], table.Rows.Select(r => r[0]));
        Assert.Equal(["3", "0.7000", "0.9000"], table.Rows[2]);
        Assert.Equal("", table.Rows[1][2]);
    }

    [Fact]
    public void Cells_of_a_heat_map_are_as_strong_as_their_share_of_the_row()
    {
        XElement svg = XElement.Parse(Make("heat").ToSvg("f"));
        string[] shares = [.. svg.Elements("rect").Select(r => r.Attribute("fill-opacity")?.Value).OfType<string>()];
        Assert.Equal(["0.9", "0.1", "0", "0"], shares);
        Assert.Equal("2 by 2 counts. joy: 9 of 10 right. none: 0 of 0 right.", svg.Element("desc")!.Value);
    }

    private static Figure Make(string name) => name switch
    {
        "line" => new LineChart("Loss", "step", "loss", Lines),
        "empty line" => new LineChart("Loss", "step", "loss", []),
        "bar" => new BarChart(
            "F1 <per class>", "F1", [new("joy", 0.8, "(12)"), new("a very long name indeed that goes on", double.NaN)], 1),
        "no bars" => new BarChart("F1", "F1", []),
        "heat" => new HeatMap("Confusion", "true", "predicted", ["joy", "none"], [[9, 1], [0, 0]]),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
