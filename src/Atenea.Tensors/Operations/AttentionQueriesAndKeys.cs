namespace Atenea.Tensors;

/// <summary>Neighbouring columns of a matrix that hold one part of an attention, head after head.</summary>
/// <param name="Tensor">[rows, columns].</param>
/// <param name="First">The first column.</param>
/// <param name="Count">Heads times the size of a head.</param>
public readonly record struct HeadColumns(Tensor Tensor, int First, int Count)
{
    /// <summary>All columns of a matrix.</summary>
    public static implicit operator HeadColumns(Tensor tensor) => new(tensor, 0, tensor.Columns);

    /// <summary>Whether the columns lie within the matrix.</summary>
    internal bool Fit => !Tensor.IsEmpty && First >= 0 && Count > 0 && First <= Tensor.Columns - Count;

    /// <summary>Whether both are parts of one matrix and have a column in common.</summary>
    internal bool Overlaps(in HeadColumns other) =>
        Tensor.Data == other.Tensor.Data && First < other.First + other.Count && other.First < First + Count;

    /// <summary>Whether both are the same columns of one matrix.</summary>
    internal bool IsSame(in HeadColumns other) => Tensor.Data == other.Tensor.Data && First == other.First && Count == other.Count;
}

/// <summary>The queries of an attention and where they stand.</summary>
/// <param name="columns">[queries of all sequences, heads * d].</param>
/// <param name="offsets">First row of each sequence, then the number of rows: [sequences + 1]. A sequence may have no query.</param>
public readonly ref struct AttentionQueries(HeadColumns columns, ReadOnlySpan<int> offsets)
{
    /// <summary>[queries of all sequences, heads * d].</summary>
    public HeadColumns Columns { get; } = columns;

    /// <summary>First row of each sequence, then the number of rows.</summary>
    public ReadOnlySpan<int> Offsets { get; } = offsets;

    /// <summary>
    /// Position of each sequence's first query among its keys, which count from 0: [sequences]; empty for 0 everywhere. Query i of sequence
    /// s stands at FirstPositions[s] + i: there it is turned by rotary positions, and from there <see cref="AttentionSettings.KeysBefore"/>
    /// and <see cref="AttentionSettings.KeysAfter"/> count.
    /// </summary>
    public ReadOnlySpan<int> FirstPositions { get; init; }
}

/// <summary>
/// The keys and values of an attention. Keys are given as their layer made them: where the settings have rotary positions, every call turns
/// them, key j of a sequence by position j. So what is kept of earlier calls is kept unturned, its gradient is that of the layer's output,
/// and there is one rule for keys of this call and of an earlier one.
/// </summary>
/// <param name="keys">[keys of all sequences, key-value heads * d].</param>
/// <param name="values">Of the shape of <paramref name="keys"/>.</param>
/// <param name="offsets">
/// First row of each sequence, then the number of rows: [sequences + 1]. Rows at the end of a sequence that none of its queries sees are
/// not read, so there may be room for keys to come.
/// </param>
public readonly ref struct AttentionKeys(HeadColumns keys, HeadColumns values, ReadOnlySpan<int> offsets)
{
    /// <summary>[keys of all sequences, key-value heads * d].</summary>
    public HeadColumns Keys { get; } = keys;

    /// <summary>Of the shape of <see cref="Keys"/>.</summary>
    public HeadColumns Values { get; } = values;

    /// <summary>First row of each sequence, then the number of rows.</summary>
    public ReadOnlySpan<int> Offsets { get; } = offsets;
}
