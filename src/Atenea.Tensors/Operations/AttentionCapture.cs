namespace Atenea.Tensors;

/// <summary>
/// Receives the probabilities of one attention, as softmax gives them (before dropout), as a tensor of the tape: a loss on them sends its
/// gradient back into queries and keys, and what gradient arrived at them, from a loss or through the values, can be read after the
/// backward pass. What the attention returns does not depend on it. Used again by a later attention it
/// allocates nothing; the tensors are valid as long as the tape's others.
/// </summary>
/// <example><code>
/// var capture = new AttentionCapture();
/// Tensor context = tape.Attention(qkv, offsets, settings, capture);
/// tape.KeepGradients();
/// tape.Backward(loss, scale);
/// ReadOnlySpan&lt;float&gt; gradient = tape.GradientOf(capture.Probabilities)[capture.RangeOf(sequence)]; // [heads, queries, keys]
/// </code></example>
public sealed class AttentionCapture
{
    private int[] _queries = [];
    private int[] _keys = [];
    private int[] _offsets = [0];

    /// <summary>Whether scores are wanted, too.</summary>
    public bool WantsScores { get; init; }

    /// <summary>Number of heads.</summary>
    public int Heads { get; private set; }

    /// <summary>Number of sequences.</summary>
    public int Sequences { get; private set; }

    /// <summary>
    /// [elements, 1]: for one sequence after another [heads, queries, keys], row-major; <see cref="RangeOf"/> tells where each is. Every
    /// row of keys sums to 1; a key that the query does not see has 0, and its gradient has no meaning.
    /// </summary>
    public Tensor Probabilities { get; private set; }

    /// <summary>
    /// What softmax was applied to, laid out like <see cref="Probabilities"/>: query times key times the scale, with terms of relative
    /// positions. A key that the query does not see has 0. Empty unless <see cref="WantsScores"/>.
    /// </summary>
    public Tensor Scores { get; private set; }

    /// <summary>Queries of a sequence.</summary>
    /// <param name="sequence">In [0, <see cref="Sequences"/>).</param>
    public int Queries(int sequence) => _queries.AsSpan(0, Sequences)[sequence];

    /// <summary>Keys of a sequence.</summary>
    /// <param name="sequence">In [0, <see cref="Sequences"/>).</param>
    public int Keys(int sequence) => _keys.AsSpan(0, Sequences)[sequence];

    /// <summary>Where a sequence's [heads, queries, keys] lie among the elements of <see cref="Probabilities"/>.</summary>
    /// <param name="sequence">In [0, <see cref="Sequences"/>).</param>
    public Range RangeOf(int sequence) => Offsets[sequence]..Offsets[sequence + 1];

    /// <summary>First element of each sequence.</summary>
    internal ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, Sequences + 1);

    /// <summary>Makes room on a tape for the sequences.</summary>
    internal void Prepare(Tape tape, int heads, ReadOnlySpan<int> queryOffsets, ReadOnlySpan<int> keyOffsets, bool differentiable)
    {
        Heads = heads;
        Sequences = queryOffsets.Length - 1;
        if (_queries.Length < Sequences) (_queries, _keys, _offsets) = (new int[Sequences], new int[Sequences], new int[Sequences + 1]);
        for (int s = 0; s < Sequences; s++)
        {
            _queries[s] = queryOffsets[s + 1] - queryOffsets[s];
            _keys[s] = keyOffsets[s + 1] - keyOffsets[s];
            _offsets[s + 1] = checked(_offsets[s] + (heads * _queries[s] * _keys[s]));
        }

        Probabilities = tape.New(_offsets[Sequences], 1, differentiable);
        Scores = WantsScores ? tape.New(_offsets[Sequences], 1, differentiable) : default;
    }
}
