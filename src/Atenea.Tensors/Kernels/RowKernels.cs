using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>Rows taken from a table by id, and their gradients added back.</summary>
internal static unsafe class RowKernels
{
    private const int RowsPerTask = 64;
    private const int SliceColumns = 64;

    /// <summary>Sums of rows of tables.</summary>
    public static void Gather<T>(WorkerTeam team, RowGather gather)
        where T : struct, ILanes<T> => team.Run((gather.Rows + RowsPerTask - 1) / RowsPerTask, &SumRows<T>, &gather);

    /// <summary>
    /// Gradients of the rows of a table. A task owns a slice of the columns and walks all rows, so equal ids are added in row order
    /// whatever the number of threads.
    /// </summary>
    public static void Scatter<T>(WorkerTeam team, RowScatter scatter)
        where T : struct, ILanes<T>
    {
        if (!scatter.Table.Accumulate) Elementwise.Clear(team, scatter.Table.Data, (long)scatter.TableRows * scatter.Columns);
        team.Run((scatter.Columns + SliceColumns - 1) / SliceColumns, &ScatterSlice<T>, &scatter);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumRows<T>(void* shared, int task)
        where T : struct, ILanes<T>
    {
        var state = (RowGather*)shared;
        int columns = state->Columns;
        int count = state->Count;
        int end = Math.Min(state->Rows, (task + 1) * RowsPerTask);
        for (int row = task * RowsPerTask; row < end; row++)
        {
            float* output = state->Output + ((long)row * columns);
            float* first = Row(state->Sources[0], row, columns);
            new ReadOnlySpan<float>(first, columns).CopyTo(new Span<float>(output, columns));
            for (int t = 1; t < count; t++)
            {
                float* next = Row(state->Sources[t], row, columns);
                int i = 0;
                for (; i <= columns - 16; i += 16) (T.Load(output + i) + T.Load(next + i)).Store(output + i);
                for (; i < columns; i++) output[i] += next[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScatterSlice<T>(void* shared, int slice)
        where T : struct, ILanes<T>
    {
        var state = (RowScatter*)shared;
        int columns = state->Columns;
        int first = slice * SliceColumns;
        int width = Math.Min(SliceColumns, columns - first);
        int* ids = state->Ids;
        for (int row = 0; row < state->Rows; row++)
        {
            int id = ids[row];
            if (id == state->SkippedId) continue;
            float* source = state->OutputGradient + ((long)row * columns) + first;
            float* target = state->Table.Data + ((long)id * columns) + first;
            int i = 0;
            for (; i <= width - 16; i += 16) (T.Load(target + i) + T.Load(source + i)).Store(target + i);
            for (; i < width; i++) target[i] += source[i];
        }
    }

    private static float* Row(in RowSource source, int row, int columns) => source.Table + ((long)((int*)source.Ids)[row] * columns);
}
