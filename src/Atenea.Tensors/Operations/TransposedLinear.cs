using Atenea.Errors;

namespace Atenea.Tensors;

public sealed unsafe partial class Tape
{
    /// <summary>
    /// y = f(x W + b): a linear layer whose weight is stored [in, out], transposed with respect to
    /// <see cref="Linear(Tensor, Parameter, Parameter?, Activation)"/>:
    /// the <c>Conv1D</c> of GPT-2's checkpoints.
    /// </summary>
    /// <param name="x">[rows, in].</param>
    /// <param name="weight">[in, out], as in the checkpoint.</param>
    /// <param name="bias">[out], or null.</param>
    /// <param name="activation">Applied to the result.</param>
    /// <returns>[rows, out].</returns>
    /// <exception cref="AteneaException">ATN0602: shapes do not fit.</exception>
    public Tensor TransposedLinear(Tensor x, Parameter weight, Parameter? bias, Activation activation = Activation.None)
    {
        weight.RequireShape(x.Columns, weight.Columns);
        bias?.RequireShape(1, weight.Columns);
        Tensor y = New(x.Rows, weight.Columns, NeedsGradient(x) || weight.RequiresGradient || bias is { RequiresGradient: true });
        bool recorded = y.Slot >= 0;
        float* before = recorded && activation != Activation.None ? SavedFloats(y.Length) : null;
        Gemm.Run(Team, new Product
        {
            Rows = x.Rows,
            Columns = weight.Columns,
            Depth = x.Columns,
            A = x.Data,
            RowStride = x.Columns,
            DepthStride = 1,
            Panels = weight.PackedForForward(Team, transposed: true).Panels,
            C = y.Data,
            CStride = weight.Columns,
            Bias = bias is null ? null : bias.Data,
            Activation = activation,
            PreActivation = before,
        });
        if (recorded)
        {
            TransposedLinearNode node = Record<TransposedLinearNode>(y);
            node.X = x;
            node.Weight = weight;
            node.Bias = bias;
            node.Activation = activation;
            node.Before = before;
        }

        return y;
    }
}

/// <summary>Backward of y = f(x W + b). With g = dL/dy * f'(pre): dL/dx = g W^T, dL/dW = x^T g, dL/db = column sums of g.</summary>
internal sealed unsafe class TransposedLinearNode : TapeNode
{
    public Tensor X;
    public Parameter? Weight;
    public Parameter? Bias;
    public Activation Activation;
    public float* Before;

    public override void Backward(Tape tape)
    {
        float* g = tape.OutputGradient(Output);
        bool scratch = Activation != Activation.None && tape.KeepsGradients;
        if (Activation != Activation.None)
        {
            float* target = scratch ? tape.Scratch(Output.Length) : g; // In place: nothing reads the gradient after this node.
            ActivationRows.Backward(tape.Team, Activation, Before, g, target, Output.Rows, Output.Columns);
            g = target;
        }

        if (Tape.NeedsGradient(X)) InputGradient(tape, g);
        if (Weight!.RequiresGradient) WeightGradient(tape, g);
        if (Bias is { RequiresGradient: true } bias)
        {
            float* db = bias.GradientForWriting(out bool accumulate);
            ColumnSum.Run(tape, g, Output.Rows, Output.Columns, Output.Columns, db, accumulate);
        }

        if (scratch) tape.ReturnScratch(g, Output.Length);
    }

    public override void Clear()
    {
        Weight = null;
        Bias = null;
    }

    // dx [rows, in] = g [rows, out] W^T [out, in].
    private void InputGradient(Tape tape, float* g)
    {
        Parameter w = Weight!;
        float* dx = tape.GradientForWriting(X, out bool accumulate);
        long length = Packing.Length(w.Columns, w.Rows);
        float* panels = tape.Scratch(length);
        Packing.Transposed(tape.Team, w.Data, w.Columns, w.Columns, w.Rows, panels);
        Gemm.Run(tape.Team, new Product
        {
            Rows = Output.Rows,
            Columns = w.Rows,
            Depth = w.Columns,
            A = g,
            RowStride = Output.Columns,
            DepthStride = 1,
            Panels = panels,
            C = dx,
            CStride = w.Rows,
            Accumulate = accumulate,
        });
        tape.ReturnScratch(panels, length);
    }

    // dW [in, out] = x^T [in, rows] g [rows, out].
    private void WeightGradient(Tape tape, float* g)
    {
        Parameter w = Weight!;
        long length = Packing.Length(X.Rows, w.Columns);
        float* panels = tape.Scratch(length);
        Packing.Plain(tape.Team, g, Output.Columns, X.Rows, w.Columns, panels);
        float* dw = w.GradientForWriting(out bool accumulate);
        Gemm.Run(tape.Team, new Product
        {
            Rows = w.Rows,
            Columns = w.Columns,
            Depth = X.Rows,
            A = X.Data,
            RowStride = 1,
            DepthStride = X.Columns,
            Panels = panels,
            C = dw,
            CStride = w.Columns,
            Accumulate = accumulate,
        });
        tape.ReturnScratch(panels, length);
    }
}
