using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

public sealed unsafe partial class Tape
{
    /// <summary>
    /// Sets each element to zero with probability <paramref name="p"/> and scales the others by 1 / (1 - p), in
    /// <see cref="TapeMode.Training"/>;
    /// otherwise gives <paramref name="x"/> itself. The mask follows from (seed, step, site, element) alone and is never stored.
    /// </summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="p">In [0, 1).</param>
    public Tensor Dropout(Tensor x, float p)
    {
        DropoutKey key = NextDropout(p);
        if (key.Probability == 0) return x;
        Tensor output = New(x.Rows, x.Columns, NeedsGradient(x));
        DropoutKernel.Run(Team, x.Data, key, output.Data, accumulate: false, x.Length);
        if (output.Slot >= 0)
        {
            DropoutNode node = Record<DropoutNode>(output);
            node.X = x;
            node.Key = key;
        }

        return output;
    }

    /// <summary>The key of the next dropout of this step; its probability is 0 when nothing is to be dropped.</summary>
    internal DropoutKey NextDropout(float p)
    {
        if (!(p >= 0 && p < 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "A dropout probability lies in [0, 1).");
        return Mode == TapeMode.Training && p > 0 ? new DropoutKey(Seed, Step, NextDropoutSite(), p) : default;
    }
}

/// <summary>dX += mask * dOutput, with the mask computed again.</summary>
internal sealed unsafe class DropoutNode : TapeNode
{
    public Tensor X;
    public DropoutKey Key;

    public override void Backward(Tape tape)
    {
        float* target = tape.GradientForWriting(X, out bool accumulate);
        DropoutKernel.Run(tape.Team, tape.OutputGradient(Output), Key, target, accumulate, X.Length);
    }
}

/// <summary>result = x * mask, or += .</summary>
internal static unsafe class DropoutKernel
{
    private const int PieceElements = 512; // multipliers that are computed at a time, into a buffer on the stack

    public static void Run(WorkerTeam team, float* x, in DropoutKey key, float* result, bool accumulate, long length)
    {
        var state = new State { X = x, Result = result, Key = key, Length = length, Accumulate = accumulate };
        delegate*<void*, int, void> body = Isa.Current switch
        {
            InstructionSet.Avx512 => &Chunk<Lanes512>,
            InstructionSet.Avx2 => &Chunk<Lanes256>,
            _ => &Chunk<LanesPortable>,
        };
        team.Run(Elementwise.Chunks(length), body, &state);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Chunk<T>(void* shared, int chunk)
        where T : struct, ILanes<T>
    {
        var state = (State*)shared;
        long end = Math.Min(state->Length, (chunk + 1L) * Elementwise.ChunkElements);
        float* mask = stackalloc float[PieceElements];
        for (long first = (long)chunk * Elementwise.ChunkElements; first < end; first += PieceElements)
        {
            int count = (int)Math.Min(PieceElements, end - first);
            DropoutMask<T>.Fill(mask, first, count, state->Key);
            float* x = state->X + first;
            float* result = state->Result + first;
            int i = 0;
            if (state->Accumulate)
            {
                for (; i <= count - 16; i += 16) (T.Load(result + i) + (T.Load(x + i) * T.Load(mask + i))).Store(result + i);
            }
            else
            {
                for (; i <= count - 16; i += 16) (T.Load(x + i) * T.Load(mask + i)).Store(result + i);
            }

            if (i == count) continue;
            T share = T.LoadPartial(x + i, count - i) * T.Load(mask + i);
            if (state->Accumulate) share = T.LoadPartial(result + i, count - i) + share;
            share.StorePartial(result + i, count - i);
        }
    }

    private struct State
    {
        public float* X;
        public float* Result;
        public DropoutKey Key;
        public long Length;
        public bool Accumulate;
    }
}
