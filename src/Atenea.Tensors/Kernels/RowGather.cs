using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>Rows taken from a table by id, and their gradients added back.</summary>
internal static unsafe class RowGather
{
    /// <summary>Most tables that one lookup adds up.</summary>
    public const int MaximumTables = 4;

    private const int RowsPerTask = 64;
    private const int SliceColumns = 64;

    /// <summary>output[r] = sum over the tables of table[ids[r]], in the order of the tables.</summary>
    /// <param name="team">Runs the rows.</param>
    /// <param name="tables">Up to four tables of <paramref name="columns"/> columns.</param>
    /// <param name="count">Number of tables.</param>
    /// <param name="rows">Rows of the output.</param>
    /// <param name="columns">Columns of the output and of every table.</param>
    /// <param name="output">[rows, columns].</param>
    public static void Sum(WorkerTeam team, Source* tables, int count, int rows, int columns, float* output)
    {
        var state = new GatherState { Tables = tables, Count = count, Rows = rows, Columns = columns, Output = output };
        delegate*<void*, int, void> body = Isa.Current switch
        {
            InstructionSet.Avx512 => &SumRows<Lanes512>,
            InstructionSet.Avx2 => &SumRows<Lanes256>,
            _ => &SumRows<LanesPortable>,
        };
        team.Run((rows + RowsPerTask - 1) / RowsPerTask, body, &state);
    }

    /// <summary>
    /// table[ids[r]] += gradient[r] for r in order, rows with <paramref name="skippedId"/> left out. A task owns a slice of the columns and
    /// walks all rows, so equal ids are added in row order whatever the number of threads.
    /// </summary>
    public static void ScatterAdd(WorkerTeam team, float* gradient, int* ids, int rows, int columns, int skippedId, float* table)
    {
        var state = new ScatterState { Gradient = gradient, Ids = ids, Rows = rows, Columns = columns, SkippedId = skippedId, Table = table };
        delegate*<void*, int, void> body = Isa.Current switch
        {
            InstructionSet.Avx512 => &ScatterSlice<Lanes512>,
            InstructionSet.Avx2 => &ScatterSlice<Lanes256>,
            _ => &ScatterSlice<LanesPortable>,
        };
        team.Run((columns + SliceColumns - 1) / SliceColumns, body, &state);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumRows<T>(void* shared, int task)
        where T : struct, ILanes<T>
    {
        var state = (GatherState*)shared;
        int columns = state->Columns;
        int count = state->Count;
        Source* tables = state->Tables;
        int end = Math.Min(state->Rows, (task + 1) * RowsPerTask);
        for (int row = task * RowsPerTask; row < end; row++)
        {
            float* output = state->Output + ((long)row * columns);
            float* first = tables[0].Data + ((long)tables[0].Ids[row] * columns);
            new ReadOnlySpan<float>(first, columns).CopyTo(new Span<float>(output, columns));
            for (int t = 1; t < count; t++)
            {
                float* next = tables[t].Data + ((long)tables[t].Ids[row] * columns);
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
        var state = (ScatterState*)shared;
        int columns = state->Columns;
        int first = slice * SliceColumns;
        int width = Math.Min(SliceColumns, columns - first);
        int* ids = state->Ids;
        for (int row = 0; row < state->Rows; row++)
        {
            int id = ids[row];
            if (id == state->SkippedId) continue;
            float* source = state->Gradient + ((long)row * columns) + first;
            float* target = state->Table + ((long)id * columns) + first;
            int i = 0;
            for (; i <= width - 16; i += 16) (T.Load(target + i) + T.Load(source + i)).Store(target + i);
            for (; i < width; i++) target[i] += source[i];
        }
    }

    /// <summary>A table and which of its rows are wanted.</summary>
    public struct Source
    {
        /// <summary>[table rows, columns].</summary>
        public float* Data;

        /// <summary>[rows], every one a row of the table.</summary>
        public int* Ids;
    }

    private struct GatherState
    {
        public Source* Tables;
        public float* Output;
        public int Count;
        public int Rows;
        public int Columns;
    }

    private struct ScatterState
    {
        public float* Gradient;
        public float* Table;
        public int* Ids;
        public int Rows;
        public int Columns;
        public int SkippedId;
    }
}
