using Atenea.Errors;

namespace Atenea.Tensors;

public sealed unsafe partial class Tape
{
    /// <summary>y = f(x W^T + b): a linear layer with its activation.</summary>
    /// <param name="x">[rows, in].</param>
    /// <param name="weight">[out, in], as in the checkpoint.</param>
    /// <param name="bias">[out], or null.</param>
    /// <param name="activation">Applied to the result.</param>
    /// <returns>[rows, out].</returns>
    /// <exception cref="AteneaException">ATN0602: shapes do not fit.</exception>
    public Tensor Linear(Tensor x, Parameter weight, Parameter? bias, Activation activation = Activation.None) =>
        Linear(x, [weight], [bias], activation);

    /// <summary>Several linear layers over the same input, their results side by side: query, key and value of an attention.</summary>
    /// <param name="x">[rows, in].</param>
    /// <param name="weights">One to <see cref="LinearNode.MostWeights"/> weights [out_i, in].</param>
    /// <param name="biases">A bias [out_i] or null for each weight.</param>
    /// <param name="activation">Applied to the result.</param>
    /// <returns>[rows, sum of out_i].</returns>
    /// <exception cref="AteneaException">ATN0602: shapes do not fit.</exception>
    public Tensor Linear(Tensor x, ReadOnlySpan<Parameter> weights, ReadOnlySpan<Parameter?> biases, Activation activation = Activation.None) =>
        Linear(x, weights, biases, default, activation);

    /// <summary>y = x W^T + b with a bias that was computed, for example by <see cref="HeadBias"/>.</summary>
    /// <param name="x">[rows, in].</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[1, out].</param>
    /// <returns>[rows, out].</returns>
    /// <exception cref="AteneaException">ATN0602: shapes do not fit.</exception>
    public Tensor Linear(Tensor x, Parameter weight, Tensor bias)
    {
        if (bias.Rows != 1 || bias.Columns != weight.Rows)
            throw new AteneaException(Catalogue.ShapeMismatch, $"a bias [{bias.Rows}, {bias.Columns}] for {weight.Rows} columns", weight.Name);
        return Linear(x, [weight], [null], bias, Activation.None);
    }

    private Tensor Linear(Tensor x, ReadOnlySpan<Parameter> weights, ReadOnlySpan<Parameter?> biases, Tensor computedBias, Activation activation)
    {
        int columns = 0;
        bool differentiable = NeedsGradient(x) || (!computedBias.IsEmpty && NeedsGradient(computedBias));
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i].RequireShape(weights[i].Rows, x.Columns);
            biases[i]?.RequireShape(1, weights[i].Rows);
            columns += weights[i].Rows;
            differentiable |= weights[i].RequiresGradient || biases[i] is { RequiresGradient: true };
        }

        Tensor y = New(x.Rows, columns, differentiable);
        bool recorded = y.Slot >= 0;
        float* before = recorded && activation != Activation.None ? SavedFloats(y.Length) : null;
        int column = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            Gemm.Run(Team, new Product
            {
                Rows = x.Rows,
                Columns = weights[i].Rows,
                Depth = x.Columns,
                A = x.Data,
                RowStride = x.Columns,
                DepthStride = 1,
                Panels = weights[i].PackedForForward(Team).Panels,
                C = y.Data + column,
                CStride = columns,
                Bias = biases[i] is { } bias ? bias.Data : computedBias.Data,
                Activation = activation,
                PreActivation = before is null ? null : before + column,
            });
            column += weights[i].Rows;
        }

        if (recorded) Record<LinearNode>(y).Set(x, weights, biases, computedBias, activation, before);
        return y;
    }
}

/// <summary>
/// Backward of y = f(x W^T + b). With g = dL/dy * f'(pre): dL/dx = g W, dL/dW = g^T x, dL/db = column sums of g.
/// </summary>
internal sealed unsafe class LinearNode : TapeNode
{
    /// <summary>The most layers that share one input.</summary>
    internal const int MostWeights = 3;

