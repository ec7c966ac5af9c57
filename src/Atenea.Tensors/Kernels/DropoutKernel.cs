using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>y = x * mask, or +=.</summary>
internal static unsafe class DropoutKernel
{
    private const int PieceElements = 512; // multipliers that are computed at a time, into a buffer on the stack

    /// <summary>Runs it.</summary>
    public static void Run<T>(WorkerTeam team, Dropping dropping)
        where T : struct, ILanes<T> => team.Run(Elementwise.Chunks(dropping.Length), &Chunk<T>, &dropping);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Chunk<T>(void* shared, int chunk)
        where T : struct, ILanes<T>
    {
        var state = (Dropping*)shared;
        long end = Math.Min(state->Length, (chunk + 1L) * Elementwise.ChunkElements);
        float* mask = stackalloc float[PieceElements];
        for (long first = (long)chunk * Elementwise.ChunkElements; first < end; first += PieceElements)
        {
            int count = (int)Math.Min(PieceElements, end - first);
            DropoutMask<T>.Fill(mask, first, count, state->Key);
            float* x = state->X + first;
            float* y = state->Y.Data + first;
            int i = 0;
            if (state->Y.Accumulate)
            {
                for (; i <= count - 16; i += 16) (T.Load(y + i) + (T.Load(x + i) * T.Load(mask + i))).Store(y + i);
            }
            else
            {
                for (; i <= count - 16; i += 16) (T.Load(x + i) * T.Load(mask + i)).Store(y + i);
            }

            if (i == count) continue;
            T share = T.LoadPartial(x + i, count - i) * T.Load(mask + i);
            if (state->Y.Accumulate) share = T.LoadPartial(y + i, count - i) + share;
            share.StorePartial(y + i, count - i);
        }
    }
}
