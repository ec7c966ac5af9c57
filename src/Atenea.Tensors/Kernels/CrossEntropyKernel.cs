using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>Row losses and, along with them, d sum / d logits = softmax - (1 - s) * [class = label] - s / classes.</summary>
internal static unsafe class CrossEntropyKernel<T>
    where T : struct, ILanes<T>
{
    /// <summary>Cross-entropy of rows against labels.</summary>
    public static void Run(Workspace workspace, in CrossEntropy operands)
    {
        float* losses = workspace.Scratch(operands.Rows);
        var state = new State { Operands = operands, Losses = losses };
        workspace.Team.Run(Elementwise.RowTasks(operands.Rows, operands.Classes), &Rows, &state);
        double sum = 0;
        for (int i = 0; i < operands.Rows; i++) sum += losses[i];
        *(double*)(float*)operands.Sum = sum;
    }

    /// <summary>
    /// Cross-entropy over the tokens of each sequence: few and short rows, on the caller's thread, made contiguous and spread again.
    /// </summary>
    public static void Run(Workspace workspace, in PositionCrossEntropy operands)
    {
        int rows = operands.Rows, columns = operands.Columns;
        float* logits = operands.Logits + operands.Column, gradient = operands.Gradient;
        int* offsets = operands.Offsets, positions = operands.Positions;
        float* row = workspace.Scratch(2L * rows);
        float* rowGradient = gradient is null ? null : row + rows;
        if (gradient is not null) new Span<float>(gradient, checked(rows * columns)).Clear();
        for (int token = 0; token < rows; token++) row[token] = logits[(long)token * columns];
        double sum = 0;
        for (int s = 0; s < operands.Sequences; s++)
        {
            int first = offsets[s], length = offsets[s + 1] - first;
            if ((uint)positions[s] >= (uint)length) continue;
            sum += Row(row + first, rowGradient is null ? null : rowGradient + first, length, positions[s], operands.Smoothing);
            for (int token = first; gradient is not null && token < first + length; token++)
                gradient[((long)token * columns) + operands.Column] = rowGradient[token];
        }

        *(double*)(float*)operands.Sum = sum;
    }

    private static void Rows(void* shared, int task)
    {
        ref readonly CrossEntropy state = ref ((State*)shared)->Operands;
        float* losses = ((State*)shared)->Losses;
        int classes = state.Classes, perTask = Elementwise.RowsPerTask(classes), end = Math.Min(state.Rows, (task + 1) * perTask);
        int* labels = state.Labels;
        for (int row = task * perTask; row < end; row++)
        {
            float* gradient = state.Gradient + ((long)row * classes); // none stays null
            if (labels[row] != state.IgnoreIndex)
            {
                losses[row] = Row(state.Logits + ((long)row * classes), gradient, classes, labels[row], state.Smoothing);
                continue;
            }

            losses[row] = 0;
            if (gradient is not null) new Span<float>(gradient, classes).Clear();
        }
    }

    /// <summary>The loss of one row; its gradient is written where that is not null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Row(float* logits, float* gradient, int classes, int label, float smoothing)
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

    private struct State
    {
        public CrossEntropy Operands;
        public float* Losses; // [rows]
    }
}
