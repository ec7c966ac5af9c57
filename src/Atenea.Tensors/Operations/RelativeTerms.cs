namespace Atenea.Tensors;

/// <summary>
/// What an attention adds to its scores for the distance between query and key. Either a learned number for each head (<see cref="Bias"/>;
/// T5, MPNet):
/// score += bias[row(q - k), head], or the terms of disentangled attention (<see cref="Keys"/>, <see cref="Queries"/>; He et al. 2021,
/// equation 4):
/// score += scale * (query . keys[row(q - k)] + key . queries[row(q - k)]), one or both of them.
/// </summary>
/// <param name="Positions">The row for a distance; it reaches over the longest sequence.</param>
public readonly record struct RelativeTerms(RelativePositions Positions)
{
    /// <summary>Learned numbers, [rows, heads]; null for none.</summary>
    public Parameter? Bias { get; init; }

    /// <summary>Keys of the distances, [rows, hidden], which queries are multiplied with ("content to position"); empty for none.</summary>
    public Tensor Keys { get; init; }

    /// <summary>Queries of the distances, [rows, hidden], which keys are multiplied with ("position to content"); empty for none.</summary>
    public Tensor Queries { get; init; }

    /// <summary>
    /// The number that <see cref="Positions"/> gives to the first row of <see cref="Keys"/> and <see cref="Queries"/>: only rows in use
    /// need be computed.
    /// </summary>
    public int FirstRow { get; init; }

    /// <summary>Whether anything is added at all.</summary>
    public bool Any => Bias is not null || !Keys.IsEmpty || !Queries.IsEmpty;
}
