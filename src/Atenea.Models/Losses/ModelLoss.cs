using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>What a term of a model's loss is.</summary>
/// <param name="Name">Its name for people and journals: <c>mlm</c>, <c>nsp</c>, <c>start</c>.</param>
/// <param name="Weight">What its mean is multiplied with: 1 for a sum of means, 0.5 for the mean of two.</param>
public readonly record struct LossTerm(string Name, double Weight = 1);

/// <summary>
/// The loss of a model: a list of terms (masked words and sentence order; start and end of an answer). Each is (sum, count) with a weight
/// and is divided by its own count, once per optimizer step, so that accumulation over micro-batches is exact. The list is used again by
/// the next loss of the same <see cref="ForwardPass"/>.
/// </summary>
public sealed class ModelLoss
{
    private readonly List<(LossTerm Term, Loss Loss)> _terms = [];

    /// <summary>Number of terms.</summary>
    public int Count => _terms.Count;

    /// <summary>The (sum, count) of a term.</summary>
    public Loss this[int term] => _terms[term].Loss;

    /// <summary>
    /// The loss that transformers reports: the weighted sum of the terms' means. NaN when a term counts nothing, as in PyTorch.
    /// </summary>
    public double Mean
    {
        get
        {
            double mean = 0;
            foreach ((LossTerm term, Loss loss) in _terms) mean += term.Weight * loss.Mean;
            return mean;
        }
    }

    /// <summary>What a term is.</summary>
    public LossTerm Term(int term) => _terms[term].Term;

    /// <summary>Forgets the terms of an earlier forward pass.</summary>
    public void Clear() => _terms.Clear();

    /// <summary>Appends a term.</summary>
    /// <returns>This list.</returns>
    public ModelLoss Add(LossTerm term, Loss loss)
    {
        _terms.Add((term, loss));
        return this;
    }

    /// <summary>This micro-batch's share of an optimizer step's loss.</summary>
    /// <param name="counts">What each term is divided by: its count over all micro-batches of the step.</param>
    public double Share(ReadOnlySpan<long> counts)
    {
        double share = 0;
        for (int i = 0; i < _terms.Count; i++) share += _terms[i].Term.Weight * _terms[i].Loss.Sum / counts[i];
        return share;
    }

    /// <summary>Runs the backward pass of <see cref="Mean"/>.</summary>
    public void Backward(Tape tape)
    {
        foreach ((LossTerm term, Loss loss) in _terms) tape.SeedLoss(loss, (float)(term.Weight / loss.Count));
        tape.Backward();
    }

    /// <summary>Runs the backward pass of <see cref="Share"/>.</summary>
    /// <param name="tape">The tape of the loss.</param>
    /// <param name="counts">As for <see cref="Share"/>.</param>
    public void Backward(Tape tape, ReadOnlySpan<long> counts)
    {
        for (int i = 0; i < _terms.Count; i++) tape.SeedLoss(_terms[i].Loss, (float)(_terms[i].Term.Weight / counts[i]));
        tape.Backward();
    }
}
