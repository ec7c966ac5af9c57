using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>Element by element over flat memory, in parallel over fixed chunks.</summary>
internal static unsafe class Elementwise
{
    /// <summary>Elements of one task: three operands of this size stay within a second-level cache.</summary>
    public const int ChunkElements = 16384;

    /// <summary>Number of tasks for <paramref name="length"/> elements.</summary>
    public static int Chunks(long length) => checked((int)((length + ChunkElements - 1) / ChunkElements));

    /// <summary>Rows of one task, of rows with <paramref name="columns"/> elements.</summary>
    public static int RowsPerTask(int columns) => Math.Max(1, ChunkElements / Math.Max(1, columns));

    /// <summary>Number of tasks for rows.</summary>
    public static int RowTasks(int rows, int columns) => (rows + RowsPerTask(columns) - 1) / RowsPerTask(columns);

    /// <summary>The elements [first, first + count) of a task.</summary>
    public static int Chunk(int task, long length, out long first)
    {
        first = (long)task * ChunkElements;
        return (int)Math.Min(ChunkElements, length - first);
    }

    /// <summary>Zeros.</summary>
    public static void Clear(WorkerTeam team, float* target, long length)
    {
        var state = new Scaling { Y = new GradientShare(new DeviceBuffer((nint)target), false), Length = length };
        team.Run(Chunks(length), &ClearChunk, &state);
    }

    /// <summary>y = factor * x, or y += factor * x.</summary>
    public static void Scale<T>(WorkerTeam team, Scaling scaling)
        where T : struct, ILanes<T> => team.Run(Chunks(scaling.Length), &ScaleChunk<T>, &scaling);

    /// <summary>y = a + b.</summary>
    public static void Add<T>(WorkerTeam team, Sum sum)
        where T : struct, ILanes<T> => team.Run(Chunks(sum.Length), &AddChunk<T>, &sum);

    /// <summary>target = left + right in one row; target may be either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddRow<T>(float* left, float* right, float* target, int count)
        where T : struct, ILanes<T>
    {
        int i = 0;
        for (; i + 16 <= count; i += 16) (T.Load(left + i) + T.Load(right + i)).Store(target + i);
        if (i < count) (T.LoadPartial(left + i, count - i) + T.LoadPartial(right + i, count - i)).StorePartial(target + i, count - i);
    }

    /// <summary>y = x, or y += x, row by row.</summary>
    public static void Copy<T>(WorkerTeam team, MatrixCopy copy)
        where T : struct, ILanes<T> => team.Run(RowTasks(copy.X.Rows, copy.X.Columns), &CopyRows<T>, &copy);

    private static void ClearChunk(void* shared, int chunk)
    {
        var state = (Scaling*)shared;
        int count = Chunk(chunk, state->Length, out long first);
        new Span<float>((float*)(state->Y.Data + first), count).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScaleChunk<T>(void* shared, int chunk)
        where T : struct, ILanes<T>
    {
        var state = (Scaling*)shared;
        int count = Chunk(chunk, state->Length, out long first);
        float* x = state->X + first;
        float* y = state->Y.Data + first;
        T factor = T.Broadcast(state->Factor);
        int i = 0;
        if (state->Y.Accumulate)
        {
            for (; i <= count - 16; i += 16) T.MultiplyAdd(T.Load(x + i), factor, T.Load(y + i)).Store(y + i);
            if (i < count)
                T.MultiplyAdd(T.LoadPartial(x + i, count - i), factor, T.LoadPartial(y + i, count - i)).StorePartial(y + i, count - i);
        }
        else
        {
            for (; i <= count - 16; i += 16) (T.Load(x + i) * factor).Store(y + i);
            if (i < count) (T.LoadPartial(x + i, count - i) * factor).StorePartial(y + i, count - i);
        }
    }

    private static void CopyRows<T>(void* shared, int task)
        where T : struct, ILanes<T>
    {
        var state = (MatrixCopy*)shared;
        int columns = state->X.Columns, perTask = RowsPerTask(columns), end = Math.Min(state->X.Rows, (task + 1) * perTask);
        for (int row = task * perTask; row < end; row++)
        {
            float* x = state->X.Data + (row * state->X.RowStride), y = state->Y.Data + (row * state->Y.RowStride);
            if (state->Accumulate) AddRow<T>(y, x, y, columns);
            else new ReadOnlySpan<float>(x, columns).CopyTo(new Span<float>(y, columns));
        }
    }

    private static void AddChunk<T>(void* shared, int chunk)
        where T : struct, ILanes<T>
    {
        var state = (Sum*)shared;
        int count = Chunk(chunk, state->Length, out long first);
        AddRow<T>(state->A + first, state->B + first, state->Y + first, count);
    }
}
