namespace Atenea.Pipelines;

/// <summary>A class and its score.</summary>
/// <param name="Label">Name of the class.</param>
/// <param name="Score">Its probability; for regression the output itself.</param>
public readonly record struct LabelScore(string Label, float Score);

/// <summary>A classifier's answer for one text.</summary>
public sealed class TextClassification
{
    private readonly int _best;

    internal TextClassification(IReadOnlyList<string> labels, float[] scores, int tokens, int truncatedTokens)
    {
        Labels = labels;
        Scores = scores;
        Tokens = tokens;
        TruncatedTokens = truncatedTokens;
        for (int i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[_best]) _best = i;
        }
    }

    /// <summary>The class with the highest score; of equal ones the first.</summary>
    public string Label => Labels[_best];

    /// <summary>The highest score.</summary>
    public float Score => Scores[_best];

    /// <summary>The model's classes, in the order of their ids.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The scores in the order of <see cref="Labels"/>: probabilities, or the outputs themselves for regression.</summary>
    public IReadOnlyList<float> Scores { get; }

    /// <summary>Number of tokens that the model saw, special ones included.</summary>
    public int Tokens { get; }

    /// <summary>Number of tokens that were cut off because the text was too long.</summary>
    public int TruncatedTokens { get; }

    /// <summary>The classes by falling score; of equal ones the first first.</summary>
    /// <param name="count">At most so many; all when left out.</param>
    public IReadOnlyList<LabelScore> Top(int count = int.MaxValue) =>
        [.. Labels.Zip(Scores, (label, score) => new LabelScore(label, score)).OrderByDescending(s => s.Score).Take(count)];

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Label} ({Score:0.0000})");
}
