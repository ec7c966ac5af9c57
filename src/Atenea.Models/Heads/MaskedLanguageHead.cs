using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The masked language head of BERT and of the families after its pattern (section 3.1 of its paper): a linear layer, an activation and a
/// norm, then a decoder with an output per word, whose weight is the word table unless the configuration unties it.
/// </summary>
public sealed class MaskedLanguageHead
{
    private readonly LinearLayer _transform;
    private readonly LayerNormLayer _norm;
    private readonly Activation _activation;
    private readonly LanguageDecoder _decoder;

    /// <summary>Builds the head.</summary>
    /// <param name="site">What it stands on.</param>
    /// <param name="transform">Place of the linear layer.</param>
    /// <param name="norm">Place of the norm.</param>
    /// <param name="activation">Between the two.</param>
    /// <param name="epsilon">Epsilon of the norm.</param>
    /// <param name="decoder">The decoder under the family's names.</param>
    public MaskedLanguageHead(
        HeadSite site, ParameterScope transform, ParameterScope norm, Activation activation, double epsilon, LanguageDecoder decoder)
    {
        int width = site.Encoder.WordEmbeddings.Columns;
        _transform = new LinearLayer(transform.Head, site.Encoder.HiddenSize, width);
        _norm = new LayerNormLayer(norm.Head, width, epsilon);
        _activation = activation;
        _decoder = decoder;
    }

    /// <summary>A <see cref="RowFunction"/>: [rows, hidden] -> [rows, vocabulary].</summary>
    public Tensor Forward(ForwardPass pass, Tensor states)
    {
        Tensor transformed = _transform.Forward(pass, states, _activation);
        Tensor normed = _norm.Forward(pass, transformed);
        pass.Tape.Release(transformed);
        Tensor logits = _decoder.Forward(pass, normed);
        pass.Tape.Release(normed);
        return logits;
    }
}
