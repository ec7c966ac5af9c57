using Atenea.Errors;

namespace Atenea.Tensors;

public sealed unsafe partial class Tape
{
    /// <summary>
    /// Layer normalisation of every row (Ba, Kiros, Hinton 2016): (x - mean) / sqrt(biased variance + epsilon) * weight + bias.
    /// </summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="weight">[columns].</param>
    /// <param name="bias">[columns], or null.</param>
    /// <param name="epsilon">Added to the variance, inside the root.</param>
    /// <exception cref="AteneaException">ATN0602: shapes do not fit.</exception>
    public Tensor LayerNorm(Tensor x, Parameter weight, Parameter? bias, float epsilon) =>
        Normalise(x, default, weight, bias, epsilon, default);

    /// <summary>RMS normalisation of every row (Zhang and Sennrich 2019): x / sqrt(mean of squares + epsilon) * weight.</summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="weight">[columns].</param>
    /// <param name="epsilon">Added to the mean, inside the root.</param>
    /// <exception cref="AteneaException">ATN0602: shapes do not fit.</exception>
    public Tensor RmsNorm(Tensor x, Parameter weight, float epsilon) =>
        Normalise(x, default, weight, null, epsilon, default, centered: false);

    /// <summary>LayerNorm(dropout(x) + residual): the end of every block of a post-norm encoder, in one pass.</summary>
    /// <param name="x">[rows, columns], what the block computed.</param>
    /// <param name="residual">[rows, columns], what came in.</param>
    /// <param name="weight">[columns].</param>
    /// <param name="bias">[columns], or null.</param>
    /// <param name="epsilon">Added to the variance, inside the root.</param>
    /// <param name="dropout">Probability in [0, 1); only <see cref="TapeMode.Training"/> drops.</param>
    /// <exception cref="AteneaException">ATN0602: shapes do not fit.</exception>
    public Tensor ResidualLayerNorm(Tensor x, Tensor residual, Parameter weight, Parameter? bias, float epsilon, float dropout = 0)
    {
        RequireSameShape(x, residual, weight.Name);
        return Normalise(x, residual, weight, bias, epsilon, NextDropout(dropout));
    }

    private Tensor Normalise(
        Tensor x, Tensor residual, Parameter weight, Parameter? bias, float epsilon, in DropoutKey dropout, bool centered = true)
    {
        weight.RequireShape(1, x.Columns);
        bias?.RequireShape(1, x.Columns);
        bool differentiable = NeedsGradient(x) || (!residual.IsEmpty && NeedsGradient(residual)) || weight.RequiresGradient || bias is { RequiresGradient: true };
        Tensor output = New(x.Rows, x.Columns, differentiable);
        var state = new LayerNormKernel.ForwardState
        {
            X = x.Data,
            Residual = residual.Data,
            Weight = weight.Data,
            Bias = bias is null ? null : bias.Data,
            Output = output.Data,
            Statistics = output.Slot >= 0 ? SavedFloats(2L * x.Rows) : null,
            Dropout = dropout,
            Epsilon = epsilon,
            Centered = centered,
            Rows = x.Rows,
            Columns = x.Columns,
        };
        LayerNormKernel.Forward(Team, ref state);
        if (output.Slot >= 0)
        {
            LayerNormNode node = Record<LayerNormNode>(output);
            node.X = x;
            node.Residual = residual;
            node.Weight = weight;
            node.Bias = bias;
            node.Statistics = state.Statistics;
            node.Dropout = dropout;
            node.Centered = centered;
        }

        return output;
    }
}

/// <summary>
/// With n = (h - mean) * deviation and g = dOutput * weight: dh = deviation * (g - mean(g) - n * mean(g n)), dResidual = dh, dX = mask *
/// dh, dWeight = sum over rows of dOutput * n, dBias = sum over rows of dOutput. h and the mask are computed again. RMS normalisation has
/// no mean to take off: the term mean(g) is gone with it.
/// </summary>
internal sealed unsafe class LayerNormNode : TapeNode
{
    public Tensor X;
    public Tensor Residual;
    public Parameter? Weight;
    public Parameter? Bias;
    public float* Statistics;
    public DropoutKey Dropout;
    public bool Centered;

    public override void Backward(Tape tape)
    {
        int columns = X.Columns, chunks = ColumnSum.Chunks(X.Rows);
        long size = LayerNormKernel.PartialSize(columns);
        float* partials = tape.Scratch(chunks * size);
        var state = new LayerNormKernel.BackwardState
        {
            X = X.Data,
            Residual = Residual.Data,
            Weight = Weight!.Data,
            OutputGradient = tape.OutputGradient(Output),
            Statistics = Statistics,
            Partials = partials,
            Dropout = Dropout,
            Rows = X.Rows,
            Columns = columns,
            Centered = Centered,
        };
        // The residual may be x itself: its share is then written first and x's is added to it.
        if (!Residual.IsEmpty && Tape.NeedsGradient(Residual)) state.ResidualGradient = tape.GradientForWriting(Residual, out state.AccumulateResidual);
        if (Tape.NeedsGradient(X)) state.InputGradient = tape.GradientForWriting(X, out state.AccumulateInput);
        LayerNormKernel.Backward(tape.Team, ref state);
        if (Weight.RequiresGradient) Reduce(tape, Weight, partials, chunks, size);
        if (Bias is { RequiresGradient: true }) Reduce(tape, Bias, partials + columns, chunks, size);
        tape.ReturnScratch(partials, chunks * size);
    }

    public override void Clear()
    {
        Weight = null;
        Bias = null;
    }

    private static void Reduce(Tape tape, Parameter parameter, float* partials, int chunks, long stride)
    {
        float* target = parameter.GradientForWriting(out bool accumulate);
        ColumnSum.Reduce(tape.Team, partials, chunks, parameter.Columns, stride, target, accumulate);
    }
}
