using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The attention of a block up to the heads' contexts, without the linear layer over them: x [tokens, hidden] -> [tokens, hidden]. Does
/// not release x.
/// </summary>
/// <param name="tape">A tape that has begun a step.</param>
/// <param name="x">[tokens, hidden].</param>
/// <param name="batch">Where each sequence begins.</param>
/// <param name="capture">Receives the probabilities; null for none.</param>
internal delegate Tensor AttentionFunction(Tape tape, Tensor x, InputBatch batch, AttentionCapture? capture);

/// <summary>
/// What a family's scores have for the distance of query and key in a forward pass; the tensors that it makes are released after their use.
/// </summary>
/// <param name="tape">A tape that has begun a step.</param>
/// <param name="batch">Where each sequence begins.</param>
internal delegate RelativeTerms RelativeTermsFunction(Tape tape, InputBatch batch);

/// <summary>Multi-head self-attention (Vaswani et al. 2017, section 3.2), query, key and value in one product.</summary>
internal sealed class SelfAttention
{
    private readonly LayerFunction _queryKeyValue;
    private readonly AttentionSettings _attention;
    private readonly RelativeTermsFunction? _terms;

    /// <summary>Builds an attention from the layer that gives query, key and value side by side.</summary>
    public SelfAttention(LayerFunction queryKeyValue, in AttentionSettings attention, RelativeTermsFunction? terms = null) =>
        (_queryKeyValue, _attention, _terms) = (queryKeyValue, attention, terms);

    /// <summary>Builds query, key and value at <paramref name="scope"/>, without rotary positions.</summary>
    public SelfAttention(ParameterScope scope, PostNormNames names, BertSettings settings, RelativeTermsFunction? terms = null)
    {
        int hidden = settings.HiddenSize;
        _queryKeyValue = new LinearGroup(
            new LinearLayer(scope / names.Query, hidden, hidden),
            new LinearLayer(scope / names.Key, hidden, hidden),
            new LinearLayer(scope / names.Value, hidden, hidden)).Forward;
        _attention = new AttentionSettings(settings.Heads, 1f / MathF.Sqrt(hidden / settings.Heads), settings.AttentionDropout);
        _terms = terms;
    }

    /// <summary>The heads' contexts: an <see cref="AttentionFunction"/>.</summary>
    public Tensor Forward(Tape tape, Tensor x, InputBatch batch, AttentionCapture? capture)
    {
        Tensor queryKeyValue = _queryKeyValue(tape, x);
        RelativeTerms terms = _terms?.Invoke(tape, batch) ?? default;
        Tensor context = tape.Attention(queryKeyValue, batch.Offsets, _attention, terms, capture);
        tape.Release(queryKeyValue);
        if (!terms.Keys.IsEmpty) tape.Release(terms.Keys);
        if (!terms.Queries.IsEmpty) tape.Release(terms.Queries);
        return context;
    }
}
