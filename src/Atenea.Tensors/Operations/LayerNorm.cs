using Atenea.Errors;

namespace Atenea.Tensors;

public sealed partial class Tape
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
        bool differentiable = NeedsGradient(x) || NeedsGradient(residual) || weight.RequiresGradient || bias is { RequiresGradient: true };
        Tensor output = New(x.Rows, x.Columns, differentiable);
        DeviceBuffer statistics = output.IsDifferentiable ? Saved(2L * x.Rows) : DeviceBuffer.None;
        Backend.Normalise(new NormForward
        {
            Rows = x.Rows,
            Columns = x.Columns,
            X = x.Data,
            Residual = residual.Data,
            Weight = weight.On(Backend),
            Bias = bias is null ? DeviceBuffer.None : bias.On(Backend),
            Output = output.Data,
            Statistics = statistics,
            Dropout = dropout,
            Epsilon = epsilon,
            Centered = centered,
        });
        if (output.IsDifferentiable)
        {
            LayerNormNode node = Record<LayerNormNode>(output);
            node.X = x;
            node.Residual = residual;
            node.Weight = weight;
            node.Bias = bias;
            node.Statistics = statistics;
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
internal sealed class LayerNormNode : TapeNode
{
    public Tensor X;
    public Tensor Residual;
    public Parameter? Weight;
    public Parameter? Bias;
    public DeviceBuffer Statistics;
    public DropoutKey Dropout;
    public bool Centered;

    public override void Backward(Tape tape) => tape.Backend.Normalise(new NormBackward
    {
        Rows = X.Rows,
        Columns = X.Columns,
        X = X.Data,
        Residual = Residual.Data,
        Weight = Weight!.On(tape.Backend),
        OutputGradient = tape.OutputGradient(Output),
        Statistics = Statistics,
        Dropout = Dropout,
        Centered = Centered,
        ResidualGradient = tape.GradientIfNeeded(Residual), // may be x itself: its share is then written first and x's is added to it
        InputGradient = tape.GradientIfNeeded(X),
        WeightGradient = tape.GradientIfNeeded(Weight),
        BiasGradient = tape.GradientIfNeeded(Bias),
    });

    public override void Clear()
    {
        Weight = null;
        Bias = null;
    }
}
