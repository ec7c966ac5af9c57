using Atenea.Errors;

namespace Atenea.Training;

/// <summary>Which of two evaluations is better. The earlier one stays best when they are equal, as with transformers.</summary>
internal sealed class BestModelRule
{
    private static readonly HashSet<string> Errors = new(StringComparer.Ordinal) { "mse", "rmse", "mae", "perplexity" };

    private BestModelRule(string metric, bool greaterIsBetter, bool isAsked) =>
        (Metric, GreaterIsBetter, IsAsked) = (metric, greaterIsBetter, isAsked);

    /// <summary>Name of the deciding metric, without <c>eval_</c>.</summary>
    public string Metric { get; }

    /// <summary>Whether more of it is better.</summary>
    public bool GreaterIsBetter { get; }

    /// <summary>Whether the config asks for the best model; else the final one is the run's result.</summary>
    public bool IsAsked { get; }

    /// <summary>Reads the rule from a config.</summary>
    /// <param name="options">The training section.</param>
    /// <param name="known">The metrics that evaluations give.</param>
    /// <exception cref="AteneaException">The metric is none of them (ATN0704).</exception>
    public static BestModelRule From(TrainingOptions options, IReadOnlyList<string> known)
    {
        string written = options.MetricForBestModel ?? "loss";
        string metric = written.StartsWith("eval_", StringComparison.Ordinal) ? written["eval_".Length..] : written;
        if (!known.Contains(metric))
        {
            throw new AteneaException(Catalogue.MetricUnknown, $"'{written}'; the metrics are {string.Join(", ", known)}",
                "training.metric_for_best_model", Suggestion.DidYouMean(metric, known));
        }

        bool greater = options.GreaterIsBetter ?? !(metric.EndsWith("loss", StringComparison.Ordinal) || Errors.Contains(metric));
        bool asked = options.EvalStrategy != IntervalStrategy.No
            && (options.LoadBestModelAtEnd || options.MetricForBestModel is not null || options.SaveStrategy == SaveStrategy.Best);
        return new BestModelRule(metric, greater, asked);
    }

    /// <summary>Whether a value is better than the best so far; NaN never is.</summary>
    public bool Improves(double value, double? best) =>
        !double.IsNaN(value) && (best is not { } b || (GreaterIsBetter ? value > b : value < b));
}
