namespace Atenea.Tensors;

public sealed unsafe partial class Tape
{
    /// <summary>
    /// f(x), element by element. Behind a linear layer, give the activation to <c>Linear</c> instead: it saves a pass over memory.
    /// </summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="f">The function.</param>
    public Tensor Activate(Tensor x, Activation f)
    {
        if (f == Activation.None) return x;
        Tensor output = New(x.Rows, x.Columns, NeedsGradient(x));
        var state = new ActivateState { F = f, X = x.Data, Result = output.Data, Length = x.Length };
        Team.Run(Elementwise.Chunks(x.Length), &ApplyChunk, &state);
        if (output.Slot >= 0)
        {
            ActivateNode node = Record<ActivateNode>(output);
            node.X = x;
            node.F = f;
        }

        return output;

        static void ApplyChunk(void* shared, int chunk)
        {
            var state = (ActivateState*)shared;
            long first = (long)chunk * Elementwise.ChunkElements;
            ActivationKernels.Apply(state->F, state->X + first, state->Result + first, (int)Math.Min(Elementwise.ChunkElements, state->Length - first));
        }
    }
}

/// <summary>dX += f'(x) dOutput, with f' computed again from x.</summary>
internal sealed unsafe class ActivateNode : TapeNode
{
    public Tensor X;
    public Activation F;

    public override void Backward(Tape tape)
    {
        float* target = tape.GradientForWriting(X, out bool accumulate);
        var state = new ActivateState
        {
            F = F,
            X = X.Data,
            OutputGradient = tape.OutputGradient(Output),
            Result = target,
            Length = X.Length,
            Accumulate = accumulate,
        };
        tape.Team.Run(Elementwise.Chunks(X.Length), &BackwardChunk, &state);
    }

    private static void BackwardChunk(void* shared, int chunk)
    {
        var state = (ActivateState*)shared;
        long first = (long)chunk * Elementwise.ChunkElements;
        int count = (int)Math.Min(Elementwise.ChunkElements, state->Length - first);
        ActivationKernels.Backward(state->F, state->X + first, state->OutputGradient + first, state->Result + first, count, state->Accumulate);
    }
}

/// <summary>What the tasks of an activation share.</summary>
internal unsafe struct ActivateState
{
    public float* X;
    public float* OutputGradient;
    public float* Result;
    public long Length;
    public Activation F;
    public bool Accumulate;
}
