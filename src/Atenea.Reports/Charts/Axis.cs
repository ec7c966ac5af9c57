using System.Globalization;

namespace Atenea.Reports;

/// <summary>A linear scale with ticks at round numbers: steps of 1, 2 or 5 times a power of ten.</summary>
internal sealed class Axis
{
    private readonly double _step;

    private Axis(double first, double step, int count)
    {
        _step = step;
        Ticks = [.. Enumerable.Range(0, count).Select(i => first + (i * step))];
    }

    /// <summary>The values that are marked; the scale runs from the first to the last.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Lower end of the scale.</summary>
    public double Minimum => Ticks[0];

    /// <summary>Upper end of the scale.</summary>
    public double Maximum => Ticks[^1];

    /// <summary>A scale that covers the values.</summary>
    /// <param name="minimum">Smallest value.</param>
    /// <param name="maximum">Largest value.</param>
    /// <param name="about">About so many ticks.</param>
    /// <param name="whole">Whether ticks must be whole numbers.</param>
    public static Axis Covering(double minimum, double maximum, int about = 6, bool whole = false)
    {
        if (!(maximum > minimum))
        {
            double room = minimum == 0 ? 1 : Math.Abs(minimum) * 0.1;
            (minimum, maximum) = (minimum - (whole ? 0 : room), maximum + (whole ? 1 : room));
        }

        double raw = (maximum - minimum) / Math.Max(1, about - 1), power = Math.Pow(10, Math.Floor(Math.Log10(raw))), lead = raw / power;
        double step = (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10) * power;
        if (whole) step = Math.Max(1, Math.Round(step));
        const double slack = 1e-9; // A value on a tick must not open another step because of rounding.
        double first = Math.Floor((minimum / step) + slack), last = Math.Ceiling((maximum / step) - slack);
        return new Axis(first * step, step, (int)(last - first) + 1);
    }

    /// <summary>Where a value lies, 0 at the lower and 1 at the upper end.</summary>
    public double Share(double value) => (value - Minimum) / (Maximum - Minimum);

    /// <summary>A tick's label, with as many decimals as the step has.</summary>
    public string Label(double tick)
    {
        int decimals = Math.Clamp((int)-Math.Floor(Math.Log10(_step) + 1e-9), 0, 12);
        double shown = Math.Round(tick, decimals) + 0.0; // no "-0"
        return shown.ToString($"N{decimals}", CultureInfo.InvariantCulture).Replace(",", " ", StringComparison.Ordinal);
    }
}
