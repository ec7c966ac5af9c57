namespace Atenea.Tensors;

/// <summary>
/// What the tasks of one attention share about relative positions. Tables are laid out by distance: P is the longest sequence rounded up to
/// whole lanes, and 2 P entries cover every distance of query to key. "Falling" tables hold distance d at entry P - 1 - d, so that the keys
/// of one query, whose distances fall, read one stretch forwards; "rising" ones hold it at P - 1 + d, for the queries of one key. Both
/// begin a stretch at a whole panel of sixteen for every block of sixteen queries or keys.
/// </summary>
internal unsafe struct RelativeWork
{
    /// <summary>
    /// Rows that a group of sequences collects gradients of distances for, before groups are added up: a constant, so it is part of the
    /// result's bits.
    /// </summary>
    private const int TokensPerGroup = 512;

    /// <summary>The row of the tables for a distance, addressed by the distance itself.</summary>
    public int* RowOf;

    /// <summary>What <see cref="RowOf"/> calls the first row.</summary>
    public int FirstRow;

    /// <summary>Tokens of the longest sequence.</summary>
    public int Longest;

    public int Heads, HeadSize;

    /// <summary>Factor of the scores.</summary>
    public float Scale;

    /// <summary>Learned numbers, [rows, heads], or null.</summary>
    public float* Bias;

    /// <summary>Keys and queries of the distances, [rows, heads * head size] each, or null.</summary>
    public float* Keys, Queries;

    /// <summary>Learned numbers by distance, falling: [heads, 2 P].</summary>
    public float* BiasLines;

    /// <summary>Keys (falling) and queries times scale (rising) in panels of sixteen distances: [heads, 2 P / 16, head size, 16].</summary>
    public float* KeyPanels, QueryPanels;

    /// <summary>The same by rows, [heads, 2 P, padded head size]; backward only.</summary>
    public float* KeyRows, QueryRows;

    /// <summary>
    /// Gradients by distance of each group of sequences, in the layouts of their tables: [groups, heads, 2 P (, padded head size)];
    /// backward only.
    /// </summary>
    public float* BiasGradients, KeyGradients, QueryGradients;

    /// <summary>First sequence of each group, then the number of sequences; backward only.</summary>
    public int* Groups;

    public int GroupCount;

    private float* _memory;
    private long _length;
    private int _next;

    /// <summary>Entries of a table: 2 P.</summary>
    public readonly int Entries => 2 * AttentionWork.Pad(Longest);

    public readonly int PaddedHeadSize => AttentionWork.Pad(HeadSize);

    /// <summary>
    /// Where sixteen queries from <paramref name="query"/> on (a multiple of sixteen) begin to read a falling table: the last one's
    /// distance to key 0.
    /// </summary>
    public readonly int FallingEntry(int query) => (Entries / 2) - 16 - query;

    /// <summary>
    /// Where sixteen keys from <paramref name="key"/> on begin to read a rising table for queries from <paramref name="query"/> on (both
    /// multiples of sixteen).
    /// </summary>
    public readonly int RisingEntry(int query, int key) => (Entries / 2) - 16 + query - key;

    /// <summary>Floats of the block of products that <see cref="RelativeScores{T}"/> turns over.</summary>
    public static long TurnedFloats(int block) => 16L * (AttentionWork.Pad(block) + 16);

