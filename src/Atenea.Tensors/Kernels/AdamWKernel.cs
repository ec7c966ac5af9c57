using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>The AdamW update: one pass over memory.</summary>
internal static unsafe class AdamWKernel
{
    private const int ChunkElements = 8192; // four streams of 32 KiB

    /// <summary>Runs it.</summary>
    public static void Run<T>(WorkerTeam team, AdamWUpdate update)
        where T : struct, ILanes<T> => team.Run(checked((int)((update.Length + ChunkElements - 1) / ChunkElements)), &Chunk<T>, &update);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Chunk<T>(void* shared, int chunk)
        where T : struct, ILanes<T>
    {
        var state = (AdamWUpdate*)shared;
        long first = (long)chunk * ChunkElements;
        int count = (int)Math.Min(ChunkElements, state->Length - first);
        float* p = state->P + first;
        float* g = state->G + first;
        float* m = state->M + first;
        float* v = state->V + first;
        int i = 0;
        for (; i <= count - 16; i += 16)
        {
            T m1 = T.Load(m + i), v1 = T.Load(v + i);
            T p1 = Update(state, T.Load(p + i), T.Load(g + i), ref m1, ref v1);
            m1.Store(m + i);
            v1.Store(v + i);
            p1.Store(p + i);
        }

        if (i == count) return;
        int rest = count - i;
        T m2 = T.LoadPartial(m + i, rest), v2 = T.LoadPartial(v + i, rest);
        T p2 = Update(state, T.LoadPartial(p + i, rest), T.LoadPartial(g + i, rest), ref m2, ref v2);
        m2.StorePartial(m + i, rest);
        v2.StorePartial(v + i, rest);
        p2.StorePartial(p + i, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Update<T>(AdamWUpdate* state, T p, T g, ref T m, ref T v)
        where T : struct, ILanes<T>
    {
        g *= T.Broadcast(state->GradientScale);
        m = T.MultiplyAdd(g - m, T.Broadcast(state->Blend1), m);
        v = T.MultiplyAdd(g * T.Broadcast(state->Blend2), g, v * T.Broadcast(state->Beta2));
        T root = T.MultiplyAdd(T.Sqrt(v), T.Broadcast(state->RootFactor), T.Broadcast(state->Epsilon));
        return p - T.MultiplyAdd(T.Broadcast(state->StepSize), m / root, p * T.Broadcast(state->Decay));
    }
}
