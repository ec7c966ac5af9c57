using Atenea.Errors;

namespace Atenea.Tensors;

public sealed partial class Tape
{
    /// <summary>y = f(x W^T + b): a linear layer with its activation.</summary>
    /// <param name="x">[rows, in].</param>
    /// <param name="weight">[out, in], as in the checkpoint.</param>
    /// <param name="bias">[out], or null.</param>
    /// <param name="activation">Applied to the result.</param>
    /// <returns>[rows, out].</returns>
    /// <exception cref="AteneaException">ATN0602: shapes do not fit.</exception>
    public Tensor Linear(Tensor x, Parameter weight, Parameter? bias, Activation activation = Activation.None) =>
        Linear(x, [weight], [bias], default, activation, storedTransposed: false);

    /// <summary>Several linear layers over the same input, their results side by side: query, key and value of an attention.</summary>
    /// <param name="x">[rows, in].</param>
    /// <param name="weights">One to <see cref="LinearNode.MostWeights"/> weights [out_i, in].</param>
    /// <param name="biases">A bias [out_i] or null for each weight.</param>
    /// <param name="activation">Applied to the result.</param>
    /// <returns>[rows, sum of out_i].</returns>
    /// <exception cref="AteneaException">ATN0602: shapes do not fit.</exception>
    public Tensor Linear(
        Tensor x, ReadOnlySpan<Parameter> weights, ReadOnlySpan<Parameter?> biases, Activation activation = Activation.None) =>
        Linear(x, weights, biases, default, activation, storedTransposed: false);

    /// <summary>
    /// y = f(x W + b): a linear layer whose weight is stored [in, out], transposed with respect to the others: the <c>Conv1D</c> of GPT-2's
    /// checkpoints.
    /// </summary>
    /// <param name="x">[rows, in].</param>
    /// <param name="weight">[in, out], as in the checkpoint.</param>
    /// <param name="bias">[out], or null.</param>
    /// <param name="activation">Applied to the result.</param>
    /// <returns>[rows, out].</returns>
    /// <exception cref="AteneaException">ATN0602: shapes do not fit.</exception>
    public Tensor TransposedLinear(Tensor x, Parameter weight, Parameter? bias, Activation activation = Activation.None) =>
        Linear(x, [weight], [bias], default, activation, storedTransposed: true);

    /// <summary>y = x W^T + b with a bias that was computed, for example by <see cref="HeadBias"/>.</summary>
    /// <param name="x">[rows, in].</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[1, out].</param>
    /// <returns>[rows, out].</returns>
    /// <exception cref="AteneaException">ATN0602: shapes do not fit.</exception>
    public Tensor Linear(Tensor x, Parameter weight, Tensor bias)
    {
        if (bias.Rows != 1 || bias.Columns != weight.Rows)
        {
            throw new AteneaException(Catalogue.ShapeMismatch, $"a bias [{bias.Rows}, {bias.Columns}] for {weight.Rows} columns",
                weight.Name);
        }

        return Linear(x, [weight], [null], bias, Activation.None, storedTransposed: false);
    }

    private Tensor Linear(
        Tensor x,
        ReadOnlySpan<Parameter> weights,
        ReadOnlySpan<Parameter?> biases,
        Tensor computedBias,
        Activation activation,
        bool storedTransposed)
    {
        int columns = 0;
        bool differentiable = NeedsGradient(x) || NeedsGradient(computedBias);
        for (int i = 0; i < weights.Length; i++)
        {
            Parameter weight = weights[i];
            int outputs = storedTransposed ? weight.Columns : weight.Rows;
            if (storedTransposed) weight.RequireShape(x.Columns, outputs);
            else weight.RequireShape(outputs, x.Columns);
            biases[i]?.RequireShape(1, outputs);
            columns += outputs;
            differentiable |= weight.RequiresGradient || biases[i] is { RequiresGradient: true };
        }

        Tensor y = New(x.Rows, columns, differentiable);
        bool keepsBefore = y.IsDifferentiable && activation != Activation.None;
        Matrix before = keepsBefore ? new Matrix(Saved(y.Length), y.Rows, y.Columns) : default;
        int column = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            Matrix w = weights[i].MatrixOn(Backend);
            if (!storedTransposed) w = w.Transposed; // [in, out]
            Backend.Multiply(new Product
            {
                A = x.Matrix,
                B = w,
                PackedB = weights[i].PackedOn(Backend, transposed: !storedTransposed),
                C = y.Matrix.ColumnsFrom(column, w.Columns),
                Bias = biases[i] is { } bias ? bias.On(Backend) : computedBias.Data,
                Activation = activation,
                PreActivation = keepsBefore ? before.ColumnsFrom(column, w.Columns).Data : DeviceBuffer.None,
            });
            column += w.Columns;
        }

