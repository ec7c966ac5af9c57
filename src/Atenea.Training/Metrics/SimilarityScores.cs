using System.Text.Json.Nodes;

namespace Atenea.Training;

/// <summary>
/// How well the cosines between a model's vectors agree with people's scores of the same pairs, as the semantic textual similarity tasks
/// measure it (Cer et al. 2017, section 5).
/// </summary>
/// <param name="Pairs">Number of pairs.</param>
/// <param name="Spearman">Correlation of the ranks; NaN where it is undefined.</param>
/// <param name="Pearson">Linear correlation; NaN where it is undefined.</param>
public sealed record SimilarityScores(int Pairs, double Spearman, double Pearson)
{
    /// <summary>Computes them.</summary>
    /// <param name="truth">People's scores.</param>
    /// <param name="cosines">The cosines, in the same order.</param>
    public static SimilarityScores Of(ReadOnlySpan<double> truth, ReadOnlySpan<double> cosines)
    {
        var scores = new RegressionScores(truth, cosines);
        return new SimilarityScores(truth.Length, scores.Spearman, scores.Pearson);
    }

    /// <summary>The figures under the names of the metrics; null for NaN, which JSON does not know.</summary>
    public JsonObject ToJson() => new() { ["pairs"] = Pairs, ["spearman"] = Number(Spearman), ["pearson"] = Number(Pearson) };

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{Pairs} pairs: Spearman {Spearman:0.0000}, Pearson {Pearson:0.0000}");

    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
