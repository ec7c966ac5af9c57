using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>Rows divided by their lengths, and back. Sums run over sixteen virtual lanes and end in the fixed tree.</summary>
internal static unsafe class RowLengthKernel
{
    /// <summary>Rows over their lengths.</summary>
    public static void Forward<T>(WorkerTeam team, RowLengthForward operands)
        where T : struct, ILanes<T> => team.Run(Elementwise.RowTasks(operands.Rows, operands.Columns), &ForwardRows<T>, &operands);

    /// <summary>Gradient of the rows.</summary>
    public static void Backward<T>(WorkerTeam team, RowLengthBackward operands)
        where T : struct, ILanes<T> => team.Run(Elementwise.RowTasks(operands.Rows, operands.Columns), &BackwardRows<T>, &operands);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardRows<T>(void* shared, int task)
        where T : struct, ILanes<T>
    {
        var state = (RowLengthForward*)shared;
        int columns = state->Columns;
        int perTask = Elementwise.RowsPerTask(columns), end = Math.Min(state->Rows, (task + 1) * perTask);
        for (int row = task * perTask; row < end; row++)
        {
            float* x = state->X + ((long)row * columns);
            float* y = state->Y + ((long)row * columns);
            T length = T.Broadcast(MathF.Max(MathF.Sqrt(Dot<T>(x, x, columns)), state->Epsilon));
            for (int i = 0; i < columns; i += 16)
            {
                int count = Math.Min(16, columns - i);
                (T.LoadPartial(x + i, count) / length).StorePartial(y + i, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardRows<T>(void* shared, int task)
        where T : struct, ILanes<T>
    {
        var state = (RowLengthBackward*)shared;
        int columns = state->Columns;
        int perTask = Elementwise.RowsPerTask(columns), end = Math.Min(state->Rows, (task + 1) * perTask);
        for (int row = task * perTask; row < end; row++)
        {
            long offset = (long)row * columns;
            float* y = state->Y + offset;
            float* dy = state->OutputGradient + offset;
            float* dx = state->InputGradient.Data + offset;
            float length = MathF.Sqrt(Dot<T>(state->X + offset, state->X + offset, columns));
            T along = T.Broadcast(length > state->Epsilon ? Dot<T>(y, dy, columns) : 0f);
            T divisor = T.Broadcast(MathF.Max(length, state->Epsilon));
            for (int i = 0; i < columns; i += 16)
            {
                int count = Math.Min(16, columns - i);
                T share = T.NegatedMultiplyAdd(T.LoadPartial(y + i, count), along, T.LoadPartial(dy + i, count)) / divisor;
                (state->InputGradient.Accumulate ? T.LoadPartial(dx + i, count) + share : share).StorePartial(dx + i, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot<T>(float* a, float* b, int count)
        where T : struct, ILanes<T>
    {
        T sum = T.Zero;
        for (int i = 0; i < count; i += 16)
        {
            int lanes = Math.Min(16, count - i);
            sum = T.MultiplyAdd(T.LoadPartial(a + i, lanes), T.LoadPartial(b + i, lanes), sum);
        }

        return sum.Sum();
    }
}
