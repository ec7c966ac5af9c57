using Atenea.Errors;

namespace Atenea.Tensors;

public sealed unsafe partial class Tape
{
    /// <summary>
    /// Every row beside its neighbours in the sequence, zeros beyond its ends: what turns a convolution over tokens into one product. With
    /// a kernel of k tokens, column c * k + t holds column c of the row t - (k - 1) / 2 further, which is the layout of PyTorch's
    /// convolution weights
    /// [out, in, k].
    /// </summary>
    /// <param name="x">[tokens, columns].</param>
    /// <param name="offsets">First token of each sequence, then the number of tokens: [sequences + 1].</param>
    /// <param name="kernel">Tokens that the convolution spans, odd.</param>
    /// <returns>[tokens, columns * kernel].</returns>
    /// <exception cref="AteneaException">ATN0602: the offsets do not cover the rows.</exception>
    public Tensor Unfold(Tensor x, ReadOnlySpan<int> offsets, int kernel)
    {
        RequireOffsets(offsets, x.Rows, "convolution");
        if (kernel < 1 || kernel % 2 == 0) throw new ArgumentOutOfRangeException(nameof(kernel), kernel, "expected an odd number");
        Tensor output = New(x.Rows, checked(x.Columns * kernel), NeedsGradient(x));
        fixed (int* first = offsets)
        {
            var state = new UnfoldState { Narrow = x.Data, Wide = output.Data, Offsets = first, Sequences = offsets.Length - 1, Columns = x.Columns, Kernel = kernel };
            Team.Run(UnfoldState.Tasks(x.Rows), &UnfoldState.Gather, &state);
        }

        if (output.Slot >= 0)
        {
            UnfoldNode node = Record<UnfoldNode>(output);
            node.X = x;
            node.Offsets = Saved(offsets);
            node.Sequences = offsets.Length - 1;
            node.Kernel = kernel;
        }

        return output;
    }
}

/// <summary>dX[i, c] = sum over t of dOutput[i - t + (k - 1) / 2, c * k + t], in the order of t.</summary>
internal sealed unsafe class UnfoldNode : TapeNode
{
    public Tensor X;
    public int* Offsets;
    public int Sequences;
    public int Kernel;

    public override void Backward(Tape tape)
    {
        float* target = tape.GradientForWriting(X, out bool accumulate);
        var state = new UnfoldState
        {
            Narrow = target,
            Wide = tape.OutputGradient(Output),
            Offsets = Offsets,
            Sequences = Sequences,
            Columns = X.Columns,
            Kernel = Kernel,
            Accumulate = accumulate,
        };
        tape.Team.Run(UnfoldState.Tasks(X.Rows), &UnfoldState.Scatter, &state);
    }
}

/// <summary>What the tasks of an unfolding share. A task owns some rows of its result.</summary>
internal unsafe struct UnfoldState
{
    private const int RowsPerTask = 32;

    public float* Narrow;
    public float* Wide;
    public int* Offsets;
    public int Sequences;
    public int Columns;
    public int Kernel;
    public bool Accumulate;

    public static int Tasks(int rows) => (rows + RowsPerTask - 1) / RowsPerTask;

    public static void Gather(void* shared, int task)
    {
        var state = (UnfoldState*)shared;
        int columns = state->Columns, kernel = state->Kernel, half = kernel / 2, sequence = 0;
        for (int row = task * RowsPerTask; row < state->End(task); row++)
        {
            sequence = state->SequenceOf(row, sequence);
            float* target = state->Wide + ((nint)row * columns * kernel);
            for (int t = 0; t < kernel; t++)
            {
                float* source = state->Row(sequence, row + t - half, state->Narrow, columns);
                for (int c = 0; c < columns; c++) target[(c * kernel) + t] = source is null ? 0f : source[c];
            }
        }
    }

    public static void Scatter(void* shared, int task)
    {
        var state = (UnfoldState*)shared;
        int columns = state->Columns, kernel = state->Kernel, half = kernel / 2, sequence = 0;
        for (int row = task * RowsPerTask; row < state->End(task); row++)
        {
            sequence = state->SequenceOf(row, sequence);
            float* target = state->Narrow + ((nint)row * columns);
            if (!state->Accumulate) new Span<float>(target, columns).Clear();
            for (int t = 0; t < kernel; t++)
            {
                float* source = state->Row(sequence, row - t + half, state->Wide, columns * kernel);
                for (int c = 0; source is not null && c < columns; c++) target[c] += source[(c * kernel) + t];
            }
        }
    }

    private readonly int End(int task) => Math.Min(Offsets[Sequences], (task + 1) * RowsPerTask);

    /// <summary>The sequence that a row belongs to, sought from an earlier one on.</summary>
    private readonly int SequenceOf(int row, int sequence)
    {
        while (Offsets[sequence + 1] <= row) sequence++;
        return sequence;
    }

    /// <summary>A row of the same sequence, or null beyond its ends.</summary>
    private readonly float* Row(int sequence, int row, float* matrix, int columns) =>
        row < Offsets[sequence] || row >= Offsets[sequence + 1] ? null : matrix + ((nint)row * columns);
}
