using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atenea.Tensors;

/// <summary>Names the random mask of one dropout: never stored, computed again wherever it is needed.</summary>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Step">Step of the run.</param>
/// <param name="Site">Which dropout of the step.</param>
/// <param name="Probability">Probability of a zero, in [0, 1).</param>
internal readonly record struct DropoutKey(ulong Seed, ulong Step, uint Site, float Probability)
{
    /// <summary>What kept elements are multiplied by.</summary>
    public float Scale => 1f / (1f - Probability);
}

/// <summary>
/// Multipliers 0 (dropped) or 1 / (1 - p) (kept) for any range of a flat tensor. The multiplier of element e is a function of the key and e
/// alone: word (e / 16) mod 4 of counter 16 (e / 64) + e mod 16, so that sixteen lanes make 64 neighbouring elements without a shuffle.
/// </summary>
internal static unsafe class DropoutMask<T>
    where T : struct, ILanes<T>
{
    private const int BlockElements = 64;

    private static ReadOnlySpan<uint> LaneNumbers => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    /// <summary>Writes the multipliers of the elements [start, start + count).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(float* mask, long start, int count, in DropoutKey key)
    {
        float* edge = stackalloc float[BlockElements];
        uint* keys = stackalloc uint[2 * Philox.Rounds];
        uint key0 = (uint)key.Seed, key1 = (uint)(key.Seed >> 32);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            keys[2 * round] = key0;
            keys[(2 * round) + 1] = key1;
            key0 += Philox.Weyl0;
            key1 += Philox.Weyl1;
        }

        int done = 0;
        while (done < count)
        {
            long element = start + done;
            long block = element / BlockElements;
            int offset = (int)(element % BlockElements);
            int taken = Math.Min(BlockElements - offset, count - done);
            if (taken == BlockElements)
            {
                Block(mask + done, (uint)block, key, keys);
            }
            else
            {
                Block(edge, (uint)block, key, keys);
                for (int i = 0; i < taken; i++) mask[done + i] = edge[offset + i];
            }

            done += taken;
        }
    }

    /// <summary>
    /// Sixteen counters. The 32-by-32-bit multiplication works on even lanes only, so even and odd counters go their own ways, both in even
    /// lanes, and meet at the end; what stands in the odd lanes meanwhile is never read.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(float* mask, uint block, in DropoutKey key, uint* keys)
    {
        T lanes = T.Load((float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(LaneNumbers))); // data of the assembly: never moved
        T counters = T.AddBits(lanes, T.BroadcastBits(block * ILanes<T>.Count));
        Scramble(counters, key, keys, out T even0, out T even1, out T even2, out T even3);
        Scramble(T.OddToEven(counters), key, keys, out T odd0, out T odd1, out T odd2, out T odd3);

        // The upper 24 bits of a word are an exact float: uniform in [0, 2^24).
        T threshold = T.Broadcast(key.Probability * 16777216f);
        T scale = T.Broadcast(key.Scale);
        Multiplier(T.Interleave(even0, odd0), threshold, scale).Store(mask);
        Multiplier(T.Interleave(even1, odd1), threshold, scale).Store(mask + 16);
        Multiplier(T.Interleave(even2, odd2), threshold, scale).Store(mask + 32);
        Multiplier(T.Interleave(even3, odd3), threshold, scale).Store(mask + 48);
    }

    /// <summary>The ten rounds, two at a time, for eight counters in the even lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scramble(T counters, in DropoutKey key, uint* keys, out T word0, out T word1, out T word2, out T word3)
    {
        T factor0 = T.BroadcastBits(Philox.Multiplier0), factor1 = T.BroadcastBits(Philox.Multiplier1);
        T c0 = counters;
        T c1 = T.BroadcastBits(key.Site);
        T c2 = T.BroadcastBits((uint)key.Step);
        T c3 = T.BroadcastBits((uint)(key.Step >> 32));
        for (uint* k = keys; k < keys + (2 * Philox.Rounds); k += 4)
        {
            T d3 = T.MultiplyEven(c0, factor0), d1 = T.MultiplyEven(c2, factor1);
            T d0 = T.Xor(T.OddToEven(d1), c1, T.BroadcastBits(k[0]));
            T d2 = T.Xor(T.OddToEven(d3), c3, T.BroadcastBits(k[1]));
            c3 = T.MultiplyEven(d0, factor0);
            c1 = T.MultiplyEven(d2, factor1);
            c0 = T.Xor(T.OddToEven(c1), d1, T.BroadcastBits(k[2]));
            c2 = T.Xor(T.OddToEven(c3), d3, T.BroadcastBits(k[3]));
        }

        word0 = c0;
        word1 = c1;
        word2 = c2;
        word3 = c3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Multiplier(T word, T threshold, T scale) =>
        T.Select(T.Less(T.FromInt32(T.ShiftRight(word, 8)), threshold), T.Zero, scale);
}
