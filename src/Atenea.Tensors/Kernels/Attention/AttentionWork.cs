namespace Atenea.Tensors;

/// <summary>
/// What the tasks of one attention share: the operands, and how the work is split. It lives on the caller's stack. Work items are taken in
/// any order by as many workers as there are scratch slots; they write disjoint outputs, and no sum depends on the split.
/// </summary>
internal unsafe struct AttentionWork
{
    /// <summary>
    /// Queries of one item in the forward pass, so that a single long sequence also occupies every worker. A multiple of every query block.
    /// </summary>
    private const int QueriesPerItem = 480;

    // Enough to even out what a worker has, few enough that most heads follow their neighbour, whose memory was asked for ahead.
    private const int ItemsPerWorker = 12;

    // An item below this many multiply-adds costs more to hand out than it gives: short sequences take several heads at a time.
    private const long SmallestItem = 200_000;

    /// <summary>
    /// Queries, keys and values. They may be parts of one matrix; only gradients of one head of one sequence may then fall together.
    /// </summary>
    public AttentionPart Queries, Keys, Values;

    /// <summary>Context: [queries, heads * head size].</summary>
    public float* Output;

    /// <summary>Gradient of <see cref="Output"/>; backward only.</summary>
    public float* OutputGradient;

    /// <summary>First row of each sequence, then the number of rows: [sequences + 1].</summary>
    public int* QueryOffsets, KeyOffsets;

    /// <summary>Position of each sequence's first query among its keys; null for 0 everywhere.</summary>
    public int* FirstPositions;

    /// <summary>Rows of queries of all sequences.</summary>
    public int Tokens;

    public int Sequences, Heads, HeadSize;

    /// <summary>Query heads that share a head of keys and values.</summary>
    public int HeadsPerKey;

    /// <summary>Which keys a query sees.</summary>
    public AttentionVisibility Visibility;

    /// <summary>Cosines and sines of rotary positions, a row of head size for each position; null for none.</summary>
    public float* Rotary;

    /// <summary>Terms of relative positions; null for none.</summary>
    public RelativeWork* Relative;

    /// <summary>Factor of the scores.</summary>
    public float Scale;

    /// <summary>Largest score of each row and one over the sum of exp(score - largest): [heads, queries].</summary>
    public float* Maxima, Reciprocals;

    /// <summary>Dropout of the probabilities; a probability of 0 is none.</summary>
    public DropoutKey Dropout;

    /// <summary>
    /// Probabilities before dropout and scores, for each sequence from <see cref="CaptureOffsets"/> on [heads, queries, keys]; null where
    /// they are not wanted.
    /// </summary>
    public float* Probabilities, Scores;

    /// <summary>Their gradients; null where there are none. What arrives through the context is added. Backward only.</summary>
    public float* ProbabilityGradient, ScoreGradient;

    /// <summary>First element of each sequence in what is captured.</summary>
    public int* CaptureOffsets;

    private float* _scratch;
    private nint _scratchPerSlot;
    private int _headsPerItem, _headGroups, _queryChunks, _items, _next, _longest; // _longest: keys

    /// <summary>Rows of scores that are worked on at once.</summary>
    public int QueryBlock { get; private set; }

    /// <summary>Head size rounded up to whole lanes.</summary>
    public readonly int PaddedHeadSize => Pad(HeadSize);

    /// <summary>Whether probabilities are dropped.</summary>
    public readonly bool Drops => Dropout.Probability > 0f;

    /// <summary>The most keys of a sequence.</summary>
    public readonly int Longest => _longest;

    /// <summary>The most keys that one block of queries sees.</summary>
    public readonly int MostVisible => Visibility.Most(QueryBlock, _longest);

    /// <summary>Floats of the multipliers of a block of queries.</summary>
    public readonly long MaskFloats => Drops ? (long)QueryBlock * Pad(MostVisible) : 0;

    /// <summary>Floats in a row, rounded up to whole lanes.</summary>
    public static int Pad(int count) => (count + 15) & ~15;

    /// <summary>
    /// Floats between rows of scores: not a power of two, whose rows would fall on the same set of the first-level cache.
    /// </summary>
    public static int ScoreRow(int keys) => Pad(keys) + 16;

    /// <summary>Splits the work of the forward pass; the operands must be set.</summary>
    public void PlanForward(int workers) => Plan(workers, chunked: true);

    /// <summary>
    /// Splits the work of the backward pass: a head's keys collect from all queries of all its heads, which are one item.
    /// </summary>
    public void PlanBackward(int workers) => Plan(workers, chunked: false);

    /// <summary>Runs the items on the team, each worker with its own share of scratch memory.</summary>
    /// <param name="workspace">Gives scratch memory and the team.</param>
    /// <param name="floatsPerWorker">Scratch that one worker needs.</param>
    /// <param name="worker">Body: takes items until there are none left.</param>
    public void Run(Workspace workspace, long floatsPerWorker, delegate*<void*, int, void> worker)
    {
        int workers = Math.Min(workspace.Team.Size, _items);
        _scratchPerSlot = (nint)((floatsPerWorker + 15) & ~15L);
        _scratch = workspace.Scratch(workers * (long)_scratchPerSlot);
        fixed (AttentionWork* self = &this) workspace.Team.Run(workers, worker, self);
        workspace.ReturnScratch(_scratch, workers * (long)_scratchPerSlot);
    }

