using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// From a vector to an output per word of the vocabulary. Tied by default: its weight is the word table, one parameter used twice, and the
/// checkpoint holds it once. With <c>tie_word_embeddings</c> false it has a weight of its own.
/// </summary>
public sealed class LanguageDecoder
{
    private readonly LinearLayer _layer;

    /// <summary>Builds a decoder with a bias.</summary>
    /// <param name="site">What it stands on.</param>
    /// <param name="decoder">Place of the linear layer, for example <c>cls.predictions.decoder</c>.</param>
    /// <param name="bias">
    /// Place of the bias that a tied decoder uses, for example <c>cls.predictions</c>. Where that is not <paramref name="decoder"/>, an
    /// untied decoder leaves it without use, but a checkpoint holds it.
    /// </param>
    public LanguageDecoder(HeadSite site, ParameterScope decoder, ParameterScope bias)
    {
        Parameter words = site.Encoder.WordEmbeddings;
        bool apart = bias.Path != decoder.Path;
        Parameter? own = apart || IsTied(site) ? bias.Head.Add("bias", Initialization.Zeros, words.Rows) : null;
        _layer = IsTied(site)
            ? new LinearLayer(decoder, decoder.Tie("weight", words), apart ? decoder.Tie("bias", own!) : own)
            : new LinearLayer(decoder.Head, words.Columns, words.Rows);
    }

    /// <summary>Builds a decoder without a bias.</summary>
    /// <param name="site">What it stands on.</param>
    /// <param name="decoder">Place of the linear layer, for example <c>lm_head</c>.</param>
    public LanguageDecoder(HeadSite site, ParameterScope decoder)
    {
        Parameter words = site.Encoder.WordEmbeddings;
        _layer = IsTied(site)
            ? new LinearLayer(decoder, decoder.Tie("weight", words), bias: null)
            : new LinearLayer(decoder.Head, words.Columns, words.Rows, bias: false);
    }

    /// <summary>[rows, width of the word table] -> [rows, vocabulary].</summary>
    public Tensor Forward(ForwardPass pass, Tensor states) => _layer.Forward(pass, states);

    private static bool IsTied(HeadSite site) => site.Config.Flag("tie_word_embeddings", site.Family.TiesWordEmbeddings);
}
