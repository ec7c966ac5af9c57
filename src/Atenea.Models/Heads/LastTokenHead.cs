using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The sequence classifier of decoders: one linear layer without bias over the last token that is not padding, the only one that has seen
/// the whole text.
/// </summary>
public sealed class LastTokenHead : SequenceHead
{
    private readonly LinearLayer _score;
    private readonly int? _paddingId;

    /// <summary>Builds the layer at <c>score</c> of the model.</summary>
    public LastTokenHead(HeadSite site)
    {
        _score = new LinearLayer(site.Root.Head / "score", site.Encoder.HiddenSize, site.Config.NumLabels, bias: false);
        _paddingId = site.Config.OptionalInt("pad_token_id");
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<int> Rows(InputBatch batch) => batch.LastTokens(_paddingId);

    /// <summary>Last tokens' vectors [sequences, hidden] -> logits [sequences, labels].</summary>
    public override Tensor Forward(ForwardPass pass, Tensor states) => _score.Forward(pass, states);
}
