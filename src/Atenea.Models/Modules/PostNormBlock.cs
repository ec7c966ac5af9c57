using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The block of BERT and of the families after its pattern: attention, then a feed-forward part, each followed by dropout, residual and
/// layer norm
/// (Vaswani et al. 2017, section 3.1). A family gives the names of the parts, and its own attention where that differs.
/// </summary>
internal sealed class PostNormBlock : TransformerBlock
{
    private readonly AttentionFunction _attention;
    private readonly LinearLayer _attentionOutput;
    private readonly LayerNormLayer _attentionNorm;
    private readonly LinearLayer _intermediate;
    private readonly LinearLayer _output;
    private readonly LayerNormLayer _outputNorm;
    private readonly Activation _activation;
    private readonly float _attentionDropout;
    private readonly float _outputDropout;

    /// <summary>Builds a block with plain self-attention at <paramref name="scope"/>.</summary>
    public PostNormBlock(ParameterScope scope, PostNormNames names, BertSettings settings)
        : this(scope, names, settings, new SelfAttention(scope, names, settings).Forward)
    {
    }

    /// <summary>Builds a block around what the family has built itself: its attention, perhaps the norm that ends the block.</summary>
    public PostNormBlock(ParameterScope scope, PostNormNames names, BertSettings settings, AttentionFunction attention, LayerNormLayer? outputNorm = null)
    {
        int hidden = settings.HiddenSize;
        _attention = attention;
        _attentionOutput = new LinearLayer(scope / names.AttentionOutput, hidden, hidden);
        _attentionNorm = new LayerNormLayer(scope / names.AttentionNorm, hidden, settings.Epsilon);
        _intermediate = new LinearLayer(scope / names.Intermediate, hidden, settings.IntermediateSize);
        _output = new LinearLayer(scope / names.Output, settings.IntermediateSize, hidden);
        _outputNorm = outputNorm ?? new LayerNormLayer(scope / names.OutputNorm, hidden, settings.Epsilon);
        _activation = settings.Activation;
        _attentionDropout = settings.DropsAttentionOutput ? settings.HiddenDropout : 0;
        _outputDropout = settings.DropsFeedForwardOutput ? settings.HiddenDropout : 0;
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tape tape, Tensor x, InputBatch batch, bool keepInput, AttentionCapture? capture) =>
        AfterAttention(tape, _attention(tape, x, batch, capture), x, keepInput);

    /// <inheritdoc/>
    public override Tensor ForwardRows(Tape tape, Tensor x, InputBatch batch, ReadOnlySpan<int> rows)
    {
        Tensor context = TakeRows(tape, _attention(tape, x, batch, null), rows);
        return AfterAttention(tape, context, TakeRows(tape, x, rows), keepInput: false);
    }

    /// <summary>Contexts and the block's input, both [rows, hidden] -> [rows, hidden].</summary>
    private Tensor AfterAttention(Tape tape, Tensor context, Tensor x, bool keepInput)
    {
        Tensor attended = _attentionOutput.Forward(tape, context);
        tape.Release(context);
        Tensor middle = _attentionNorm.Forward(tape, attended, x, _attentionDropout);
        tape.Release(attended);
        if (!keepInput) tape.Release(x);

        Tensor wide = _intermediate.Forward(tape, middle, _activation);
        Tensor narrow = _output.Forward(tape, wide);
        tape.Release(wide);
        Tensor result = _outputNorm.Forward(tape, narrow, middle, _outputDropout);
        tape.Release(narrow);
        tape.Release(middle);
        return result;
    }
}
