namespace Atenea.Tensors;

/// <summary>Where the queries, the keys or the values of an attention lie: rows of a matrix, and in each the heads' columns.</summary>
internal struct AttentionPart
{
    /// <summary>First column of the first head in the first row.</summary>
    public DeviceBuffer Data;

    /// <summary>The same place in the gradient; none where it is not wanted, and in the forward pass.</summary>
    public GradientShare Gradient;

    /// <summary>Elements from one row to the next, and from one head to the next.</summary>
    public nint Row, Head;

    /// <summary>A part of a matrix.</summary>
    /// <param name="tensor">[rows, columns].</param>
    /// <param name="column">First column of the first head.</param>
    /// <param name="head">Columns from one head to the next.</param>
    public AttentionPart(Tensor tensor, int column, int head)
    {
        Data = tensor.Data + column;
        Row = tensor.Columns;
        Head = head;
    }

    /// <summary>A head's columns in a row.</summary>
    public readonly DeviceBuffer At(nint row, int head) => Data + ((row * Row) + (head * Head));

    /// <summary>A head's columns in a row of the gradient; none where it is not wanted.</summary>
    public readonly DeviceBuffer GradientAt(nint row, int head) => Gradient.Data + ((row * Row) + (head * Head));
}

/// <summary>What an attention adds to its scores for the distance of query and key: see <see cref="RelativeTerms"/>.</summary>
internal struct RelativeOperands
{
    /// <summary>The row for a distance, a host table that never changes; null for no terms at all.</summary>
    public RelativePositions? Positions;

    /// <summary>What <see cref="Positions"/> calls the first row of the tables.</summary>
    public int FirstRow;

    /// <summary>Learned numbers, [rows, heads], or none.</summary>
    public DeviceBuffer Bias;

    /// <summary>Keys and queries of the distances, [rows, heads * head size], or none.</summary>
    public DeviceBuffer Keys, Queries;

    /// <summary>Rows of each table.</summary>
    public int BiasRows, KeyRows, QueryRows;

    /// <summary>Their gradients; backward only.</summary>
    public GradientShare BiasGradient, KeyGradient, QueryGradient;
}

/// <summary>
/// Per sequence and head: scores S [queries, keys] = scale * turn(Q) turn(K)^T + terms, minus infinity where a query does not see a key;
/// P = softmax(S); context [queries, head size] = (P * mask) V. Query i of sequence s stands at FirstPositions[s] + i, key j at j. Rows of
/// keys and values that no query sees are not read.
/// <para>
/// Backward, with dO the context's gradient: dV = (P * mask)^T dO; dP = (dO V^T) * mask + what arrived at the captured P; dS = P * (dP -
/// rowsum(P * dP)) + what arrived at the captured S; dQ = scale * turn back(dS turn(K)), dK = scale * turn back(dS^T turn(Q)).
/// </para>
/// </summary>
internal struct AttentionOperands
{
    /// <summary>Sequences, and rows of queries of all sequences.</summary>
    public int Sequences, Tokens;

    /// <summary>Heads of queries, query heads that share a head of keys and values, and the size of a head.</summary>
    public int Heads, HeadsPerKey, HeadSize;

    /// <summary>They may be parts of one matrix; only gradients of one head of one sequence may then fall together.</summary>
    public AttentionPart Queries, Keys, Values;

    /// <summary>First row of each sequence, then the number of rows: [sequences + 1].</summary>
    public DeviceBuffer QueryOffsets, KeyOffsets;

    /// <summary>[sequences]; none for 0 everywhere.</summary>
    public DeviceBuffer FirstPositions;

    /// <summary>Which keys a query sees.</summary>
    public AttentionVisibility Visibility;

    /// <summary>
    /// Cosines, then sines of each position, [positions, head size]: a host table that never changes; null for no turning.
    /// </summary>
    public float[]? Rotary;

    /// <summary>Terms of relative positions.</summary>
    public RelativeOperands Relative;

    /// <summary>Factor of the scores.</summary>
    public float Scale;

    /// <summary>Dropout of the probabilities; a probability of 0 is none.</summary>
    public DropoutKey Dropout;

    /// <summary>Context, [queries, heads * head size], and its gradient; the latter backward only.</summary>
    public DeviceBuffer Output, OutputGradient;

    /// <summary>Largest score of each row, then one over the sum of exp(score - largest): [2, heads, queries].</summary>
    public DeviceBuffer Statistics;

    /// <summary>
    /// Probabilities before dropout and scores, for each sequence from <see cref="CaptureOffsets"/> on [heads, queries, keys]; none where
    /// they are not wanted.
    /// </summary>
    public DeviceBuffer Probabilities, Scores;

    /// <summary>What arrived at them, or none. What arrives through the context is added. Backward only.</summary>
    public DeviceBuffer ProbabilityGradient, ScoreGradient;

    /// <summary>First element of each sequence in what is captured.</summary>
    public DeviceBuffer CaptureOffsets;
}
