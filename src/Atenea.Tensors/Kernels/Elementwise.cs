using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>Element by element over flat memory, in parallel over fixed chunks.</summary>
internal static unsafe class Elementwise
{
    /// <summary>Elements of one task: three operands of this size stay within a second-level cache.</summary>
    public const int ChunkElements = 16384;

    /// <summary>Number of tasks for <paramref name="length"/> elements.</summary>
    public static int Chunks(long length) => checked((int)((length + ChunkElements - 1) / ChunkElements));

    /// <summary>destination = scale * source, or += when <paramref name="accumulate"/> (rounded once).</summary>
    public static void AddScaled(WorkerTeam team, float* source, float scale, float* destination, bool accumulate, long length)
    {
        var state = new State { A = source, Result = destination, Length = length, Scale = scale, Accumulate = accumulate };
        delegate*<void*, int, void> body = Isa.Current switch
        {
            InstructionSet.Avx512 => &AddScaledChunk<Lanes512>,
            InstructionSet.Avx2 => &AddScaledChunk<Lanes256>,
            _ => &AddScaledChunk<LanesPortable>,
        };
        team.Run(Chunks(length), body, &state);
    }

    /// <summary>result = a + b.</summary>
    public static void Add(WorkerTeam team, float* a, float* b, float* result, long length)
    {
        var state = new State { A = a, B = b, Result = result, Length = length };
        delegate*<void*, int, void> body = Isa.Current switch
        {
            InstructionSet.Avx512 => &AddChunk<Lanes512>,
            InstructionSet.Avx2 => &AddChunk<Lanes256>,
            _ => &AddChunk<LanesPortable>,
        };
        team.Run(Chunks(length), body, &state);
    }

    /// <summary>Zeros.</summary>
    public static void Clear(WorkerTeam team, float* destination, long length)
    {
        var state = new State { Result = destination, Length = length };
        team.Run(Chunks(length), &ClearChunk, &state);
    }

    private static void ClearChunk(void* shared, int chunk)
    {
        var state = (State*)shared;
        long first = (long)chunk * ChunkElements;
        new Span<float>(state->Result + first, (int)Math.Min(ChunkElements, state->Length - first)).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaledChunk<T>(void* shared, int chunk)
        where T : struct, ILanes<T>
    {
        var state = (State*)shared;
        long first = (long)chunk * ChunkElements;
        int count = (int)Math.Min(ChunkElements, state->Length - first);
        float* source = state->A + first;
        float* result = state->Result + first;
        T scale = T.Broadcast(state->Scale);
        int i = 0;
        if (state->Accumulate)
        {
            for (; i <= count - 16; i += 16) T.MultiplyAdd(T.Load(source + i), scale, T.Load(result + i)).Store(result + i);
            if (i < count)
                T.MultiplyAdd(T.LoadPartial(source + i, count - i), scale, T.LoadPartial(result + i, count - i)).StorePartial(result + i, count - i);
        }
        else
        {
            for (; i <= count - 16; i += 16) (T.Load(source + i) * scale).Store(result + i);
            if (i < count) (T.LoadPartial(source + i, count - i) * scale).StorePartial(result + i, count - i);
        }
    }

    private static void AddChunk<T>(void* shared, int chunk)
        where T : struct, ILanes<T>
    {
        var state = (State*)shared;
        long first = (long)chunk * ChunkElements;
        RowKernels.Add<T>(state->A + first, state->B + first, state->Result + first, (int)Math.Min(ChunkElements, state->Length - first));
    }

    private struct State
    {
        public float* A;
        public float* B;
        public float* Result;
        public long Length;
        public float Scale;
        public bool Accumulate;
    }
}
