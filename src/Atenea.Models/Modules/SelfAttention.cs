using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The attention of a block up to the heads' contexts, without the linear layer over them: x [tokens, hidden] -> [tokens, hidden]. Does not release x.
/// </summary>
/// <param name="tape">A tape that has begun a step.</param>
/// <param name="x">[tokens, hidden].</param>
/// <param name="batch">Where each sequence begins.</param>
/// <param name="capture">Receives the probabilities; null for none.</param>
internal delegate Tensor AttentionFunction(Tape tape, Tensor x, InputBatch batch, AttentionCapture? capture);

/// <summary>Multi-head self-attention (Vaswani et al. 2017, section 3.2), query, key and value in one product.</summary>
internal sealed class SelfAttention
{
    private readonly LayerFunction _queryKeyValue;
    private readonly AttentionSettings _attention;

    /// <summary>Builds an attention from the layer that gives query, key and value side by side.</summary>
    public SelfAttention(LayerFunction queryKeyValue, in AttentionSettings attention) => (_queryKeyValue, _attention) = (queryKeyValue, attention);

    /// <summary>Builds query, key and value at <paramref name="scope"/>, for absolute positions.</summary>
    public SelfAttention(ParameterScope scope, PostNormNames names, BertSettings settings)
    {
        int hidden = settings.HiddenSize;
        _queryKeyValue = new LinearGroup(
            new LinearLayer(scope / names.Query, hidden, hidden),
            new LinearLayer(scope / names.Key, hidden, hidden),
            new LinearLayer(scope / names.Value, hidden, hidden)).Forward;
        _attention = new AttentionSettings(settings.Heads, 1f / MathF.Sqrt(hidden / settings.Heads), settings.AttentionDropout);
    }

    /// <summary>The heads' contexts: an <see cref="AttentionFunction"/>.</summary>
    public Tensor Forward(Tape tape, Tensor x, InputBatch batch, AttentionCapture? capture)
    {
        Tensor queryKeyValue = _queryKeyValue(tape, x);
        Tensor context = tape.Attention(queryKeyValue, batch.Offsets, _attention, capture);
        tape.Release(queryKeyValue);
        return context;
    }
}