        if (y.IsDifferentiable) Record<LinearNode>(y).Set(x, weights, biases, computedBias, activation, before.Data, storedTransposed);
        return y;
    }
}

/// <summary>
/// Backward of y = f(x W + b), W [in, out] in either orientation in memory. With g = dL/dy * f'(pre): dL/dx = g W^T, dL/dW = x^T g, dL/db =
/// column sums of g.
/// </summary>
internal sealed class LinearNode : TapeNode
{
    /// <summary>The most layers that share one input.</summary>
    internal const int MostWeights = 3;

    private readonly Parameter?[] _weights = new Parameter?[MostWeights];
    private readonly Parameter?[] _biases = new Parameter?[MostWeights];
    private int _count;
    private Tensor _x;
    private Tensor _computedBias;
    private Activation _activation;
    private DeviceBuffer _before;
    private bool _storedTransposed;

    public void Set(
        Tensor x,
        ReadOnlySpan<Parameter> weights,
        ReadOnlySpan<Parameter?> biases,
        Tensor computedBias,
        Activation activation,
        DeviceBuffer before,
        bool storedTransposed)
    {
        _x = x;
        _computedBias = computedBias;
        _count = weights.Length;
        for (int i = 0; i < _count; i++) _weights[i] = weights[i];
        biases.CopyTo(_biases);
        _activation = activation;
        _before = before;
        _storedTransposed = storedTransposed;
    }

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        var g = new Matrix(tape.OutputGradient(Output), Output.Rows, Output.Columns);
        bool scratch = _activation != Activation.None && tape.KeepsGradients;
        if (_activation != Activation.None)
        {
            DeviceBuffer target = scratch ? tape.Scratch(Output.Length) : g.Data; // In place: nothing reads the gradient after this node.
            tape.Backend.Activate(new ActivationBackward
            {
                F = _activation,
                Length = Output.Length,
                X = _before,
                OutputGradient = g.Data,
                InputGradient = new GradientShare(target, Accumulate: false),
            });
            g = g with { Data = target };
        }

        if (Tape.NeedsGradient(_x)) InputGradient(tape, g);
        WeightGradients(tape, g);
        if (Tape.NeedsGradient(_computedBias))
            tape.Backend.SumColumns(new ColumnSums { X = g, Sum = tape.GradientForWriting(_computedBias) });
        if (scratch) tape.ReturnScratch(g.Data, Output.Length);
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        Array.Clear(_weights);
        Array.Clear(_biases);
    }

    // dx [rows, in] = g [rows, out] W^T [out, in]; several layers add up.
    private void InputGradient(Tape tape, in Matrix g)
    {
        GradientShare dx = tape.GradientForWriting(_x);
        int column = 0;
        for (int i = 0; i < _count; i++)
        {
            Matrix w = _weights[i]!.MatrixOn(tape.Backend);
            if (_storedTransposed) w = w.Transposed; // [out, in]
            tape.Backend.Multiply(new Product
            {
                A = g.ColumnsFrom(column, w.Rows),
                B = w,
                C = new Matrix(dx.Data, _x.Rows, _x.Columns),
                Accumulate = dx.Accumulate || i > 0,
            });
            column += w.Rows;
        }
    }

    // dW as it is stored, [out, in] = g^T [out, rows] x [rows, in] or [in, out] = x^T g; x is packed once for all layers that share it.
    private void WeightGradients(Tape tape, in Matrix g)
    {
        DeviceBuffer packed = DeviceBuffer.None;
        long length = tape.Backend.PackedLength(_x.Rows, _x.Columns);
        int column = 0;
        for (int i = 0; i < _count; i++)
        {
            Parameter w = _weights[i]!;
            Matrix own = g.ColumnsFrom(column, _storedTransposed ? w.Columns : w.Rows);
            if (w.RequiresGradient)
            {
                if (_count > 1 && length > 0 && packed.IsNone)
                {
                    packed = tape.Scratch(length);
                    tape.Backend.Pack(_x.Matrix, packed);
                }

                GradientShare dw = w.GradientForWriting(tape.Backend);
                tape.Backend.Multiply(new Product
                {
                    A = (_storedTransposed ? _x.Matrix : own).Transposed,
                    B = _storedTransposed ? own : _x.Matrix,
                    PackedB = packed,
                    C = new Matrix(dw.Data, w.Rows, w.Columns),
                    Accumulate = dw.Accumulate,
                });
            }

            if (_biases[i] is { RequiresGradient: true } bias)
                tape.Backend.SumColumns(new ColumnSums { X = own, Sum = bias.GradientForWriting(tape.Backend) });
            column += own.Columns;
        }

        if (!packed.IsNone) tape.ReturnScratch(packed, length);
    }
}
