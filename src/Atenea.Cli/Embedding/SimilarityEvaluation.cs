using System.Globalization;
using System.Text.Json.Nodes;
using Atenea.Errors;
using Atenea.Pipelines;
using Atenea.Training;

namespace Atenea.Cli;

/// <summary>
/// How well the cosines between a model's vectors agree with people's scores of the same pairs, as the semantic textual similarity tasks
/// measure it
/// (Cer et al. 2017, section 5).
/// </summary>
/// <param name="Pairs">Number of pairs.</param>
/// <param name="Spearman">Correlation of the ranks.</param>
/// <param name="Pearson">Linear correlation.</param>
internal sealed record SimilarityEvaluation(int Pairs, double Spearman, double Pearson)
{
    /// <summary>Evaluates a model on a file of pairs.</summary>
    /// <param name="pipeline">The model.</param>
    /// <param name="file">A file with three columns.</param>
    /// <param name="first">Column of the first texts.</param>
    /// <param name="second">Column of the second texts.</param>
    /// <param name="score">Column of the scores.</param>
    /// <exception cref="AteneaException">The file cannot be read or lacks a column (ATN02xx), or a score is no number
    /// (ATN0103).</exception>
    public static SimilarityEvaluation Of(SentenceEmbeddingPipeline pipeline, string file, string first, string second, string score)
    {
        var truth = new List<double>();
        double[] cosines = [.. pipeline.SimilarityStream(PredictionRow.FromFile(file).Select(row =>
        {
            string text = row.Get(score);
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
                throw new AteneaException(Catalogue.ArgumentWrong, $"the score '{text}' is no number", $"{file}: row {truth.Count + 1}", "name the column of the scores with --label");
            truth.Add(number);
            return new TextInput(row.Get(first), row.Get(second));
        }))];
        var scores = new RegressionScores(truth.ToArray(), cosines);
        return new SimilarityEvaluation(truth.Count, scores.Spearman, scores.Pearson);
    }

    /// <summary>The figures under the names of the metrics.</summary>
    public JsonObject ToJson() => new() { ["pairs"] = Pairs, ["spearman"] = Number(Spearman), ["pearson"] = Number(Pearson) };

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Pairs} pairs: Spearman {Spearman:0.0000}, Pearson {Pearson:0.0000}");

    // JSON knows no NaN: a correlation of constants is null.
    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
