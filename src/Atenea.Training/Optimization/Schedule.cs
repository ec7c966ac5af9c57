using System.Globalization;
using Atenea.Errors;

namespace Atenea.Training;

/// <summary>
/// Learning rate by step: <see cref="At"/>(s) is the rate in force during optimizer step s, counted from 0, so a warm-up's first step has
/// rate 0.
/// The formulas are those of transformers' <c>optimization.py</c> in double precision.
/// </summary>
internal sealed class Schedule
{
    private readonly Func<int, double> _factor;

    private Schedule(double learningRate, Func<int, double> factor)
    {
        LearningRate = learningRate;
        _factor = factor;
    }

    /// <summary>The rate that the factors are relative to.</summary>
    public double LearningRate { get; }

    /// <summary>Learning rate of optimizer step <paramref name="step"/>, from 0.</summary>
    public double At(int step) => LearningRate * _factor(step);

    /// <summary>
    /// Number of warm-up steps: <paramref name="steps"/> itself, or, below 1, that share of all steps rounded up; the ratio counts when
    /// steps is 0.
    /// </summary>
    public static int WarmupSteps(double steps, double ratio, int totalSteps) =>
        steps >= 1 ? (int)steps : (int)Math.Ceiling(totalSteps * (steps > 0 ? steps : ratio));

    /// <summary>Builds a schedule.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="learningRate">The highest rate.</param>
    /// <param name="warmup">Warm-up steps.</param>
    /// <param name="total">All steps of the run.</param>
    /// <param name="settings">Further settings by Hugging Face's names (<c>lr_scheduler_kwargs</c>).</param>
    /// <param name="where">Place for error messages.</param>
    /// <exception cref="AteneaException">A setting is unknown, missing or wrong (ATN0113).</exception>
    public static Schedule Create(
        ScheduleType type, double learningRate, int warmup, int total, IReadOnlyDictionary<string, string>? settings = null,
        string? where = null)
    {
        var further = new Settings(settings ?? new Dictionary<string, string>(), where);
        Func<int, double> factor = type switch
        {
            ScheduleType.Constant => _ => 1,
            ScheduleType.ConstantWithWarmup => WithWarmup(warmup, _ => 1),
            ScheduleType.Linear => WithWarmup(warmup, step => Math.Max(0, (double)(total - step) / Math.Max(1, total - warmup))),
            ScheduleType.Cosine => Cosine(warmup, total, further.Number("num_cycles", 0.5), 0),
            ScheduleType.CosineWithRestarts => Restarts(warmup, total, further.Number("num_cycles", 1)),
            ScheduleType.Polynomial => Polynomial(warmup, total, learningRate, further),
            ScheduleType.InverseSqrt => InverseSquareRoot(warmup, further.Number("timescale", warmup > 0 ? warmup : 10000)),
            ScheduleType.CosineWithMinLr => Cosine(warmup, total, further.Number("num_cycles", 0.5), MinimumRate(further, learningRate)),
            ScheduleType.CosineWarmupWithMinLr => CosineWithRaisedWarmup(warmup, total, learningRate, further),
            ScheduleType.WarmupStableDecay => StableDecay(warmup, total, further),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
        };
        further.RefuseUnread();
        return new Schedule(learningRate, factor);
    }

    private static Func<int, double> WithWarmup(int warmup, Func<int, double> after) =>
        step => step < warmup ? (double)step / Math.Max(1, warmup) : after(step);

    private static double Progress(int step, int warmup, int total) => (double)(step - warmup) / Math.Max(1, total - warmup);

    /// <summary>Not held at the floor beyond the end: it rises again there, as in the reference.</summary>
    private static Func<int, double> Cosine(int warmup, int total, double cycles, double minimum) => WithWarmup(warmup, step =>
        Math.Max(0, (HalfCosine(cycles * 2 * Progress(step, warmup, total)) * (1 - minimum)) + minimum));

    /// <summary>1 at 0, 0 at 1.</summary>
    private static double HalfCosine(double x) => 0.5 * (1 + Math.Cos(Math.PI * x));

    private static Func<int, double> Restarts(int warmup, int total, double cycles) => WithWarmup(warmup, step =>
    {
        double progress = Progress(step, warmup, total);
        return progress >= 1 ? 0 : Math.Max(0, HalfCosine(cycles * progress % 1));
    });

