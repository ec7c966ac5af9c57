using System.Globalization;
using System.Text;

namespace Atenea.Reports;

/// <summary>
/// Writes the elements that charts are made of. Coordinates are SVG units; how things look is decided by the classes of the style sheet.
/// </summary>
internal sealed class SvgBuilder
{
    private readonly StringBuilder _svg = new();

    public SvgBuilder(string id, double width, double height, Figure figure)
    {
        _svg.Append($"""<svg class="chart" viewBox="0 0 {Number(width)} {Number(height)}" style="max-width:{Number(width)}px" """)
            .Append($"""role="img" aria-labelledby="{id}-title {id}-text">""").Append('\n')
            .Append($"""<title id="{id}-title">{Html.Escape(figure.Title)}</title>""")
            .Append($"""<desc id="{id}-text">{Html.Escape(figure.Description)}</desc>""").Append('\n');
    }

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        _svg.Append($"""<line class="{style}" x1="{Number(x1)}" y1="{Number(y1)}" x2="{Number(x2)}" y2="{Number(y2)}"/>""").Append('\n');

    public void Rectangle(double x, double y, double width, double height, string style, double? opacity = null, string? hint = null)
    {
        _svg.Append($"<rect class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\"");
        _svg.Append($" width=\"{Number(width)}\" height=\"{Number(height)}\"");
        if (opacity is { } share) _svg.Append($" fill-opacity=\"{Number(share)}\"");
        _svg.Append(hint is null ? "/>\n" : $"><title>{Html.Escape(hint)}</title></rect>\n");
    }

    public void Text(double x, double y, string text, string style, double rotation = 0)
    {
        string turn = rotation == 0 ? "" : $" transform=\"rotate({Number(rotation)} {Number(x)} {Number(y)})\"";
        _svg.Append($"""<text class="{style}" x="{Number(x)}" y="{Number(y)}"{turn}>{Html.Escape(text)}</text>""").Append('\n');
    }

    public void Path(string data, string style) => _svg.Append($"<path class=\"{style}\" d=\"{data}\"/>\n");

    /// <summary>A marker of one of four shapes, so that series differ without colour.</summary>
    public void Marker(double x, double y, int series, string? hint)
    {
        const double r = 3.4;
        string shape = (series % 4) switch
        {
            0 => $"<circle class=\"mark s{series}\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(r)}\"",
            1 => Polygon(series, (x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)),
            2 => Polygon(series, (x, y - r - 1), (x + r + 0.6, y + r), (x - r - 0.6, y + r)),
            _ => Polygon(series, (x, y - r - 1), (x + r + 1, y), (x, y + r + 1), (x - r - 1, y)),
        };
        string element = series % 4 == 0 ? "circle" : "polygon";
        _svg.Append(shape).Append(hint is null ? "/>\n" : $"><title>{Html.Escape(hint)}</title></{element}>\n");
    }

    public override string ToString() => _svg + "</svg>\n";

    /// <summary>At most two decimals: a hundredth of a unit is not to be seen.</summary>
    public static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Polygon(int series, params ReadOnlySpan<(double X, double Y)> corners)
    {
        var points = new StringBuilder();
        foreach ((double x, double y) in corners) points.Append(Number(x)).Append(',').Append(Number(y)).Append(' ');
        return $"<polygon class=\"mark s{series}\" points=\"{points.ToString().TrimEnd()}\"";
    }
}
