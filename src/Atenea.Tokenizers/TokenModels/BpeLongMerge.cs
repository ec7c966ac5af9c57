namespace Atenea.Tokenizers;

/// <summary>
/// Merges the symbols of a long word: a linked list of symbols and a heap of candidate pairs ordered by rank, then place.
/// </summary>
internal readonly ref struct BpeLongMerge(MergeTable merges, ModelScratch scratch)
{
    /// <summary>Merges in place; returns the number of symbols left.</summary>
    public int Run(int[] ids, int[] starts, int[] ends, int count)
    {
        int[] previous = scratch.Ints(3, count);
        int[] next = scratch.Ints(4, count);
        var heap = new PriorityQueue<int, ulong>(count);
        for (int i = 0; i < count; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1;
        }

        for (int i = 0; i + 1 < count; i++)
        {
            Offer(heap, ids, i, i + 1);
        }

        while (heap.TryDequeue(out int at, out ulong priority))
        {
            // A symbol that has been swallowed, or whose neighbour has changed, leaves stale candidates behind.
            int right = next[at];
            if (ids[at] < 0 || right >= count) continue;

            ulong merge = merges.Find(ids[at], ids[right]);
            if (merge == MergeTable.None || merge >> 32 != priority >> 32) continue;

            ids[at] = (int)(uint)merge;
            ends[at] = ends[right];
            ids[right] = -1;
            next[at] = next[right];
            if (next[at] < count)
            {
                previous[next[at]] = at;
                Offer(heap, ids, at, next[at]);
            }

            if (previous[at] >= 0)
            {
                Offer(heap, ids, previous[at], at);
            }
        }

        int left = 0;
        for (int i = 0; i < count; i = next[i])
        {
            ids[left] = ids[i];
            starts[left] = starts[i];
            ends[left++] = ends[i];
        }

        return left;
    }

    private void Offer(PriorityQueue<int, ulong> heap, int[] ids, int at, int right)
    {
        ulong merge = merges.Find(ids[at], ids[right]);
        if (merge != MergeTable.None)
        {
            heap.Enqueue(at, merge & 0xFFFFFFFF00000000 | (uint)at);
        }
    }
}
