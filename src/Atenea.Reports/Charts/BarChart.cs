namespace Atenea.Reports;

/// <summary>One bar.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its length, not negative.</param>
/// <param name="Note">A word after the value, or null.</param>
public sealed record Bar(string Name, double Value, string? Note = null);

/// <summary>Horizontal bars from 0, one per line, with their values written out.</summary>
public sealed class BarChart : Figure
{
    private const double Width = 720, Row = 26, Top = 8, Bottom = 44, Letter = 7.2;
    private readonly IReadOnlyList<Bar> _bars;
    private readonly string _valueLabel;
    private readonly double? _maximum;

    /// <summary>Creates a chart.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="valueLabel">Name and unit of the values.</param>
    /// <param name="bars">The bars, from the top.</param>
    /// <param name="maximum">End of the scale; null takes it from the values.</param>
    public BarChart(string title, string valueLabel, IReadOnlyList<Bar> bars, double? maximum = null)
        : base(title, string.Join(", ", bars.Select(b => $"{b.Name} {Values.Number(b.Value)}")))
    {
        (_bars, _valueLabel, _maximum) = (bars, valueLabel, maximum);
    }

    /// <inheritdoc/>
    public override string ToSvg(string id)
    {
        double height = Top + Bottom + (Row * _bars.Count);
        var svg = new SvgBuilder(id, Width, height, this);
        double left = Math.Min(260, 24 + (Letter * _bars.Select(b => Values.Shorten(b.Name, 32).Length).DefaultIfEmpty(0).Max()));
        double right = Width - 16 - (Letter * _bars.Select(b => ValueText(b).Length).DefaultIfEmpty(0).Max());
        double[] finite = [.. _bars.Select(b => b.Value).Where(double.IsFinite)];
        Axis axis = Axis.Covering(0, _maximum ?? finite.DefaultIfEmpty(1).Max());
        double Across(double value) => left + ((right - left) * axis.Share(value));

        foreach (double tick in axis.Ticks)
        {
            svg.Line(Across(tick), Top, Across(tick), height - Bottom, "grid");
            svg.Text(Across(tick), height - Bottom + 18, axis.Label(tick), "tick middle");
        }

        for (int i = 0; i < _bars.Count; i++)
        {
            double y = Top + (Row * i), value = double.IsFinite(_bars[i].Value) ? Math.Max(0, _bars[i].Value) : 0;
            svg.Text(left - 8, y + (Row / 2) + 4, Values.Shorten(_bars[i].Name, 32), "label end");
            svg.Rectangle(left, y + 4, Across(value) - left, Row - 8, "bar", hint: $"{_bars[i].Name}: {ValueText(_bars[i])}");
            svg.Text(Across(value) + 6, y + (Row / 2) + 4, ValueText(_bars[i]), "label");
        }

        svg.Line(left, Top, left, height - Bottom, "axis");
        svg.Text((left + right) / 2, height - 8, _valueLabel, "label middle");
        return svg.ToString();
    }

    /// <inheritdoc/>
    public override Table ToTable()
    {
        var table = new Table([new Column("", Alignment.Left), new Column(_valueLabel, Alignment.Right)]);
        foreach (Bar bar in _bars) table.Add([bar.Name, ValueText(bar)]);
        return table;
    }

    private static string ValueText(Bar bar) =>
        bar.Note is null ? Values.Number(bar.Value) : $"{Values.Number(bar.Value)} {bar.Note}";
}
