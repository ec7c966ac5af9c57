using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// A block with a convolution beside it (DeBERTa-v2): LayerNorm(block(x) + f(dropout(convolution(x)))), the convolution running over the
/// tokens of each sequence with zeros beyond its ends.
/// </summary>
internal sealed class ConvolutionBlock : TransformerBlock
{
    private readonly TransformerBlock _block;
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly LayerNormLayer _norm;
    private readonly int _kernel;
    private readonly Activation _activation;
    private readonly float _dropout;

    /// <summary>Puts a convolution beside a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="scope">Where <c>conv</c> and <c>LayerNorm</c> are registered.</param>
    /// <param name="kernel">Tokens that it spans, odd.</param>
    /// <param name="activation">Applied to its result.</param>
    /// <param name="settings">Length of a vector, dropout, epsilon.</param>
    public ConvolutionBlock(TransformerBlock block, ParameterScope scope, int kernel, Activation activation, EncoderSettings settings)
    {
        int hidden = settings.HiddenSize;
        _block = block;
        _weight = (scope / "conv").Add("weight", Initialization.Normal, hidden, hidden, kernel);
        _bias = (scope / "conv").Add("bias", Initialization.Zeros, hidden);
        _norm = new LayerNormLayer(scope / "LayerNorm", hidden, settings.Epsilon);
        _kernel = kernel;
        _activation = activation;
        _dropout = settings.HiddenDropout;
    }

    /// <inheritdoc/>
    public override Tensor Forward(ForwardPass pass, Tensor x, bool keepInput) =>
        Join(pass, _block.Forward(pass, x, keepInput: true), Convolve(pass.Tape, x, pass.Batch, keepInput));

    /// <inheritdoc/>
    public override Tensor ForwardRows(ForwardPass pass, Tensor x, ReadOnlySpan<int> rows)
    {
        Tensor convolved = TakeRows(pass, Convolve(pass.Tape, x, pass.Batch, keepInput: true), rows);
        return Join(pass, _block.ForwardRows(pass, x, rows), convolved);
    }

    private Tensor Convolve(Tape tape, Tensor x, InputBatch batch, bool keepInput)
    {
        Tensor unfolded = tape.Unfold(x, batch.Offsets, _kernel);
        if (!keepInput) tape.Release(x);
        Tensor convolved = tape.Linear(unfolded, _weight, _bias);
        tape.Release(unfolded);
        return tape.Activate(tape.Dropout(convolved, _dropout), _activation);
    }

    private Tensor Join(ForwardPass pass, Tensor block, Tensor convolved)
    {
        Tensor result = _norm.Forward(pass, convolved, block, dropout: 0);
        pass.Tape.Release(block);
        pass.Tape.Release(convolved);
        return result;
    }
}