    private static Func<int, double> Polynomial(int warmup, int total, double learningRate, Settings further)
    {
        double end = further.Number("lr_end", 1e-7), power = further.Number("power", 1);
        if (learningRate > 0 && end >= learningRate)
        {
            throw further.Wrong($"lr_end is {end.ToString(CultureInfo.InvariantCulture)}, not below the learning rate",
                "give a smaller lr_end");
        }

        // Where the reference would divide by zero (warm-up over all steps), the decay is over at once.
        return WithWarmup(warmup, step => step > total || total == warmup
            ? end / learningRate
            : (((learningRate - end) * Math.Pow(1 - ((double)(step - warmup) / (total - warmup)), power)) + end) / learningRate);
    }

    private static Func<int, double> InverseSquareRoot(int warmup, double timescale) =>
        WithWarmup(warmup, step => 1 / Math.Sqrt((step + timescale - warmup) / timescale));

    private static double MinimumRate(Settings further, double learningRate)
    {
        double lowest = further.Number("min_lr", double.NaN), share = further.Number("min_lr_rate", double.NaN);
        if (double.IsNaN(lowest) == double.IsNaN(share))
            throw further.Wrong("the schedule needs min_lr or min_lr_rate, and not both", "give lr_scheduler_kwargs one of the two");
        return double.IsNaN(share) ? lowest / learningRate : share;
    }

    private static Func<int, double> CosineWithRaisedWarmup(int warmup, int total, double learningRate, Settings further)
    {
        double minimum = MinimumRate(further, learningRate), cycles = further.Number("num_cycles", 0.5);
        double first = further.Number("warmup_lr_rate", double.NaN);
        return step => step < warmup
            ? double.IsNaN(first) ? (step + 1.0) / Math.Max(1, warmup) : first + ((1 - first) * step / Math.Max(1, warmup - 1))
            : Math.Max(0, (HalfCosine(cycles * 2 * ((step - warmup + 1.0) / Math.Max(1, total - warmup))) * (1 - minimum)) + minimum);
    }

    private static Func<int, double> StableDecay(int warmup, int total, Settings further)
    {
        int decay = (int)further.Number("num_decay_steps", double.NaN);
        int stable = (int)further.Number("num_stable_steps", total - warmup - decay);
        double minimum = further.Number("min_lr_ratio", 0), cycles = further.Number("num_cycles", 0.5);
        Func<double, double> rise = further.Curve("warmup_type", "linear", x => 1 - HalfCosine(x), x => 1 - Math.Sqrt(1 - x), x => x);
        Func<double, double> fall = further.Curve(
            "decay_type", "cosine", x => HalfCosine(cycles * 2 * x), x => 1 - Math.Sqrt(x), x => 1 - x);
        double Above(double factor) => Math.Max(0, (factor * (1 - minimum)) + minimum);
        return step =>
            step < warmup ? Above(rise((double)step / Math.Max(1, warmup)))
            : step < warmup + stable ? 1
            : step < warmup + stable + decay ? Above(fall((double)(step - warmup - stable) / Math.Max(1, decay)))
            : minimum;
    }

    /// <summary>Named settings, each to be read once; what nobody reads is a mistake.</summary>
    private sealed class Settings(IReadOnlyDictionary<string, string> values, string? where)
    {
        private const string Key = "training.lr_scheduler_kwargs";
        private readonly HashSet<string> _read = new(StringComparer.Ordinal);

        public double Number(string name, double otherwise)
        {
            _read.Add(name);
            if (!values.TryGetValue(name, out string? text))
            {
                return name == "num_decay_steps"
                    ? throw Wrong("the schedule needs num_decay_steps", "give lr_scheduler_kwargs num_decay_steps")
                    : otherwise;
            }

            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
                ? value
                : throw Wrong($"{name} takes a number, found '{text}'", $"give {name} a number");
        }

        public Func<double, double> Curve(
            string name, string otherwise, Func<double, double> cosine, Func<double, double> root, Func<double, double> linear)
        {
            _read.Add(name);
            string text = values.GetValueOrDefault(name, otherwise);
            return text switch
            {
                "linear" => linear,
                "cosine" => cosine,
                "1-sqrt" => root,
                _ => throw Wrong($"{name} takes linear, cosine or 1-sqrt, found '{text}'", $"give {name} one of them"),
            };
        }

        public void RefuseUnread()
        {
            if (values.Keys.FirstOrDefault(k => !_read.Contains(k)) is { } unread)
            {
                throw Wrong($"this schedule has no setting '{unread}'",
                    Suggestion.DidYouMean(unread, _read) ?? (_read.Count == 0 ? "remove it" : $"it has {string.Join(", ", _read)}"));
            }
        }

        public AteneaException Wrong(string what, string remedy) => new(Catalogue.ConfigValueWrong, $"{Key}: {what}", where, remedy);
    }
}