    /// <summary>Takes memory for the tables and fills them in.</summary>
    /// <param name="workspace">Gives memory and the team.</param>
    /// <param name="work">The attention, its work planned.</param>
    /// <param name="backward">Whether tables by rows and memory for gradients are needed as well.</param>
    public void Prepare<T>(Workspace workspace, in AttentionWork work, bool backward)
        where T : struct, ILanes<T>
    {
        Longest = work.Longest;
        if (backward) CountGroups(work.QueryOffsets, work.Sequences);
        long lines = (long)Heads * Entries, panels = lines * HeadSize, rows = lines * PaddedHeadSize;
        int tables = (Keys is null ? 0 : 1) + (Queries is null ? 0 : 1);
        long groupInts = backward ? (GroupCount + 16L) & ~15L : 0;
        _length = (Bias is null ? 0 : lines) + (tables * panels) + groupInts;
        if (backward) _length += (tables * rows * (1 + GroupCount)) + (Bias is null ? 0 : GroupCount * lines);
        float* free = _memory = workspace.Scratch(_length);
        if (Bias is not null) BiasLines = Take(ref free, lines);
        if (Keys is not null) KeyPanels = Take(ref free, panels);
        if (Queries is not null) QueryPanels = Take(ref free, panels);
        if (backward)
        {
            Groups = (int*)Take(ref free, groupInts);
            FillGroups(work.QueryOffsets, work.Sequences);
            if (Bias is not null) BiasGradients = Take(ref free, GroupCount * lines);
            if (Keys is not null)
            {
                KeyRows = Take(ref free, rows);
                KeyGradients = Take(ref free, GroupCount * rows);
            }

            if (Queries is not null)
            {
                QueryRows = Take(ref free, rows);
                QueryGradients = Take(ref free, GroupCount * rows);
            }
        }

        fixed (RelativeWork* self = &this) workspace.Team.Run(Heads, &RelativeTables<T>.Fill, self);
    }

    /// <summary>Gives the memory back.</summary>
    public readonly void Return(Workspace workspace) => workspace.ReturnScratch(_memory, _length);

    /// <summary>Takes the next group and head of the backward pass; false when all are taken.</summary>
    public bool Take(out int group, out int head)
    {
        int index = Interlocked.Increment(ref _next) - 1;
        (group, head) = Math.DivRem(index, Heads);
        return group < GroupCount;
    }

    /// <summary>The distances' gradients that a head collects in a group.</summary>
    public readonly RelativeShare ShareOf(int group, int head)
    {
        long line = ((long)group * Heads) + head;
        return new RelativeShare
        {
            Bias = BiasGradients is null ? null : BiasGradients + (line * Entries),
            Keys = KeyGradients is null ? null : KeyGradients + (line * Entries * PaddedHeadSize),
            Queries = QueryGradients is null ? null : QueryGradients + (line * Entries * PaddedHeadSize),
        };
    }

    /// <summary>
    /// Adds the learned numbers' gradients of every group to their table [rows, heads], distance by distance and group by group.
    /// </summary>
    public readonly void AddBiasGradients(float* table)
    {
        int centre = (Entries / 2) - 1;
        for (int distance = 1 - Longest; distance < Longest; distance++)
        {
            float* row = table + ((nint)(RowOf[distance] - FirstRow) * Heads);
            for (int line = 0; line < GroupCount * Heads; line++)
                row[line % Heads] += BiasGradients[((long)line * Entries) + centre - distance];
        }
    }

    private static float* Take(ref float* free, long count)
    {
        float* taken = free;
        free += count;
        return taken;
    }

    private void CountGroups(int* offsets, int sequences)
    {
        GroupCount = 0;
        for (int s = 0; s < sequences; GroupCount++) s = EndOfGroup(offsets, sequences, s);
    }

    private readonly void FillGroups(int* offsets, int sequences)
    {
        Groups[0] = 0;
        for (int g = 0; g < GroupCount; g++) Groups[g + 1] = EndOfGroup(offsets, sequences, Groups[g]);
    }

    private static int EndOfGroup(int* offsets, int sequences, int first)
    {
        int end = first + 1;
        while (end < sequences && offsets[end] - offsets[first] < TokensPerGroup) end++;
        return end;
    }
}

/// <summary>Gradients by distance of one head, from the sequences of one group.</summary>
internal unsafe struct RelativeShare
{
    /// <summary>[2 P] or null, falling.</summary>
    public float* Bias;

    /// <summary>[2 P, padded head size] or null, falling.</summary>
    public float* Keys;

    /// <summary>[2 P, padded head size] or null, rising; without the factor of the scores.</summary>
    public float* Queries;

    /// <summary>Begins with zeros.</summary>
    public readonly void Clear(int entries, int paddedSize)
    {
        if (Bias is not null) new Span<float>(Bias, entries).Clear();
        if (Keys is not null) new Span<float>(Keys, checked(entries * paddedSize)).Clear();
        if (Queries is not null) new Span<float>(Queries, checked(entries * paddedSize)).Clear();
    }
}
