using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atenea.Tensors.Kernels;

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
    public static void Fill(float* mask, long start, int count, in DropoutKey key)
    {
        float* edge = stackalloc float[BlockElements];
        int done = 0;
        while (done < count)
        {
            long element = start + done;
            long block = element / BlockElements;
            int offset = (int)(element % BlockElements);
            int taken = Math.Min(BlockElements - offset, count - done);
            if (taken == BlockElements)
            {
                Block(mask + done, (uint)block, key);
            }
            else
            {
                Block(edge, (uint)block, key);
                for (int i = 0; i < taken; i++) mask[done + i] = edge[offset + i];
            }

            done += taken;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(float* mask, uint block, in DropoutKey key)
    {
        T lanes = T.Load((float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(LaneNumbers))); // data of the assembly: never moved
        T c0 = T.AddBits(lanes, T.BroadcastBits(block * ILanes<T>.Count));
        T c1 = T.BroadcastBits(key.Site);
        T c2 = T.BroadcastBits((uint)key.Step);
        T c3 = T.BroadcastBits((uint)(key.Step >> 32));
        uint key0 = (uint)key.Seed, key1 = (uint)(key.Seed >> 32);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            (T highA, T lowA) = T.MultiplyBits(c0, Philox.Multiplier0);
            (T highB, T lowB) = T.MultiplyBits(c2, Philox.Multiplier1);
            c0 = T.Xor(T.Xor(highB, c1), T.BroadcastBits(key0));
            c1 = lowB;
            c2 = T.Xor(T.Xor(highA, c3), T.BroadcastBits(key1));
            c3 = lowA;
            key0 += Philox.Weyl0;
            key1 += Philox.Weyl1;
        }

        // The upper 24 bits of a word are an exact float: uniform in [0, 2^24).
        T threshold = T.Broadcast(key.Probability * 16777216f);
        T scale = T.Broadcast(key.Scale);
        Multiplier(c0, threshold, scale).Store(mask);
        Multiplier(c1, threshold, scale).Store(mask + 16);
        Multiplier(c2, threshold, scale).Store(mask + 32);
        Multiplier(c3, threshold, scale).Store(mask + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Multiplier(T word, T threshold, T scale) =>
        T.Select(T.Less(T.FromInt32(T.ShiftRight(word, 8)), threshold), T.Zero, scale);
}
