using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The block of BERT and of the families after its pattern: attention, then a feed-forward part, each followed by dropout, residual and
/// layer norm (Vaswani et al. 2017, section 3.1). A family gives the names of the parts, and its own attention where that differs.
/// </summary>
internal sealed class PostNormBlock : TransformerBlock
{
    private readonly SelfAttention _attention;
    private readonly LinearLayer _attentionOutput;
    private readonly LayerNormLayer _attentionNorm;
    private readonly FeedForward _feedForward;
    private readonly LayerNormLayer _outputNorm;
    private readonly float _attentionDropout;
    private readonly float _outputDropout;

    /// <summary>Builds a block at <paramref name="scope"/>.</summary>
    /// <param name="scope">The block's place.</param>
    /// <param name="names">What its parts are called there.</param>
    /// <param name="settings">Sizes and dropouts.</param>
    /// <param name="attention">The attention that the family has built itself; null for plain self-attention.</param>
    /// <param name="outputNorm">The norm that ends the block, where the family has built it before; else null.</param>
    public PostNormBlock(ParameterScope scope, PostNormNames names, EncoderSettings settings, SelfAttention? attention = null,
        LayerNormLayer? outputNorm = null)
    {
        int hidden = settings.HiddenSize;
        _attention = attention ?? new SelfAttention(scope, names, settings);
        _attentionOutput = new LinearLayer(scope / names.AttentionOutput, hidden, hidden);
        _attentionNorm = new LayerNormLayer(scope / names.AttentionNorm, hidden, settings.Epsilon);
        var widen = new LinearLayer(scope / names.Intermediate, hidden, settings.IntermediateSize);
        var narrow = new LinearLayer(scope / names.Output, settings.IntermediateSize, hidden);
        _feedForward = new FeedForward(widen, settings.Activation, narrow);
        _outputNorm = outputNorm ?? new LayerNormLayer(scope / names.OutputNorm, hidden, settings.Epsilon);
        _attentionDropout = settings.DropsAttentionOutput ? settings.HiddenDropout : 0;
        _outputDropout = settings.DropsFeedForwardOutput ? settings.HiddenDropout : 0;
    }

    /// <summary>One block per layer, numbered below a scope, with plain self-attention unless the family builds its own.</summary>
    public static PostNormBlock[] Stack(
        ParameterScope scope, PostNormNames names, EncoderSettings settings, Func<ParameterScope, SelfAttention>? attention = null)
    {
        var blocks = new PostNormBlock[settings.Layers];
        for (int i = 0; i < blocks.Length; i++) blocks[i] = new PostNormBlock(scope / i, names, settings, attention?.Invoke(scope / i));
        return blocks;
    }

    /// <inheritdoc/>
    public override Tensor Forward(ForwardPass pass, Tensor x, bool keepInput) =>
        AfterAttention(pass, _attention.Forward(pass, x), x, keepInput);

    /// <inheritdoc/>
    public override Tensor ForwardRows(ForwardPass pass, Tensor x, ReadOnlySpan<int> rows)
    {
        Tensor context = TakeRows(pass, _attention.Forward(pass, x), rows);
        return AfterAttention(pass, context, TakeRows(pass, x, rows), keepInput: false);
    }

    /// <summary>Contexts and the block's input, both [rows, hidden] -> [rows, hidden].</summary>
    private Tensor AfterAttention(ForwardPass pass, Tensor context, Tensor x, bool keepInput)
    {
        Tape tape = pass.Tape;
        Tensor attended = _attentionOutput.Forward(pass, context);
        tape.Release(context);
        Tensor middle = _attentionNorm.Forward(pass, attended, x, _attentionDropout);
        tape.Release(attended);
        if (!keepInput) tape.Release(x);

        Tensor fed = _feedForward.Forward(pass, middle);
        Tensor result = _outputNorm.Forward(pass, fed, middle, _outputDropout);
        tape.Release(fed);
        tape.Release(middle);
        return result;
    }
}
