using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// What a family's scores have for the distance of query and key in a forward pass; the tensors that it makes are released after their use.
/// </summary>
/// <param name="pass">The pass.</param>
internal delegate RelativeTerms RelativeTermsFunction(ForwardPass pass);

/// <summary>
/// Multi-head self-attention (Vaswani et al. 2017, section 3.2) up to the heads' contexts, without the linear layer over them; query, key
/// and value come from one product.
/// </summary>
internal sealed class SelfAttention
{
    private readonly RowFunction _queryKeyValue;
    private readonly AttentionSettings _attention;
    private readonly RelativeTermsFunction? _terms;

    /// <summary>Builds an attention from the layer that gives query, key and value side by side.</summary>
    public SelfAttention(RowFunction queryKeyValue, in AttentionSettings attention, RelativeTermsFunction? terms = null) =>
        (_queryKeyValue, _attention, _terms) = (queryKeyValue, attention, terms);

    /// <summary>Builds query, key and value at <paramref name="scope"/>, without rotary positions.</summary>
    public SelfAttention(ParameterScope scope, PostNormNames names, EncoderSettings settings, RelativeTermsFunction? terms = null)
    {
        int hidden = settings.HiddenSize;
        _queryKeyValue = new LinearGroup(
            new LinearLayer(scope / names.Query, hidden, hidden),
            new LinearLayer(scope / names.Key, hidden, hidden),
            new LinearLayer(scope / names.Value, hidden, hidden)).Forward;
        _attention = new AttentionSettings(settings.Heads, 1f / MathF.Sqrt(hidden / settings.Heads), settings.AttentionDropout);
        _terms = terms;
    }

    /// <summary>The heads' contexts: x [tokens, hidden] -> [tokens, hidden]. Does not release x.</summary>
    public Tensor Forward(ForwardPass pass, Tensor x)
    {
        Tape tape = pass.Tape;
        Tensor queryKeyValue = _queryKeyValue(pass, x);
        RelativeTerms terms = _terms?.Invoke(pass) ?? default;
        Tensor context = tape.Attention(queryKeyValue, pass.Batch.Offsets, _attention, terms, pass.Capture?.NextAttention());
        tape.Release(queryKeyValue);
        if (!terms.Keys.IsEmpty) tape.Release(terms.Keys);
        if (!terms.Queries.IsEmpty) tape.Release(terms.Queries);
        return context;
    }
}
