namespace Atenea.Tensors;

/// <summary>Rows beside their neighbours, and back. A task owns some rows of its result.</summary>
internal static unsafe class UnfoldKernels
{
    private const int RowsPerTask = 32;

    /// <summary>Fills the wide rows.</summary>
    public static void Forward(WorkerTeam team, Unfolding operands) => team.Run(Tasks(operands.Rows), &Gather, &operands);

    /// <summary>Adds up the narrow rows' gradient, in the order of the neighbours.</summary>
    public static void Backward(WorkerTeam team, Unfolding operands) => team.Run(Tasks(operands.Rows), &Scatter, &operands);

    private static int Tasks(int rows) => (rows + RowsPerTask - 1) / RowsPerTask;

    private static void Gather(void* shared, int task)
    {
        var state = (Unfolding*)shared;
        int columns = state->Columns, kernel = state->Kernel, half = kernel / 2, sequence = 0;
        for (int row = task * RowsPerTask; row < Math.Min(state->Rows, (task + 1) * RowsPerTask); row++)
        {
            sequence = SequenceOf(state->Offsets, row, sequence);
            float* target = state->Wide + ((long)row * columns * kernel);
            for (int t = 0; t < kernel; t++)
            {
                float* source = Row(state->Offsets, sequence, row + t - half, state->Narrow, columns);
                for (int c = 0; c < columns; c++) target[(c * kernel) + t] = source is null ? 0f : source[c];
            }
        }
    }

    private static void Scatter(void* shared, int task)
    {
        var state = (Unfolding*)shared;
        int columns = state->Columns, kernel = state->Kernel, half = kernel / 2, sequence = 0;
        for (int row = task * RowsPerTask; row < Math.Min(state->Rows, (task + 1) * RowsPerTask); row++)
        {
            sequence = SequenceOf(state->Offsets, row, sequence);
            float* target = state->Narrow + ((long)row * columns);
            if (!state->Accumulate) new Span<float>(target, columns).Clear();
            for (int t = 0; t < kernel; t++)
            {
                float* source = Row(state->Offsets, sequence, row - t + half, state->Wide, columns * kernel);
                for (int c = 0; source is not null && c < columns; c++) target[c] += source[(c * kernel) + t];
            }
        }
    }

    /// <summary>The sequence that a row belongs to, sought from an earlier one on.</summary>
    private static int SequenceOf(int* offsets, int row, int sequence)
    {
        while (offsets[sequence + 1] <= row) sequence++;
        return sequence;
    }

    /// <summary>A row of the same sequence, or null beyond its ends.</summary>
    private static float* Row(int* offsets, int sequence, int row, float* matrix, int columns) =>
        row < offsets[sequence] || row >= offsets[sequence + 1] ? null : matrix + ((nint)row * columns);
}
