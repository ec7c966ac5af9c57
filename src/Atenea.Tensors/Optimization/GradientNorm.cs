using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Atenea.Tensors;

/// <summary>The 2-norm of all gradients together, as gradient clipping needs it.</summary>
public static unsafe class GradientNorm
{
    private const int ChunkElements = 65536;

    /// <summary>
    /// sqrt(sum of squares) over the gradients of every parameter that has one. Squares are summed in double precision, in which they are
    /// exact and cannot overflow, over fixed chunks whose sums are added in order: the same bits for any number of threads.
    /// </summary>
    /// <param name="backend">Runs the chunks.</param>
    /// <param name="parameters">The parameters; those without a gradient count as zeros.</param>
    /// <param name="nonFinite">The first parameter whose gradient holds a NaN or an infinity, else null.</param>
    public static double Global(Backend backend, IReadOnlyList<Parameter> parameters, out Parameter? nonFinite)
    {
        nonFinite = null;
        int most = 0;
        for (int i = 0; i < parameters.Count; i++) most = Math.Max(most, Chunks(parameters[i]));
        nuint bytes = (nuint)Math.Max(1, most) * sizeof(double);
        double* sums = (double*)NativeBlock.Allocate(bytes);
        double total = 0;
        try
        {
            for (int i = 0; i < parameters.Count; i++)
            {
                Parameter parameter = parameters[i];
                if (!parameter.HasGradient) continue;
                double sum = SquaredSum(backend.Team, parameter, sums);
                if (!double.IsFinite(sum)) nonFinite ??= parameter;
                total += sum;
            }
        }
        finally
        {
            NativeBlock.Free(sums, bytes);
        }

        return Math.Sqrt(total);
    }

    /// <summary>The 2-norm of all gradients together.</summary>
    /// <param name="backend">Runs the chunks.</param>
    /// <param name="parameters">The parameters; those without a gradient count as zeros.</param>
    public static double Global(Backend backend, IReadOnlyList<Parameter> parameters) => Global(backend, parameters, out _);

    private static int Chunks(Parameter parameter) => checked((int)((parameter.Length + ChunkElements - 1) / ChunkElements));

    private static double SquaredSum(WorkerTeam team, Parameter parameter, double* sums)
    {
        int chunks = Chunks(parameter);
        var state = new State { Gradient = parameter.Gradient, Sums = sums, Length = parameter.Length };
        team.Run(chunks, &Chunk, &state);
        double sum = 0;
        for (int i = 0; i < chunks; i++) sum += sums[i];
        return sum;
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
        float* g = state->Gradient + first;
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
        public float* Gradient;
        public double* Sums;
        public long Length;
    }
}
