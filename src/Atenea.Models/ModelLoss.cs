using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The loss of a model: one term, or two of equal weight (masked words and sentence order; start and end of an answer). Each term is (sum,
/// count) and is divided by its own count, once per optimizer step, so that accumulation over micro-batches is exact.
/// </summary>
public readonly struct ModelLoss
{
    private readonly Loss _first;
    private readonly Loss _second;

    /// <summary>A loss of one term.</summary>
    public ModelLoss(Loss only)
    {
        _first = only;
        Terms = 1;
        Weight = 1;
    }

    /// <summary>A loss of two terms.</summary>
    /// <param name="first">The first term.</param>
    /// <param name="second">The second term.</param>
    /// <param name="weight">Weight of both: 1 for their sum, 0.5 for their mean.</param>
    public ModelLoss(Loss first, Loss second, double weight)
    {
        _first = first;
        _second = second;
        Terms = 2;
        Weight = weight;
    }

    /// <summary>Number of terms, 1 or 2.</summary>
    public int Terms { get; }

    /// <summary>Weight of each term.</summary>
    public double Weight { get; }

    /// <summary>A term.</summary>
    public Loss this[int term] => term switch
    {
        0 => _first,
        1 when Terms == 2 => _second,
        _ => throw new ArgumentOutOfRangeException(nameof(term), term, null),
    };

    /// <summary>
    /// The loss that transformers reports: the weighted sum of the terms' means. NaN when a term counts nothing, as in PyTorch.
    /// </summary>
    public double Mean => Terms == 1 ? Weight * _first.Mean : Weight * (_first.Mean + _second.Mean);

    /// <summary>Runs the backward pass of <see cref="Mean"/>.</summary>
    public void Backward(Tape tape) => Backward(tape, _first.Count, Terms == 2 ? _second.Count : 1);

    /// <summary>Runs the backward pass of this micro-batch's share of an optimizer step's loss.</summary>
    /// <param name="tape">The tape of the loss.</param>
    /// <param name="firstCount">What the first term is divided by: its count over all micro-batches of the step.</param>
    /// <param name="secondCount">The same for the second term; not looked at where there is one term.</param>
    public void Backward(Tape tape, double firstCount, double secondCount = 1)
    {
        tape.SeedLoss(_first, (float)(Weight / firstCount));
        if (Terms == 2) tape.SeedLoss(_second, (float)(Weight / secondCount));
        tape.Backward();
    }
}
