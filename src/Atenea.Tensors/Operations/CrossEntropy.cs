using System.Runtime.CompilerServices;
using Atenea.Errors;

namespace Atenea.Tensors;

public sealed unsafe partial class Tape
{
    /// <summary>
    /// Cross-entropy of softmax(logits) against class labels: per row (1 - s) * -log p[label] + s * mean over classes of -log p, summed
    /// over the rows whose label is not ignored. The count is the number of those rows.
    /// </summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="labels">One class per row, or <paramref name="ignoreIndex"/>.</param>
    /// <param name="ignoreIndex">Label of rows that do not count.</param>
    /// <param name="labelSmoothing">s in [0, 1].</param>
    /// <exception cref="AteneaException">ATN0602: not one label per row. ATN0603: a label that is no class.</exception>
    public Loss CrossEntropy(Tensor logits, ReadOnlySpan<int> labels, int ignoreIndex = -100, float labelSmoothing = 0)
    {
        if (labels.Length != logits.Rows) throw new AteneaException(Catalogue.ShapeMismatch, $"{labels.Length} labels for {logits.Rows} rows", "labels");
        long count = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == ignoreIndex) continue;
            count++;
            if ((uint)labels[i] >= (uint)logits.Columns)
                throw new AteneaException(Catalogue.IdOutOfRange, $"label {labels[i]} at position {i}, but there are {logits.Columns} classes", "labels");
        }

        float* gradient = NeedsGradient(logits) ? SavedFloats(logits.Length) : null;
        float* rowLosses = Scratch(logits.Rows);
        fixed (int* pinned = labels)
        {
            var state = new CrossEntropyState
            {
                Logits = logits.Data,
                Labels = pinned,
                Gradient = gradient,
                RowLosses = rowLosses,
                Rows = logits.Rows,
                Classes = logits.Columns,
                RowsPerTask = Math.Max(1, Elementwise.ChunkElements / Math.Max(1, logits.Columns)),
                IgnoreIndex = ignoreIndex,
                Smoothing = labelSmoothing,
            };
            delegate*<void*, int, void> body = Isa.Current switch
            {
                InstructionSet.Avx512 => &CrossEntropyKernel<Lanes512>.Rows,
                InstructionSet.Avx2 => &CrossEntropyKernel<Lanes256>.Rows,
                _ => &CrossEntropyKernel<LanesPortable>.Rows,
            };
            Team.Run((logits.Rows + state.RowsPerTask - 1) / state.RowsPerTask, body, &state);
        }

        double sum = 0;
        for (int i = 0; i < logits.Rows; i++) sum += rowLosses[i];
        ReturnScratch(rowLosses, logits.Rows);
        return new Loss(sum, count, logits, gradient);
    }
}

/// <summary>What the tasks of a cross-entropy share.</summary>
internal unsafe struct CrossEntropyState
{
    public float* Logits;
    public int* Labels;
    public float* Gradient; // null in inference
    public float* RowLosses;
    public int Rows;
    public int Classes;
    public int RowsPerTask;
    public int IgnoreIndex;
    public float Smoothing;
}

/// <summary>Row losses and, along with them, d sum / d logits = softmax - (1 - s) * [class = label] - s / classes.</summary>
internal static unsafe class CrossEntropyKernel<T>
    where T : struct, ILanes<T>
{
    public static void Rows(void* shared, int task)
    {
        var state = (CrossEntropyState*)shared;
        int end = Math.Min(state->Rows, (task + 1) * state->RowsPerTask);
        for (int row = task * state->RowsPerTask; row < end; row++) Row(state, row);
    }

    private static void Row(CrossEntropyState* state, int row)
    {
        int classes = state->Classes, label = state->Labels[row];
        float* gradient = state->Gradient is null ? null : state->Gradient + ((long)row * classes);
        if (label == state->IgnoreIndex)
        {
            if (gradient is not null) new Span<float>(gradient, classes).Clear();
            state->RowLosses[row] = 0;
            return;
        }

        state->RowLosses[row] = Row(state->Logits + ((long)row * classes), gradient, classes, label, state->Smoothing);
    }

    /// <summary>The loss of one row; its gradient is written where that is not null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Row(float* logits, float* gradient, int classes, int label, float smoothing)
    {
        float maximum = SoftmaxKernel<T>.Maximum(logits, classes);
        float sum = SoftmaxKernel<T>.Exponentials(logits, gradient, classes, maximum);
        float logSum = SoftmaxKernel<T>.Log(sum);
        float loss = logSum - (logits[label] - maximum);
        float spread = smoothing / classes;
        if (smoothing != 0) loss = ((1 - smoothing) * loss) + (smoothing * (logSum - (ShiftedSum(logits, classes, maximum) / classes)));
        if (gradient is null) return loss;

        T factor = T.Broadcast(1f / sum), offset = T.Broadcast(spread);
        int i = 0;
        for (; i <= classes - 16; i += 16) ((T.Load(gradient + i) * factor) - offset).Store(gradient + i);
        if (i < classes) ((T.LoadPartial(gradient + i, classes - i) * factor) - offset).StorePartial(gradient + i, classes - i);
        gradient[label] -= 1 - smoothing;
        return loss;
    }

    private static float ShiftedSum(float* logits, int classes, float maximum)
    {
        T shift = T.Broadcast(maximum);
        T sum = T.Zero;
        for (int i = 0; i < classes; i += 16)
        {
            int lanes = Math.Min(16, classes - i);
            sum += T.And(LaneTail<T>.Mask(lanes), T.LoadPartial(logits + i, lanes) - shift);
        }

        return sum.Sum();
    }
}
