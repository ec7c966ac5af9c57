using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Atenea.Tensors;

/// <summary>
/// Sum of squares in double precision, in which they are exact and cannot overflow, over fixed chunks whose sums are added in order: the
/// same bits for any number of threads.
/// </summary>
internal static unsafe class SquaredSumKernel
{
    private const int ChunkElements = 65536;

    /// <summary>Runs it.</summary>
    public static void Run(Workspace workspace, in SquaredSum operands)
    {
        int chunks = checked((int)((operands.Length + ChunkElements - 1) / ChunkElements));
        var sums = (double*)workspace.Scratch(2L * chunks);
        var state = new State { X = operands.X, Sums = sums, Length = operands.Length };
        workspace.Team.Run(chunks, &Chunk, &state);
        double sum = 0;
        for (int i = 0; i < chunks; i++) sum += sums[i];
        *(double*)(float*)operands.Sum = sum;
    }

    /// <summary>
    /// Sixteen virtual lanes of doubles in four accumulators. The square of a float is exact in double, so it makes no difference whether
    /// the processor fuses it with the addition, and one method serves every instruction set.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Chunk(void* shared, int chunk)
    {
        var state = (State*)shared;
        long first = (long)chunk * ChunkElements;
        int count = (int)Math.Min(ChunkElements, state->Length - first);
        float* g = state->X + first;
        Vector256<double> a = Vector256<double>.Zero, b = a, c = a, d = a;
        int i = 0;
        for (; i <= count - 16; i += 16)
        {
            Vector256<float> low = Vector256.Load(g + i), high = Vector256.Load(g + i + 8);
            (Vector256<double> p, Vector256<double> q) = Vector256.Widen(low);
            (Vector256<double> r, Vector256<double> s) = Vector256.Widen(high);
            a += p * p;
            b += q * q;
            c += r * r;
            d += s * s;
        }

        double rest = 0;
        for (; i < count; i++) rest += (double)g[i] * g[i];
        Vector256<double> four = (a + b) + (c + d);
        state->Sums[chunk] = ((four[0] + four[2]) + (four[1] + four[3])) + rest;
    }

    private struct State
    {
        public float* X;
        public double* Sums;
        public long Length;
    }
}
