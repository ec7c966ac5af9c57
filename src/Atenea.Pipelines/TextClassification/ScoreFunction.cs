using Atenea.Hub;
using Atenea.Models;

namespace Atenea.Pipelines;

/// <summary>What turns a classifier's outputs into scores (the <c>function_to_apply</c> of transformers' pipelines).</summary>
public enum ScoreFunction
{
    /// <summary>Probabilities of classes that exclude each other: they sum to 1.</summary>
    Softmax,

    /// <summary>A probability of its own for every class.</summary>
    Sigmoid,

    /// <summary>The outputs as they are.</summary>
    None,
}

/// <summary>Applies a <see cref="ScoreFunction"/>.</summary>
internal static class Scores
{
    /// <summary>The function that a model's outputs call for, decided as transformers decides it.</summary>
    /// <param name="problem">What config.json says; null if it does not.</param>
    /// <param name="labels">Number of outputs.</param>
    public static ScoreFunction FunctionFor(ProblemType? problem, int labels) => problem switch
    {
        ProblemType.Regression => ScoreFunction.None,
        ProblemType.MultiLabelClassification => ScoreFunction.Sigmoid,
        ProblemType.SingleLabelClassification => labels == 1 ? ScoreFunction.Sigmoid : ScoreFunction.Softmax,
        _ => labels == 1 ? ScoreFunction.Sigmoid : ScoreFunction.Softmax,
    };

    /// <summary>Scores of one row of outputs, computed in double precision.</summary>
    /// <param name="function">What turns outputs into scores.</param>
    /// <param name="outputs">One row, [labels].</param>
    /// <param name="temperature">What outputs are divided by before they become probabilities.</param>
    public static float[] Apply(ScoreFunction function, ReadOnlySpan<float> outputs, double temperature)
    {
        Span<double> scores = outputs.Length <= 256 ? stackalloc double[outputs.Length] : new double[outputs.Length];
        LogitScores.Compute(MeaningOf(function), outputs, scores, temperature);
        var rounded = new float[scores.Length];
        for (int i = 0; i < rounded.Length; i++) rounded[i] = (float)scores[i];
        return rounded;
    }

    // The problem type whose scores are computed so.
    private static ProblemType MeaningOf(ScoreFunction function) => function switch
    {
        ScoreFunction.Softmax => ProblemType.SingleLabelClassification,
        ScoreFunction.Sigmoid => ProblemType.MultiLabelClassification,
        _ => ProblemType.Regression,
    };
}
