namespace Atenea.Tensors;

/// <summary>Where the three parts of an attention lie, whether side by side in one matrix or in several.</summary>
/// <param name="Queries">Columns of the queries; only the first one matters from here on.</param>
/// <param name="Keys">Columns of the keys.</param>
/// <param name="Values">Columns of the values.</param>
/// <param name="Size">Size of a head.</param>
/// <param name="Step">Columns from one head to the next, of all three.</param>
internal readonly record struct AttentionParts(HeadColumns Queries, HeadColumns Keys, HeadColumns Values, int Size, int Step)
{
    /// <summary>
    /// Whether the parts are all columns of one matrix, each in one part, and queries and keys the same rows: then every element of the
    /// gradient is written once.
    /// </summary>
    public bool Packed { get; init; }

    /// <summary>Whether anything wants the gradient of one of the parts.</summary>
    public bool NeedGradient => Tape.NeedsGradient(Queries.Tensor) || Tape.NeedsGradient(Keys.Tensor) || Tape.NeedsGradient(Values.Tensor);
}

/// <summary>One attention as it was asked for, with what its forward pass leaves to its backward pass.</summary>
internal struct AttentionCall
{
    /// <summary>What the back end is given, but for gradients.</summary>
    public AttentionOperands Operands;

    public AttentionParts Parts;
    public Tensor Output;
    public RelativeTerms Terms;

    /// <summary>What is captured, or empty.</summary>
    public Tensor Probabilities, Scores;
}
