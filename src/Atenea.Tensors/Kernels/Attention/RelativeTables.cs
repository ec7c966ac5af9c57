namespace Atenea.Tensors;

/// <summary>
/// Lays tables out by distance, and brings gradients by distance back to the rows of the tables. See <see cref="RelativeWork"/>.
/// </summary>
/// <typeparam name="T">Lanes of the instruction set.</typeparam>
internal static unsafe class RelativeTables<T>
    where T : struct, ILanes<T>
{
    /// <summary>Fills in the tables of one head.</summary>
    public static void Fill(void* state, int head)
    {
        var work = (RelativeWork*)state;
        if (work->Bias is not null) FillLine(work, head);
        long panels = (long)work->Entries * work->HeadSize, rows = (long)work->Entries * work->PaddedHeadSize;
        if (work->Keys is not null)
        {
            float* byRows = work->KeyRows is null ? null : work->KeyRows + (head * rows);
            FillTable(work, head, work->Keys, falling: true, 1f, work->KeyPanels + (head * panels), byRows);
        }

        if (work->Queries is not null)
        {
            float* byRows = work->QueryRows is null ? null : work->QueryRows + (head * rows);
            FillTable(work, head, work->Queries, falling: false, work->Scale, work->QueryPanels + (head * panels), byRows);
        }
    }

    /// <summary>
    /// Adds the gradients by distance of every group to the rows of a table, distance by distance and group by group, so in one order
    /// whatever the number of threads.
    /// </summary>
    /// <param name="workspace">Runs the heads.</param>
    /// <param name="work">The layout.</param>
    /// <param name="gradients">[groups, heads, 2 P, padded head size].</param>
    /// <param name="falling">Which layout.</param>
    /// <param name="factor">Multiplies every share.</param>
    /// <param name="table">[rows, heads * head size], added to.</param>
    public static void Reduce(Workspace workspace, RelativeWork* work, float* gradients, bool falling, float factor, float* table)
    {
        var state = new ReduceState { Work = work, Gradients = gradients, Falling = falling, Factor = factor, Table = table };
        workspace.Team.Run(work->Heads, &ReduceHead, &state);
    }

    private static void FillLine(RelativeWork* work, int head)
    {
        float* line = work->BiasLines + ((long)head * work->Entries);
        int centre = (work->Entries / 2) - 1;
        for (int entry = 0; entry < work->Entries; entry++)
            line[entry] = work->Bias[((nint)RowOf(work, centre - entry) * work->Heads) + head];
    }

    private static void FillTable(RelativeWork* work, int head, float* source, bool falling, float factor, float* panels, float* rows)
    {
        int size = work->HeadSize, padded = work->PaddedHeadSize, centre = (work->Entries / 2) - 1;
        nint row = (nint)work->Heads * size;
        source += (nint)head * size;
        float* sixteen = stackalloc float[rows is null ? 16 * padded : 1];
        for (int entry = 0; entry < work->Entries; entry += 16)
        {
            float* target = rows is null ? sixteen : rows + ((nint)entry * padded);
            for (int i = 0; i < 16; i++)
            {
                int distance = falling ? centre - entry - i : entry + i - centre;
                float* distant = source + (RowOf(work, distance) * row);
                AttentionPacking<T>.CopyRows(distant, row, target + (i * padded), 1, 1, size, padded, factor);
            }

            AttentionPacking<T>.PackPanels(target, padded, panels + ((nint)entry * size), 16, size);
        }
    }

    /// <summary>The row of a distance; for those beyond the longest sequence, which nothing reads, that of its farthest.</summary>
    private static int RowOf(RelativeWork* work, int distance) =>
        work->RowOf[Math.Clamp(distance, 1 - work->Longest, work->Longest - 1)] - work->FirstRow;

    private static void ReduceHead(void* shared, int head)
    {
        var state = (ReduceState*)shared;
        RelativeWork* work = state->Work;
        int size = work->HeadSize, padded = work->PaddedHeadSize, centre = (work->Entries / 2) - 1;
        nint row = (nint)work->Heads * size;
        for (int distance = 1 - work->Longest; distance < work->Longest; distance++)
        {
            float* target = state->Table + ((work->RowOf[distance] - work->FirstRow) * row) + ((nint)head * size);
            long entry = state->Falling ? centre - distance : centre + distance;
            for (int group = 0; group < work->GroupCount; group++)
            {
                float* share = state->Gradients + ((((((long)group * work->Heads) + head) * work->Entries) + entry) * padded);
                AttentionPacking<T>.WriteRows(share, padded, target, row, 1, size, state->Factor, accumulate: true);
            }
        }
    }

    private struct ReduceState
    {
        public RelativeWork* Work;
        public float* Gradients;
        public float* Table;
        public float Factor;
        public bool Falling;
    }
}
