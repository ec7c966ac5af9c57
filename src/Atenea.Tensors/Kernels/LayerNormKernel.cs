using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>
/// Layer normalisation of h = dropout(x) + residual (residual and dropout optional), rows of one sequence independent of all others.
/// Without centering it is RMS normalisation: the mean counts as 0, in both directions. Mean and biased variance are taken in two passes
/// over a row that stays in the first-level cache; four accumulators of sixteen lanes, added pairwise and then by the fixed tree, give the
/// same bits on every instruction set.
/// </summary>
internal static unsafe class LayerNormKernel
{
    private const int Unrolled = 4 * 16;

    /// <summary>Normalises rows.</summary>
    public static void Forward<T>(WorkerTeam team, NormForward operands)
        where T : struct, ILanes<T> => team.Run(Elementwise.RowTasks(operands.Rows, operands.Columns), &ForwardRows<T>, &operands);

    /// <summary>Gradients of input, residual and parameters; those of the parameters are summed by chunks of rows first.</summary>
    public static void Backward<T>(Workspace workspace, in NormBackward operands)
        where T : struct, ILanes<T>
    {
        int columns = operands.Columns, chunks = ColumnSum.Chunks(operands.Rows);
        float* partials = workspace.Scratch(chunks * PartialSize(columns));
        var state = new BackwardState { Operands = operands, Partials = partials };
        workspace.Team.Run(chunks, &BackwardChunk<T>, &state);
        ColumnSum.Reduce<T>(workspace.Team, partials, chunks, columns, PartialSize(columns), operands.WeightGradient);
        ColumnSum.Reduce<T>(workspace.Team, partials + columns, chunks, columns, PartialSize(columns), operands.BiasGradient);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardRows<T>(void* shared, int task)
        where T : struct, ILanes<T>
    {
        var state = (NormForward*)shared;
        int columns = state->Columns;
        int perTask = Elementwise.RowsPerTask(columns), end = Math.Min(state->Rows, (task + 1) * perTask);
        for (int row = task * perTask; row < end; row++)
        {
            long offset = (long)row * columns;
            float* output = state->Output + offset;
            float* h = state->X + offset;
            if (!state->Residual.IsNone)
            {
                Combine<T>(h, state->Residual + offset, output, offset, columns, state->Dropout);
                h = output;
            }

            float mean = state->Centered ? Sum<T>(h, columns) / columns : 0f;
            float deviation = 1f / MathF.Sqrt((SquaredDistance<T>(h, columns, mean) / columns) + state->Epsilon);
            Normalise<T>(h, state->Weight, state->Bias, output, columns, mean, deviation);
            if (state->Statistics.IsNone) continue;
            float* statistics = state->Statistics + (2L * row);
            statistics[0] = mean;
            statistics[1] = deviation;
        }
    }

    /// <summary>h = x * mask + residual; the mask is written into <paramref name="h"/> first, which saves a buffer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine<T>(float* x, float* residual, float* h, long position, int columns, in DropoutKey dropout)
        where T : struct, ILanes<T>
    {
        int i = 0;
        if (dropout.Probability == 0)
        {
            for (; i <= columns - 16; i += 16) (T.Load(x + i) + T.Load(residual + i)).Store(h + i);
            for (; i < columns; i++) h[i] = x[i] + residual[i];
            return;
        }

        DropoutMask<T>.Fill(h, position, columns, dropout);
        for (; i <= columns - 16; i += 16) T.MultiplyAdd(T.Load(x + i), T.Load(h + i), T.Load(residual + i)).Store(h + i);
        for (; i < columns; i++) h[i] = MathF.FusedMultiplyAdd(x[i], h[i], residual[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Sum<T>(float* h, int columns)
        where T : struct, ILanes<T>
    {
        T a = T.Zero, b = T.Zero, c = T.Zero, d = T.Zero;
        int i = 0;
        for (; i <= columns - Unrolled; i += Unrolled)
        {
            a += T.Load(h + i);
            b += T.Load(h + i + 16);
            c += T.Load(h + i + 32);
            d += T.Load(h + i + 48);
        }

        for (; i <= columns - 16; i += 16) a += T.Load(h + i);
        if (i < columns) b += T.LoadPartial(h + i, columns - i);
        return ((a + b) + (c + d)).Sum();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float SquaredDistance<T>(float* h, int columns, float mean)
        where T : struct, ILanes<T>
    {
        T center = T.Broadcast(mean);
        T a = T.Zero, b = T.Zero, c = T.Zero, d = T.Zero;
        int i = 0;
        for (; i <= columns - Unrolled; i += Unrolled)
        {
            T e = T.Load(h + i) - center, f = T.Load(h + i + 16) - center, g = T.Load(h + i + 32) - center, k = T.Load(h + i + 48) - center;
            a = T.MultiplyAdd(e, e, a);
            b = T.MultiplyAdd(f, f, b);
            c = T.MultiplyAdd(g, g, c);
            d = T.MultiplyAdd(k, k, d);
        }

        for (; i <= columns - 16; i += 16)
        {
            T e = T.Load(h + i) - center;
            a = T.MultiplyAdd(e, e, a);
        }

        if (i < columns)
        {
            T e = T.And(LaneTail<T>.Mask(columns - i), T.LoadPartial(h + i, columns - i) - center);
            b = T.MultiplyAdd(e, e, b);
        }

        return ((a + b) + (c + d)).Sum();
    }

    /// <summary>y = (h - mean) * deviation * weight + bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalise<T>(float* h, float* weight, float* bias, float* y, int columns, float mean, float deviation)
        where T : struct, ILanes<T>
    {
        T center = T.Broadcast(mean), factor = T.Broadcast(deviation);
        int i = 0;
        if (bias is null)
        {
            for (; i <= columns - 16; i += 16) (((T.Load(h + i) - center) * factor) * T.Load(weight + i)).Store(y + i);
            for (; i < columns; i++) y[i] = ((h[i] - mean) * deviation) * weight[i];
            return;
        }

        for (; i <= columns - 16; i += 16)
            T.MultiplyAdd((T.Load(h + i) - center) * factor, T.Load(weight + i), T.Load(bias + i)).Store(y + i);
        for (; i < columns; i++) y[i] = MathF.FusedMultiplyAdd((h[i] - mean) * deviation, weight[i], bias[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardChunk<T>(void* shared, int chunk)
        where T : struct, ILanes<T>
    {
        ref readonly NormBackward state = ref ((BackwardState*)shared)->Operands;
        int columns = state.Columns;
        float* dWeight = ((BackwardState*)shared)->Partials + (chunk * PartialSize(columns));
        float* dBias = dWeight + columns;
        float* normal = dBias + columns; // one row of (h - mean) * deviation
        float* mask = normal + columns; // one row of dropout multipliers
        new Span<float>(dWeight, 2 * columns).Clear();
        int end = Math.Min(state.Rows, (chunk + 1) * ColumnSum.ChunkRows);
        for (int row = chunk * ColumnSum.ChunkRows; row < end; row++)
        {
            long offset = (long)row * columns;
            float* h = state.X + offset;
            if (!state.Residual.IsNone)
            {
                if (state.Dropout.Probability != 0) DropoutMask<T>.Fill(mask, offset, columns, state.Dropout);
                Rebuild<T>(h, state.Residual + offset, state.Dropout.Probability != 0 ? mask : null, normal, columns);
                h = normal;
            }

            float* statistics = state.Statistics + (2L * row);
            float mean = statistics[0], deviation = statistics[1];
            float* dOutput = state.OutputGradient + offset;
            ReduceRow<T>(h, state.Weight, dOutput, normal, dWeight, dBias, columns, mean, deviation, out float sum, out float product);
            float meanGradient = state.Centered ? sum / columns : 0f, meanProduct = product / columns;
            float* residualGradient = state.ResidualGradient.Data + offset; // none stays null
            float* inputGradient = state.InputGradient.Data + offset;
            float* multiplier = state.Dropout.Probability != 0 ? mask : null;
            InputGradient<T>(state, dOutput, normal, multiplier, residualGradient, inputGradient, deviation, meanGradient, meanProduct);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rebuild<T>(float* x, float* residual, float* mask, float* h, int columns)
        where T : struct, ILanes<T>
    {
        int i = 0;
        if (mask is null)
        {
            for (; i <= columns - 16; i += 16) (T.Load(x + i) + T.Load(residual + i)).Store(h + i);
            for (; i < columns; i++) h[i] = x[i] + residual[i];
            return;
        }

        for (; i <= columns - 16; i += 16) T.MultiplyAdd(T.Load(x + i), T.Load(mask + i), T.Load(residual + i)).Store(h + i);
        for (; i < columns; i++) h[i] = MathF.FusedMultiplyAdd(x[i], mask[i], residual[i]);
    }

    /// <summary>
    /// One row: normal = (h - mean) * deviation, dWeight += dy * normal, dBias += dy, and the sums of g and g * normal with g = dy *
    /// weight.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReduceRow<T>(
        float* h, float* weight, float* dy, float* normal, float* dWeight, float* dBias, int columns, float mean, float deviation,
        out float sum, out float product)
        where T : struct, ILanes<T>
    {
        T center = T.Broadcast(mean), factor = T.Broadcast(deviation);
        T sum0 = T.Zero, sum1 = T.Zero, product0 = T.Zero, product1 = T.Zero;
        int i = 0;
        for (; i <= columns - 32; i += 32)
        {
            T n0 = (T.Load(h + i) - center) * factor, n1 = (T.Load(h + i + 16) - center) * factor;
            T d0 = T.Load(dy + i), d1 = T.Load(dy + i + 16);
            T g0 = d0 * T.Load(weight + i), g1 = d1 * T.Load(weight + i + 16);
            n0.Store(normal + i);
            n1.Store(normal + i + 16);
            T.MultiplyAdd(d0, n0, T.Load(dWeight + i)).Store(dWeight + i);
            T.MultiplyAdd(d1, n1, T.Load(dWeight + i + 16)).Store(dWeight + i + 16);
            (T.Load(dBias + i) + d0).Store(dBias + i);
            (T.Load(dBias + i + 16) + d1).Store(dBias + i + 16);
            sum0 += g0;
            sum1 += g1;
            product0 = T.MultiplyAdd(g0, n0, product0);
            product1 = T.MultiplyAdd(g1, n1, product1);
        }

        for (; i < columns; i += 16)
        {
            int count = Math.Min(16, columns - i);
            T n = (T.LoadPartial(h + i, count) - center) * factor;
            T d = T.LoadPartial(dy + i, count); // zeros beyond the row end every product below
            T g = d * T.LoadPartial(weight + i, count);
            n.StorePartial(normal + i, count);
            T.MultiplyAdd(d, n, T.LoadPartial(dWeight + i, count)).StorePartial(dWeight + i, count);
            (T.LoadPartial(dBias + i, count) + d).StorePartial(dBias + i, count);
            sum0 += g;
            product0 = T.MultiplyAdd(g, n, product0);
        }

        sum = (sum0 + sum1).Sum();
        product = (product0 + product1).Sum();
    }

    /// <summary>
    /// dh = deviation * (g - mean(g) - normal * mean(g * normal)) for the residual, and times the dropout multipliers for x.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InputGradient<T>(
        in NormBackward state, float* dy, float* normal, float* multiplier, float* residual, float* input, float deviation,
        float meanGradient, float meanProduct)
        where T : struct, ILanes<T>
    {
        int columns = state.Columns;
        float* weight = state.Weight;
        bool addResidual = state.ResidualGradient.Accumulate, addInput = state.InputGradient.Accumulate;
        T factor = T.Broadcast(deviation), first = T.Broadcast(meanGradient), second = T.Broadcast(meanProduct);
        int i = 0;
        for (; i <= columns - 16; i += 16)
        {
            T g = T.NegatedMultiplyAdd(T.Load(normal + i), second, (T.Load(dy + i) * T.Load(weight + i)) - first) * factor;
            if (residual is not null) (addResidual ? T.Load(residual + i) + g : g).Store(residual + i);
            if (input is null) continue;
            if (multiplier is not null) g *= T.Load(multiplier + i);
            (addInput ? T.Load(input + i) + g : g).Store(input + i);
        }

        if (i == columns) return;
        int count = columns - i;
        T rest = T.NegatedMultiplyAdd(T.LoadPartial(normal + i, count), second,
            (T.LoadPartial(dy + i, count) * T.LoadPartial(weight + i, count)) - first) * factor;
        if (residual is not null) (addResidual ? T.LoadPartial(residual + i, count) + rest : rest).StorePartial(residual + i, count);
        if (input is null) return;
        if (multiplier is not null) rest *= T.LoadPartial(multiplier + i, count);
        (addInput ? T.LoadPartial(input + i, count) + rest : rest).StorePartial(input + i, count);
    }

    // Floats of a chunk's partial sums: dWeight, dBias and two rows of scratch.
    private static long PartialSize(int columns) => 4L * columns;

    private struct BackwardState
    {
        public NormBackward Operands;
        public float* Partials; // [chunks, PartialSize]
    }
}
