using System.Text;

namespace Atenea.Reports;

/// <summary>A point of a line.</summary>
/// <param name="X">Horizontal value.</param>
/// <param name="Y">Vertical value; one that is not finite breaks the line.</param>
public readonly record struct Point(double X, double Y);

/// <summary>One line of a chart.</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="Points">Its points, by rising X.</param>
public sealed record Series(string Name, IReadOnlyList<Point> Points);

/// <summary>
/// Lines over one horizontal axis. Series differ by colour, dash and marker; up to a few dozen points are marked, with their values as
/// hints.
/// </summary>
public sealed class LineChart : Figure
{
    private const double Width = 720, Height = 340, Left = 62, Right = 18, Top = 40, Bottom = 46;
    private const int MarkedPoints = 40;
    private const int Styles = 6;

    private readonly string _xLabel;
    private readonly string _yLabel;
    private readonly IReadOnlyList<Series> _series;
    private readonly bool _wholeX;

    /// <summary>Creates a chart.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="xLabel">Name and unit of the horizontal axis.</param>
    /// <param name="yLabel">Name and unit of the vertical axis.</param>
    /// <param name="series">The lines; those without points are left out.</param>
    /// <param name="wholeX">Whether horizontal values are whole numbers, such as steps.</param>
    public LineChart(string title, string xLabel, string yLabel, IReadOnlyList<Series> series, bool wholeX = true)
        : base(title, Describe(series))
    {
        (_xLabel, _yLabel, _wholeX) = (xLabel, yLabel, wholeX);
        _series = [.. series.Where(s => s.Points.Any(IsFinite))];
    }

    /// <inheritdoc/>
    public override string ToSvg(string id)
    {
        var svg = new SvgBuilder(id, Width, Height, this);
        Point[] all = [.. _series.SelectMany(s => s.Points).Where(IsFinite)];
        if (all.Length == 0)
        {
            svg.Text(Width / 2, Height / 2, "no values", "label middle");
            return svg.ToString();
        }

        Axis x = Axis.Covering(all.Min(p => p.X), all.Max(p => p.X), 8, _wholeX), y = Axis.Covering(all.Min(p => p.Y), all.Max(p => p.Y));
        double xLow = all.Min(p => p.X), xHigh = all.Max(p => p.X);
        bool tight = xHigh > xLow; // The horizontal scale ends with the data: a run's last step is its right edge.
        double Across(double value) => Left + ((Width - Left - Right) * (tight ? (value - xLow) / (xHigh - xLow) : x.Share(value)));
        double Up(double value) => Height - Bottom - ((Height - Top - Bottom) * y.Share(value));

        foreach (double tick in y.Ticks)
        {
            svg.Line(Left, Up(tick), Width - Right, Up(tick), "grid");
            svg.Text(Left - 8, Up(tick) + 4, y.Label(tick), "tick end");
        }

        foreach (double tick in x.Ticks.Where(t => !tight || (t >= xLow - 1e-9 && t <= xHigh + 1e-9)))
        {
            svg.Line(Across(tick), Height - Bottom, Across(tick), Height - Bottom + 5, "axis");
            svg.Text(Across(tick), Height - Bottom + 18, x.Label(tick), "tick middle");
        }

        svg.Line(Left, Height - Bottom, Width - Right, Height - Bottom, "axis");
        svg.Text((Left + Width - Right) / 2, Height - 8, _xLabel, "label middle");
        svg.Text(16, (Top + Height - Bottom) / 2, _yLabel, "label middle", -90);
        for (int s = 0; s < _series.Count; s++) Draw(svg, s, Across, Up);
        Legend(svg);
        return svg.ToString();
    }

    /// <inheritdoc/>
    public override Table ToTable()
    {
        double[] xs = [.. _series.SelectMany(s => s.Points).Select(p => p.X).Distinct().Order()];
        Dictionary<double, double>[] lines = [.. _series.Select(s => s.Points.DistinctBy(p => p.X).ToDictionary(p => p.X, p => p.Y))];
        var table = new Table([new Column(_xLabel, Alignment.Right), .. _series.Select(s => new Column(s.Name, Alignment.Right))]);
        foreach (double x in xs)
            table.Add([Values.Number(x), .. lines.Select(line => line.TryGetValue(x, out double y) ? Values.Number(y) : "")]);
        return table;
    }

    private static bool IsFinite(Point p) => double.IsFinite(p.X) && double.IsFinite(p.Y);

    private static string Describe(IReadOnlyList<Series> series)
    {
        var text = new StringBuilder();
        foreach (Series s in series)
        {
            Point[] points = [.. s.Points.Where(IsFinite)];
            if (points.Length == 0) continue;
            Point low = points.MinBy(p => p.Y), high = points.MaxBy(p => p.Y);
            text.Append($"{s.Name}: from {Values.Number(points[0].Y)} to {Values.Number(points[^1].Y)}, ")
                .Append($"lowest {Values.Number(low.Y)} at {Values.Number(low.X)}, ")
                .Append($"highest {Values.Number(high.Y)} at {Values.Number(high.X)}. ");
        }

        return text.ToString().TrimEnd();
    }

    private static string StyleOf(int s) => $"line s{s % Styles}";

    private void Draw(SvgBuilder svg, int s, Func<double, double> across, Func<double, double> up)
    {
        var path = new StringBuilder();
        bool drawing = false;
        foreach (Point p in _series[s].Points)
        {
            if (!IsFinite(p))
            {
                drawing = false;
                continue;
            }

            path.Append(drawing ? 'L' : 'M').Append(SvgBuilder.Number(across(p.X))).Append(' ').Append(SvgBuilder.Number(up(p.Y)));
            drawing = true;
        }

        svg.Path(path.ToString(), StyleOf(s));
        if (_series[s].Points.Count > MarkedPoints) return;
        foreach (Point p in _series[s].Points.Where(IsFinite))
            svg.Marker(across(p.X), up(p.Y), s % Styles, $"{_series[s].Name}: {Values.Number(p.Y)} at {Values.Number(p.X)}");
    }

    private void Legend(SvgBuilder svg)
    {
        const double sample = 28, gap = 8, letter = 6.9;
        double x = Left;
        for (int s = 0; s < _series.Count; s++)
        {
            svg.Path($"M{SvgBuilder.Number(x)} 18L{SvgBuilder.Number(x + sample)} 18", StyleOf(s));
            if (_series[s].Points.Count <= MarkedPoints) svg.Marker(x + (sample / 2), 18, s % Styles, null);
            svg.Text(x + sample + gap, 22, _series[s].Name, "label");
            x += sample + gap + (_series[s].Name.Length * letter) + 22;
        }
    }
}
