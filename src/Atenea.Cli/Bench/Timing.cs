using System.Diagnostics;

namespace Atenea.Cli;

/// <summary>The peer kit's measuring loop.</summary>
internal static class Timing
{
    private const int WarmUpSteps = 2;
    private const int FewestSteps = 5;
    private const int MostSteps = 400;

    /// <summary>Runs two steps, then measures steps until the time is over, at least 5 and at most 400.</summary>
    /// <param name="seconds">Time to measure for.</param>
    /// <param name="unitsPerStep">Work of one step in the unit of the result.</param>
    /// <param name="step">The step.</param>
    /// <returns>Units per second of every measured step.</returns>
    public static IReadOnlyList<double> Measure(double seconds, double unitsPerStep, Action step)
    {
        for (int i = 0; i < WarmUpSteps; i++) step();
        var rates = new List<double>(MostSteps);
        long start = Stopwatch.GetTimestamp();
        while (rates.Count < MostSteps && (rates.Count < FewestSteps || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds))
        {
            long stepStart = Stopwatch.GetTimestamp();
            step();
            rates.Add(unitsPerStep / Stopwatch.GetElapsedTime(stepStart).TotalSeconds);
        }

        return rates;
    }
}