    /// <summary>Scratch memory of a worker.</summary>
    public readonly float* ScratchOf(int worker) => _scratch + (worker * _scratchPerSlot);

    /// <summary>Takes the next work item; false when all are taken.</summary>
    public bool Take(out AttentionItem item)
    {
        item = default;
        int index = Interlocked.Increment(ref _next) - 1;
        if (index >= _items) return false;

        int chunk = index % _queryChunks;
        int group = index / _queryChunks % _headGroups;
        item.Sequence = index / _queryChunks / _headGroups;
        Locate(ref item);
        item.FirstHead = group * _headsPerItem;
        item.EndHead = Math.Min(Heads, item.FirstHead + _headsPerItem);
        item.FirstQuery = _queryChunks == 1 ? 0 : Math.Min(item.Queries, chunk * QueriesPerItem);
        item.EndQuery = _queryChunks == 1 ? item.Queries : Math.Min(item.Queries, item.FirstQuery + QueriesPerItem);
        return true;
    }

    /// <summary>Fills in where an item's sequence lies.</summary>
    public readonly void Locate(ref AttentionItem item)
    {
        item.Start = QueryOffsets[item.Sequence];
        item.Queries = QueryOffsets[item.Sequence + 1] - item.Start;
        item.KeyStart = KeyOffsets[item.Sequence];
        item.Keys = KeyOffsets[item.Sequence + 1] - item.KeyStart;
        item.Position = FirstPositions is null ? 0 : FirstPositions[item.Sequence];
    }

    /// <summary>
    /// Where a head's block of queries begins in what is captured: the distance from the first element, rows as far apart as keys.
    /// </summary>
    public readonly nint Captured(in AttentionItem item, int head, int query) =>
        CaptureOffsets[item.Sequence] + ((((nint)head * item.Queries) + query) * item.Keys);

    /// <summary>
    /// Number of a query's first probability for the dropout's random numbers. Within a head the rows of padded keys follow each other, so
    /// that short ones share random blocks of 64; heads and sequences begin at whole blocks. No two rows of a batch overlap.
    /// </summary>
    public readonly long DropoutPosition(in AttentionItem item, int head, int query)
    {
        long before = (long)Heads * (item.Start + (4L * item.Sequence)) * ((_longest + 63) & ~63); // at least what earlier sequences take
        return before + ((((long)head * ((item.Queries + 3) & ~3)) + query) * Pad(item.Keys));
    }

    /// <summary>
    /// Fills in the dropout multipliers [rows, padded keys] of queries from <paramref name="first"/> on for the keys [begin, end).
    /// </summary>
    public readonly void FillMask<T>(float* mask, in AttentionItem item, int head, int first, int rows, int begin, int end)
        where T : struct, ILanes<T>
    {
        int columns = Pad(end - begin), whole = Pad(item.Keys);
        long position = DropoutPosition(item, head, first);
        if (columns == whole)
        {
            DropoutMask<T>.Fill(mask, position, rows * whole, Dropout);
            return;
        }

        for (int i = 0; i < rows; i++)
            DropoutMask<T>.Fill(mask + ((nint)i * columns), position + ((long)i * whole) + begin, columns, Dropout);
    }

    private void Plan(int workers, bool chunked)
    {
        _longest = 0;
        int mostQueries = 0;
        double pairs = 0;
        for (int s = 0; s < Sequences; s++)
        {
            int queries = QueryOffsets[s + 1] - QueryOffsets[s], keys = KeyOffsets[s + 1] - KeyOffsets[s];
            _longest = Math.Max(_longest, keys);
            mostQueries = Math.Max(mostQueries, queries);
            pairs += (double)queries * Visibility.Most(1, keys);
        }

        // Keeps the scores of a block within the second-level cache.
        QueryBlock = Visibility.Most(1, _longest) switch { <= 1024 => 48, <= 4096 => 24, _ => 12 };
        if (Relative is not null) QueryBlock = (QueryBlock + 15) & ~15; // its tables are read in blocks of sixteen queries
        _queryChunks = chunked ? Math.Max(1, (mostQueries + QueriesPerItem - 1) / QueriesPerItem) : 1;
        double perHead = pairs / Math.Max(1, Sequences) / _queryChunks * HeadSize * 2;
        double headsPerWorker = (double)Sequences * Heads * _queryChunks / workers;
        _headsPerItem = (int)Math.Clamp(Math.Max(SmallestItem / Math.Max(1, perHead), headsPerWorker / ItemsPerWorker), 1, Heads);
        // On the way back the gradients of heads that share keys meet in one place.
        if (!chunked) _headsPerItem = (_headsPerItem + HeadsPerKey - 1) / HeadsPerKey * HeadsPerKey;
        _headGroups = (Heads + _headsPerItem - 1) / _headsPerItem;
        _items = checked(Sequences * _headGroups * _queryChunks);
        _next = 0;
    }
}

/// <summary>One piece of the work: some queries of some heads of one sequence, with the keys that they see.</summary>
internal struct AttentionItem
{
    /// <summary>Index of the sequence.</summary>
    public int Sequence;

    /// <summary>First row and number of its queries, then of its keys.</summary>
    public int Start, Queries, KeyStart, Keys;

    /// <summary>Position of its first query among its keys.</summary>
    public int Position;

    /// <summary>The heads [first, end).</summary>
    public int FirstHead, EndHead;

    /// <summary>The queries [first, end), counted within the sequence.</summary>
    public int FirstQuery, EndQuery;
}
