using System.Numerics;
using Atenea.Hub;

namespace Atenea.Models;

/// <summary>From a classifier's logits to what people read.</summary>
public static class LogitScores
{
    /// <summary>
    /// The scores of one sequence: softmax over the classes (single label), a sigmoid each (several labels), the numbers themselves
    /// (regression). Computed in double precision.
    /// </summary>
    /// <param name="problem">What the outputs mean.</param>
    /// <param name="logits">One row of logits, [labels].</param>
    /// <param name="scores">Receives as many scores.</param>
    /// <param name="temperature">What logits are divided by before they become probabilities (Guo et al. 2017, section 4.2).</param>
    public static void Compute(ProblemType problem, ReadOnlySpan<float> logits, Span<double> scores, double temperature = 1)
    {
        switch (problem)
        {
            case ProblemType.SingleLabelClassification:
                Softmax(logits, scores, temperature);
                break;
            case ProblemType.MultiLabelClassification:
                for (int i = 0; i < logits.Length; i++) scores[i] = 1 / (1 + Math.Exp(-(double)logits[i] / temperature));
                break;
            default:
                for (int i = 0; i < logits.Length; i++) scores[i] = logits[i];
                break;
        }
    }

    /// <summary>The index of the largest value, the first one among equals; -1 for an empty row.</summary>
    public static int ArgMax<T>(ReadOnlySpan<T> row)
        where T : IComparisonOperators<T, T, bool>
    {
        int best = row.IsEmpty ? -1 : 0;
        for (int i = 1; i < row.Length; i++)
        {
            if (row[i] > row[best]) best = i;
        }

        return best;
    }

    private static void Softmax(ReadOnlySpan<float> logits, Span<double> scores, double temperature)
    {
        double largest = double.NegativeInfinity;
        foreach (float logit in logits) largest = Math.Max(largest, logit);
        double sum = 0;
        for (int i = 0; i < logits.Length; i++) sum += scores[i] = Math.Exp((logits[i] - largest) / temperature);
        for (int i = 0; i < logits.Length; i++) scores[i] /= sum;
    }
}