    private readonly Parameter?[] _weights = new Parameter?[MostWeights];
    private readonly Parameter?[] _biases = new Parameter?[MostWeights];
    private int _count;
    private Tensor _x;
    private Tensor _computedBias;
    private Activation _activation;
    private float* _before;

    public void Set(Tensor x, ReadOnlySpan<Parameter> weights, ReadOnlySpan<Parameter?> biases, Tensor computedBias, Activation activation, float* before)
    {
        _x = x;
        _computedBias = computedBias;
        _count = weights.Length;
        for (int i = 0; i < _count; i++) _weights[i] = weights[i];
        biases.CopyTo(_biases);
        _activation = activation;
        _before = before;
    }

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        float* g = tape.OutputGradient(Output);
        bool scratch = _activation != Activation.None && tape.KeepsGradients;
        if (_activation != Activation.None)
        {
            float* target = scratch ? tape.Scratch(Output.Length) : g; // In place: nothing reads the gradient after this node.
            ActivationRows.Backward(tape.Team, _activation, _before, g, target, Output.Rows, Output.Columns);
            g = target;
        }

        if (Tape.NeedsGradient(_x)) InputGradient(tape, g);
        WeightGradients(tape, g);
        if (scratch) tape.ReturnScratch(g, Output.Length);
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        Array.Clear(_weights);
        Array.Clear(_biases);
    }

    // dx [rows, in] = g [rows, out] W [out, in]; several layers add up.
    private void InputGradient(Tape tape, float* g)
    {
        float* dx = tape.GradientForWriting(_x, out bool accumulate);
        int column = 0;
        for (int i = 0; i < _count; i++)
        {
            Parameter w = _weights[i]!;
            long length = Packing.Length(w.Rows, w.Columns);
            float* panels = tape.Scratch(length);
            Packing.Plain(tape.Team, w.Data, w.Columns, w.Rows, w.Columns, panels);
            Gemm.Run(tape.Team, new Product
            {
                Rows = Output.Rows,
                Columns = w.Columns,
                Depth = w.Rows,
                A = g + column,
                RowStride = Output.Columns,
                DepthStride = 1,
                Panels = panels,
                C = dx,
                CStride = w.Columns,
                Accumulate = accumulate || i > 0,
            });
            tape.ReturnScratch(panels, length);
            column += w.Rows;
        }
    }

    // dW [out, in] = g^T [out, rows] x [rows, in]; x is packed once for all layers that share it.
    private void WeightGradients(Tape tape, float* g)
    {
        long length = Packing.Length(_x.Rows, _x.Columns);
        float* panels = null;
        int column = 0;
        for (int i = 0; i < _count; i++)
        {
            Parameter w = _weights[i]!;
            if (w.RequiresGradient)
            {
                if (panels is null)
                {
                    panels = tape.Scratch(length);
                    Packing.Plain(tape.Team, _x.Data, _x.Columns, _x.Rows, _x.Columns, panels);
                }

                float* dw = w.GradientForWriting(out bool accumulate);
                Gemm.Run(tape.Team, new Product
                {
                    Rows = w.Rows,
                    Columns = w.Columns,
                    Depth = _x.Rows,
                    A = g + column,
                    RowStride = 1,
                    DepthStride = Output.Columns,
                    Panels = panels,
                    C = dw,
                    CStride = w.Columns,
                    Accumulate = accumulate,
                });
            }

            if (_biases[i] is { RequiresGradient: true } bias)
            {
                float* db = bias.GradientForWriting(out bool accumulate);
                ColumnSum.Run(tape, g + column, Output.Rows, w.Rows, Output.Columns, db, accumulate);
            }

            column += w.Rows;
        }

        if (panels is not null) tape.ReturnScratch(panels, length);
        if (_computedBias.IsEmpty || !Tape.NeedsGradient(_computedBias)) return;
        float* computed = tape.GradientForWriting(_computedBias, out bool add);
        ColumnSum.Run(tape, g, Output.Rows, Output.Columns, Output.Columns, computed, add);
    }
}
